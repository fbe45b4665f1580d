/** Shared: one queue, whoever is next dances where a stage is free. Round the house: each set goes on at the next stage. */
export type RotationMode = 'per_stage' | 'shared' | 'round_the_house';
export type SkipReason = 'break' | 'buyout' | 'manager' | 'dj';
/** Why somebody set the order aside; words of a list, because a free text about a dancer would have to be sealed. */
export type OverrideReason = 'dancer_asked' | 'guest_asked' | 'not_ready' | 'late' | 'show' | 'mistake' | 'other';
export type OverrideKind = 'moved' | 'out_of_order' | 'preempted';
/** What is to be played: the music library's id, and the title as it read when it was planned. */
export type Song = { readonly track: string; readonly title: string };
export type RotationSetting = {
  readonly mode: RotationMode;
  /** The most songs of one set. */
  readonly songsPerSet: number;
  /** So many seconds after her call she has missed it. */
  readonly callTimeoutS: number;
};

/** What happens in the rotations beside `EventBodies`' older types. */
export type RotationBodies = {
  'rotation.configured': RotationSetting;
  'stage.opened': { readonly stage: string };
  'stage.closed': { readonly stage: string; readonly into: string | null };
  /** She waits at another stage from now on; a call that was under way is off, a set is not. */
  'rotation.transferred': {
    readonly entry: string;
    readonly from: string;
    readonly to: string;
    readonly round: number;
    readonly rank: number;
  };
  /** Her place is gone, as she had another one (`into`) in the queue that hers was merged with. */
  'rotation.merged': { readonly entry: string; readonly into: string };
  'rotation.acknowledged': { readonly entry: string };
  'rotation.skipped': {
    readonly entry: string;
    readonly reason: SkipReason;
    readonly round: number;
    readonly rank: number;
  };
  'rotation.planned': { readonly entry: string; readonly songs: readonly Song[] };
  'rotation.overridden': {
    readonly entry: string;
    readonly stage: string;
    readonly dancer: string;
    readonly kind: OverrideKind;
    readonly reason: OverrideReason | null;
  };
  /** A second dancer in a live set. */
  'stage_set.joined': {
    readonly set: string;
    readonly entry: string;
    readonly stage: string;
    readonly dancer: string;
  };
  /** The second dancer's place after the set. */
  'stage_set.left': {
    readonly set: string;
    readonly entry: string;
    readonly dancer: string;
    readonly round: number;
    readonly rank: number;
  };
  /** What was planned for her turn is played now, and is planned no more. */
  'stage_set.planned': { readonly set: string; readonly entry: string; readonly songs: readonly Song[] };
  'feature.scheduled': {
    readonly feature: string;
    readonly stage: string;
    readonly dancer: string;
    readonly showsAt: number;
  };
  'feature.cancelled': { readonly feature: string };
};
