import type { Actor } from '#shared/contract/event-line.ts';
import type {
  Beat,
  BeatAnswer,
  BoothAnswer,
  BoothItem,
  BoothOrder,
  PlayerAnswer,
  PlayerPage,
} from '#shared/contract/booth-api.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Edge } from '../edge.ts';
import { limits } from '../limits.ts';
import { readFacts } from './facts.ts';
import { openKeeping, readKept, type Keeping, type Kept } from './kept.ts';
import { looksSame, step, type Playback, type PlaybackEvent } from './playback.ts';
import { itemOf, programmeOf, reconcile, songsOf, type Plan, type Propose } from './programme.ts';
import { songOf, type BoothShelf } from './propose.ts';

export type BoothParts = {
  readonly edge: Pick<Edge, 'reads' | 'command' | 'hub' | 'clock'>;
  readonly shelf: BoothShelf;
  /** Songs for who has none planned. */
  readonly propose: Propose;
  /** Where it keeps what is not in the log. */
  readonly file: string;
  readonly newId: () => string;
  /** Who writes the plays down. */
  readonly node: Actor;
  readonly broken: (error: unknown) => void;
};
export type Booth = {
  readonly answer: () => BoothAnswer;
  readonly player: (page: PlayerPage, want: 'play' | 'take_over' | 'leave') => PlayerAnswer;
  readonly beat: (beat: Beat) => BeatAnswer;
  readonly order: (order: BoothOrder) => void;
  /** Puts a track at a place of somebody's set: planned by a command where she waits, for this set alone where she dances. */
  readonly putSong: (
    song: { readonly entry: string; readonly position: number; readonly track: string },
    by: Actor,
  ) => Promise<Refusal | null>;
  readonly putExtra: (extra: { readonly track: string; readonly place: 'next' | 'last' }) => Refusal | null;
  readonly drop: (item: string) => void;
  /** The club went on: looks at the rotation soon. */
  readonly look: () => void;
  readonly close: () => Promise<void>;
};

type State = {
  plan: Plan;
  playback: Playback;
  unlogged: Kept['unlogged'];
  programme: readonly BoothItem[];
  /** The programme as it was told last. */
  told: string;
  songsPerSet: number;
  rev: number;
  /** When the file was written, by the wall clock. */
  savedAt: number;
};

/** The node's booth: what is to be played, what plays, and whether sound really comes out. */
export function openBooth(parts: BoothParts): Booth {
  const { edge, shelf } = parts;
  const { v: _v, ...kept } = readKept(parts.file);
  const now = () => edge.clock.wall();
  const state: State = { ...kept, programme: [], told: '', songsPerSet: 0, rev: now(), savedAt: 0 };
  const timers = { soon: undefined as NodeJS.Timeout | undefined, gone: undefined as NodeJS.Timeout | undefined };
  const keeping = openKeeping(parts.file, parts.broken);
  const change = openChange(parts, { state, keeping });
  const does = (event: PlaybackEvent): boolean => {
    const done = { isPlayer: false };
    change(() => (done.isPlayer = happen(state, event, now())));
    return done.isPlayer;
  };
  const listen = (): void => {
    clearTimeout(timers.gone);
    if (state.playback.player !== null)
      timers.gone = setTimeout(() => does({ on: 'missed' }), limits.boothBeatMissedMs).unref();
  };
  const lookNow = (): void => {
    clearTimeout(timers.soon);
    timers.soon = undefined;
    change(() => undefined);
  };
  lookNow();
  listen();

  return {
    answer: () => {
      // What was asked for is seen by who looks at once.
      if (timers.soon) lookNow();
      return answerOf(state);
    },
    player: (page, want) => {
      const isPlayer = does({ on: ({ play: 'started', take_over: 'took_over', leave: 'left' } as const)[want], page });
      if (isPlayer || want === 'leave') listen();
      return { isPlayer, booth: answerOf(state) };
    },
    beat: (beat) => {
      const isPlayer = does({ on: 'beat', beat, item: itemNamed(state, beat, shelf) });
      if (isPlayer) listen();
      return { isPlayer, rev: state.rev };
    },
    order: (order) => {
      does(eventOf(order));
      if (order.order === 'stop') listen();
    },
    ...openPutting(parts, { state, change }),
    look: () => {
      timers.soon ??= setTimeout(lookNow, limits.boothLookMs).unref();
    },
    close: () => {
      clearTimeout(timers.soon);
      clearTimeout(timers.gone);
      keep(keeping, state, now());
      return keeping.close();
    },
  };
}

/** Does something to the state, brings it in line with the rotation, and tells the screens where they would show another thing. */
function openChange(
  parts: BoothParts,
  { state, keeping }: { readonly state: State; readonly keeping: Keeping },
): (act: () => void) => void {
  const { edge, shelf, propose } = parts;
  const log = openLogging(parts, state);
  return (act) => {
    const before = { ...state };
    act();
    const now = edge.clock.wall();
    const playing = [...state.unlogged, ...(state.playback.now ? [state.playback.now] : [])].map(
      ({ song }) => song.track,
    );
    const facts = { ...readFacts(edge.reads), playing, library: shelf.size(), now };
    state.plan = reconcile(state.plan, facts, propose);
    state.programme = programmeOf(state.plan, facts, shelf.track);
    state.told = JSON.stringify(state.programme);
    state.songsPerSet = facts.songsPerSet;
    const isNews =
      !looksSame(before.playback, state.playback) ||
      before.songsPerSet !== state.songsPerSet ||
      before.told !== state.told;
    if (isNews) state.rev += 1;
    const isLate = state.playback.now !== null && now - state.savedAt > limits.boothSaveMs;
    if (isNews || isLate) keep(keeping, state, now);
    if (isNews) edge.hub.booth({ rev: state.rev, alarm: state.playback.alarm });
    log();
  };
}

/** Whether it came from the page that makes the sound. */
function happen(state: State, event: PlaybackEvent, now: number): boolean {
  const last = state.playback.now;
  const { playback, played, isPlayer } = step(state.playback, event, now);
  state.playback = playback;
  if (played) state.unlogged = [...state.unlogged, played].slice(-limits.boothUnloggedMax);
  if (playback.now && playback.now.item !== last?.item) begin(state, playback.now);
  return isPlayer;
}

function answerOf({ rev, playback, programme, songsPerSet }: State): BoothAnswer {
  return { rev, ...playback, programme, songsPerSet };
}

function keep(keeping: Keeping, state: State, now: number): void {
  const { plan, playback, unlogged } = state;
  state.savedAt = now;
  keeping.keep({ v: 1, plan, playback, unlogged });
}

/** What began is not played again. */
function begin(state: State, { item }: NonNullable<Playback['now']>): void {
  state.plan = { ...state.plan, done: [...state.plan.done.filter((one) => one !== item), item] };
}

/** What a page plays is true, also where the programme has moved on without it. */
function itemNamed({ programme }: State, beat: Beat, shelf: BoothShelf): BoothItem | null {
  if (beat.item === null) return null;
  const found = programme.find(({ item }) => item === beat.item);
  if (found) return found;
  const track = beat.track === null ? undefined : shelf.track(beat.track);
  return track ? { item: beat.item, from: 'hand', turn: null, song: songOf(track), letGo: [], track } : null;
}

function eventOf(order: BoothOrder): PlaybackEvent {
  if (order.order === 'skip') return { on: 'skipped', item: order.item };
  if (order.order === 'seek') return { on: 'sought', item: order.item, positionMs: order.positionMs };
  return { on: ({ pause: 'paused', resume: 'resumed', stop: 'stopped' } as const)[order.order] };
}

/** The box itself stood in the way. */
const LATER: ReadonlySet<Refusal> = new Set(['disk_full', 'box_busy', 'box_fenced', 'box_recovering']);

/** Writes plays that are over into the log, one after the other; what could not be written is tried again. */
function openLogging({ edge, node, broken }: BoothParts, state: State): () => void {
  const now = { isWriting: false };
  const write = async (): Promise<void> => {
    for (let one = state.unlogged[0]; one; one = state.unlogged[0]) {
      const { item, song, startedAt, endedAt } = one;
      const key = `play-${item}-${startedAt}`;
      const answer = await edge.command('play.record', { ...song, startedAt, endedAt }, { key, actor: node });
      if (!answer.ok && LATER.has(answer.refusal)) return;
      // Any other refusal (a play of no length, a clock that was set back) would be one again.
      state.unlogged = state.unlogged.slice(1);
    }
  };
  return () => {
    if (now.isWriting || state.unlogged.length === 0) return;
    now.isWriting = true;
    void write()
      .catch(broken)
      .finally(() => {
        now.isWriting = false;
      });
  };
}

type Changing = { readonly state: State; readonly change: (act: () => void) => void };

/** What people put into the programme. One after the other, so that of two hands at the same set neither is lost. */
function openPutting(
  { edge, shelf, newId }: BoothParts,
  { state, change }: Changing,
): Pick<Booth, 'putSong' | 'putExtra' | 'drop'> {
  const line = { last: Promise.resolve<unknown>(null) };
  const putSong: Booth['putSong'] = async ({ entry, position, track }, by) => {
    change(() => undefined);
    const facts = readFacts(edge.reads);
    const fact = facts.turns.find((one) => one.entry === entry);
    const turn = state.plan.turns.find((one) => one.entry === entry);
    if (!fact || !turn) return 'entry_unknown';
    const row = shelf.track(track);
    if (!row) return 'track_unknown';
    if (state.plan.done.includes(itemOf(turn, position))) return 'song_played';
    const songs = songsOf(turn, fact, facts.songsPerSet);
    const at = Math.min(position, (songs.at(-1)?.position ?? -1) + 1);
    if (fact.set === null) {
      const before = songs.filter((one) => one.position < at).map(({ song }) => song);
      const behind = songs.filter((one) => one.position > at).map(({ song }) => song);
      const planned = [...before, songOf(row), ...behind];
      const answer = await edge.command('rotation.plan', { entry, songs: planned }, { key: newId(), actor: by });
      if (answer.ok) change(() => undefined);
      return answer.ok ? null : answer.refusal;
    }
    const put = { ...turn, over: { ...turn.over, [at]: songOf(row) } };
    change(() => (state.plan = { ...state.plan, turns: state.plan.turns.map((one) => (one === turn ? put : one)) }));
    return null;
  };
  return {
    putSong: (song, by) => {
      const done = line.last.then(() => putSong(song, by));
      line.last = done.catch(() => null);
      return done;
    },
    putExtra: ({ track, place }) => {
      const row = shelf.track(track);
      if (!row) return 'track_unknown';
      change(() => {
        const { plan } = state;
        const asked = state.programme.filter(({ from }) => from !== 'auto');
        const after = place === 'last' ? (asked.at(-1)?.item ?? null) : null;
        const extra = { item: `hand.${plan.last + 1}`, song: songOf(row), after };
        state.plan = { ...plan, extras: [...plan.extras, extra], last: plan.last + 1 };
      });
      return null;
    },
    drop: (item) => change(() => (state.plan = { ...state.plan, done: [...state.plan.done, item] })),
  };
}
