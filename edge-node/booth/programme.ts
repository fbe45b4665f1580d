import type { BoothItem } from '#shared/contract/booth-api.ts';
import type { TrackRow } from '#shared/contract/music-api.ts';
import type { Rule } from '#shared/domain/choose-songs.ts';
import type { Song } from '#shared/domain/rotation-events.ts';

/** A place in the rotation of the main stage, as the programme needs it. */
export type TurnFact = {
  readonly entry: string;
  readonly dancer: string;
  readonly name: string;
  /** What somebody planned; empty for what the house plays. */
  readonly songs: readonly Song[];
  /** The set that she dances now, on whichever stage; null while she waits. */
  readonly set: string | null;
  /** False for who is in a room, or on another stage: she keeps what was chosen, and is passed over. */
  readonly listed: boolean;
};
export type Facts = {
  /** Who is on stage comes first. */
  readonly turns: readonly TurnFact[];
  readonly songsPerSet: number;
  /** What plays, or played and is not in the log yet. */
  readonly playing: readonly string[];
  /** How many tracks there are to choose from. */
  readonly library: number;
  /** Epoch milliseconds. */
  readonly now: number;
};
/** A song that was chosen, and the rules that it breaks. */
export type Proposed = { readonly song: Song; readonly letGo: readonly Rule[] };
/** Songs where nobody planned any; `not` are tracks that are in the programme already. As many as there are, at most `count`. */
export type Propose = (asked: {
  readonly entry: string | null;
  readonly dancer: string | null;
  /** Of her turn; of the last item where nobody is asked for. Asked the same, the same is chosen. */
  readonly number: number;
  readonly count: number;
  readonly not: ReadonlySet<string>;
}) => readonly Proposed[];

/** What the booth keeps of one place in the rotation. The number of the turn goes up when a turn ends, and only then. */
export type Turn = {
  readonly entry: string;
  readonly number: number;
  readonly set: string | null;
  /** What was chosen for her for this turn, by position, where nothing was planned; a choice stands until the turn is over. */
  readonly proposed: readonly (Proposed | null)[];
  /** When songs were asked for last, and how many could not be found then. */
  readonly askedAt: number | null;
  readonly missing: number;
  /** Put into a set that is danced already, by position. */
  readonly over: Readonly<Record<number, Song>>;
};
/** Put in by hand, behind another item (null: at once). */
export type Extra = { readonly item: string; readonly song: Song; readonly after: string | null };
export type Plan = {
  readonly turns: readonly Turn[];
  readonly extras: readonly Extra[];
  /** For when nobody is in the rotation. */
  readonly auto: readonly (Proposed & { readonly item: string })[];
  /** Items that began, or were taken out: each is played once. */
  readonly done: readonly string[];
  /** The last number that was given to an item. */
  readonly last: number;
};
export const NO_PLAN: Plan = { turns: [], extras: [], auto: [], done: [], last: 0 };

const AUTO_AHEAD = 2;
const ASK_AGAIN_MS = 5_000;
const DONE_MAX = 500;

/** Brings what is kept in line with the rotation: turns that ended are over with all that was put into them, new ones are filled. */
export function reconcile(plan: Plan, facts: Facts, propose: Propose): Plan {
  const planned = facts.turns.flatMap(({ songs }) => songs.map(({ track }) => track));
  const used = new Set([...planned, ...facts.playing]);
  for (const turn of plan.turns) for (const one of turn.proposed) if (one) used.add(one.song.track);
  for (const { song } of [...plan.extras, ...plan.auto]) used.add(song.track);
  const choose: Propose = (asked) => {
    const songs = facts.library === 0 ? [] : propose(asked).slice(0, asked.count);
    for (const { song } of songs) used.add(song.track);
    return songs;
  };
  const turns = facts.turns.map((fact) => {
    const known = plan.turns.find(({ entry }) => entry === fact.entry);
    const turn = goOn(known, fact);
    return turn.set === null || turn.askedAt === null ? filled(turn, fact, { facts, choose, used }) : turn;
  });
  const done = new Set(plan.done);
  const extras = plan.extras.filter(({ item }) => !done.has(item));
  return withAuto({ ...plan, turns, extras, done: plan.done.slice(-DONE_MAX) }, facts, { choose, used });
}

/** Her set is over when she dances another one, or none, after she danced one. */
function goOn(known: Turn | undefined, { entry, set }: TurnFact): Turn {
  const fresh = { entry, set, proposed: [], askedAt: null, missing: 0, over: {} };
  if (!known) return { ...fresh, number: 0 };
  if (known.set !== null && known.set !== set) return { ...fresh, number: known.number + 1 };
  return known.set === set ? known : { ...known, set };
}

type Choosing = { readonly facts: Facts; readonly choose: Propose; readonly used: ReadonlySet<string> };

/** Behind what was planned, up to the club's number of songs; what could not be found is looked for again. */
function filled(turn: Turn, fact: TurnFact, { facts, choose, used }: Choosing): Turn {
  const { entry, number, proposed, askedAt, missing } = turn;
  const places = Array.from({ length: Math.max(facts.songsPerSet, proposed.length) }, (_, at) => at);
  const open = places.filter((at) => at >= fact.songs.length && at < facts.songsPerSet && !proposed[at]);
  const isAsked = askedAt !== null && missing >= open.length && facts.now - askedAt < ASK_AGAIN_MS;
  if (isAsked || facts.library === 0) return turn;
  const more = open.length === 0 ? [] : choose({ entry, number, dancer: fact.dancer, count: open.length, not: used });
  return {
    ...turn,
    proposed: places.map((at) => proposed[at] ?? more[open.indexOf(at)] ?? null),
    askedAt: facts.now,
    missing: open.length - more.length,
  };
}

function withAuto(plan: Plan, facts: Facts, { choose, used }: Omit<Choosing, 'facts'>): Plan {
  const done = new Set(plan.done);
  const auto = plan.auto.filter(({ item }) => !done.has(item));
  const ahead = turnItems(plan, facts).length + plan.extras.length;
  const count = AUTO_AHEAD - ahead - auto.length;
  if (count <= 0) return { ...plan, auto };
  const songs = choose({ entry: null, number: plan.last, dancer: null, count, not: used });
  const more = songs.map((one, at) => ({ ...one, item: `auto.${plan.last + at + 1}` }));
  return { ...plan, auto: [...auto, ...more], last: plan.last + more.length };
}

type Placed = Omit<BoothItem, 'track'>;

/** What comes next, in order: who is on stage, then who waits, with what was put in by hand at its place; then what nobody asked for. */
export function programmeOf(
  plan: Plan,
  facts: Facts,
  trackOf: (id: string) => TrackRow | undefined,
): readonly BoothItem[] {
  const done = new Set(plan.done);
  const items = turnItems(plan, facts);
  for (const { item, song, after } of plan.extras.filter((one) => !done.has(one.item))) {
    const extra: Placed = { item, from: 'hand', turn: null, song, letGo: [] };
    const at = items.findIndex((one) => one.item === after);
    // Behind what plays now or has played is at once; behind what is gone without having played is last.
    if (after === null || done.has(after)) items.splice(leadOf(items, plan), 0, extra);
    else items.splice(at < 0 ? items.length : at + 1, 0, extra);
  }
  const auto = plan.auto.map((one): Placed => ({ ...one, from: 'auto', turn: null }));
  const all = [...items, ...auto.slice(0, Math.max(0, AUTO_AHEAD - items.length))];
  return all.map((one) => ({ ...one, track: trackOf(one.song.track) ?? null }));
}

/** Those put in at once stand in the order in which they came. */
function leadOf(items: readonly Placed[], plan: Plan): number {
  const done = new Set(plan.done);
  const at = items.findIndex(({ item }) => {
    const extra = plan.extras.find((one) => one.item === item);
    return !extra || (extra.after !== null && !done.has(extra.after));
  });
  return at < 0 ? items.length : at;
}

function turnItems(plan: Plan, facts: Facts): Placed[] {
  const done = new Set(plan.done);
  const listed = facts.turns.filter((fact) => fact.listed);
  return listed.flatMap((fact) => {
    const turn = plan.turns.find(({ entry }) => entry === fact.entry);
    if (!turn) return [];
    return songsOf(turn, fact, facts.songsPerSet)
      .map(({ position, song, letGo, from }): Placed => ({
        item: itemOf(turn, position),
        from,
        turn: { entry: fact.entry, name: fact.name, position, live: fact.set !== null },
        song,
        letGo,
      }))
      .filter(({ item }) => !done.has(item));
  });
}

export function itemOf({ entry, number }: Pick<Turn, 'entry' | 'number'>, position: number): string {
  return `${entry}.${number}.${position}`;
}

/** Her songs by position: what was planned, and behind it what was chosen; over both what was put into a set that is danced. */
export function songsOf(turn: Turn, fact: TurnFact, songsPerSet: number): readonly Placing[] {
  const chosen = fact.set === null ? turn.proposed.slice(0, songsPerSet) : turn.proposed;
  const put = Object.keys(turn.over).map((position) => Number(position) + 1);
  return Array.from({ length: Math.max(fact.songs.length, chosen.length, ...put) }, (_, position) => {
    const song = turn.over[position] ?? fact.songs[position];
    if (song) return { position, song, letGo: [], from: 'planned' as const };
    const one = chosen[position];
    return one ? { position, ...one, from: 'proposed' as const } : null;
  }).filter((one) => one !== null);
}
type Placing = Proposed & { readonly position: number; readonly from: 'planned' | 'proposed' };
