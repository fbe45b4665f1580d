import { Type } from 'typebox';
import type { FeatureState } from '#shared/domain/feature.ts';
import type { EntryState } from '#shared/domain/rotation.ts';
import type {
  OverrideKind,
  OverrideReason,
  RotationSetting,
  SkipReason,
  Song,
} from '#shared/domain/rotation-events.ts';
import { closed, Id, Name, Nothing, route } from './api-fields.ts';
import { OverrideReasonWord, RotationModeWord, SkipReasonWord } from './rotation-words.ts';

const SongSchema = Type.Object({ track: Id, title: Name }, closed);
const StageOrNull = Type.Object({ into: Type.Union([Type.Null(), Id]) }, closed);

/** Commands of the rotations beyond adding, moving and taking out. */
export const ROTATION_ROUTES = {
  'rotation.configure': route(
    '/rotation/setting',
    'Sets how the stages share their dancers, the songs of a set and how long a call waits for an answer',
    Type.Object(
      {
        mode: RotationModeWord,
        songsPerSet: Type.Integer({ minimum: 1, maximum: 8 }),
        callTimeoutS: Type.Integer({ minimum: 30, maximum: 1_800 }),
      },
      closed,
    ),
  ),
  'stage.open': route('/stages/:stage/open', 'Opens a stage', Nothing),
  'stage.close': route(
    '/stages/:stage/close',
    'Closes a stage; who waits there waits at `into`, null for the next open stage',
    StageOrNull,
  ),
  'rotation.run_calls': route(
    '/stages/:stage/calls',
    'Calls who is 3, 2, 1 or 0 away by her place; who did not answer in time has missed her turn',
    Nothing,
  ),
  'rotation.acknowledge': route('/rotation-entries/:entry/acknowledge', 'She answers her call and is on deck', Nothing),
  'rotation.skip': route(
    '/rotation-entries/:entry/skip',
    'Her turn passes, with a reason; she stands at the tail of the next round',
    Type.Object({ reason: SkipReasonWord }, closed),
  ),
  'rotation.plan': route(
    '/rotation-entries/:entry/songs',
    'Plans what is played at her next turn, in order; none for what the house plays',
    Type.Object({ songs: Type.Array(SongSchema, { maxItems: 8 }) }, closed),
  ),
  'stage_set.join': route(
    '/stage-sets/:set/join',
    'A second dancer joins a live set',
    Type.Object({ entry: Id }, closed),
  ),
  'feature.schedule': route(
    '/stages/:stage/features',
    'Gives a feature its time on a stage (epoch milliseconds)',
    Type.Object({ dancer: Id, showsAt: Type.Integer({ minimum: 0 }) }, closed),
  ),
  'feature.cancel': route('/features/:feature/cancel', 'Cancels a feature that is still to come', Nothing),
  'feature.start': route(
    '/features/:feature/start',
    'Starts a feature, from its time on also over the set that is danced',
    Nothing,
  ),
} as const;

/** Why the order is set aside, where somebody says so. */
export const OverrideWhy = { reason: Type.Optional(OverrideReasonWord) };

/** GET /rotation: who dances, who comes next and what is played at each place. `songs` empty: what the house plays. */
export type RotationAnswer = {
  readonly setting: RotationSetting;
  readonly stages: readonly {
    readonly stage: string;
    readonly name: string;
    readonly open: boolean;
    readonly live: {
      readonly set: string;
      readonly dancers: readonly string[];
      readonly songs: readonly Song[];
      readonly startedAt: number;
    } | null;
  }[];
  /** One for each open stage, or one for all of them where they share it. */
  readonly queues: readonly { readonly stages: readonly string[]; readonly entries: readonly QueuedEntry[] }[];
  readonly features: readonly {
    readonly feature: string;
    readonly stage: string;
    readonly dancer: string;
    readonly showsAt: number;
    readonly state: FeatureState;
  }[];
};
export type QueuedEntry = {
  readonly entry: string;
  readonly stage: string;
  readonly dancer: string;
  readonly name: string;
  readonly state: EntryState;
  readonly held: boolean;
  readonly round: number;
  /** By her place; null for who is held or on stage. */
  readonly away: number | null;
  /** What she was called last. */
  readonly calledAway: number | null;
  readonly calledAt: number | null;
  readonly songs: readonly Song[];
  readonly version: number;
};

/** GET /nights/:day/rotation-overrides: each time somebody set the order aside, with who and why, oldest first. */
export type RotationOverride = {
  readonly at: number;
  readonly by: string;
  readonly device: string | null;
  readonly kind: OverrideKind | 'skipped' | 'removed';
  readonly entry: string;
  readonly stage: string | null;
  readonly dancer: string;
  readonly reason: OverrideReason | SkipReason | null;
};
