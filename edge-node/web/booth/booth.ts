import type { BeatAnswer, BoothAnswer, BoothOrder, PlayerAnswer, PlayerPage } from '#shared/contract/booth-api.ts';
import type { TrackRow } from '#shared/contract/music-api.ts';
import { ask, newKey, type Answer, type Trouble } from '../api.ts';
import type { Floor } from '../floor.ts';
import { createSignal, type Signal } from '../signal.ts';
import { openEdits, type Edit } from './edits.ts';
import { keepPlaying, keptPage, wasPlaying } from './page.ts';
import { openPlayer, type DecksView, type Player } from './player.ts';

/** What this page is to the booth. `locked`: it is the player, and the browser wants a touch before it gives a sound. */
export type Part = 'remote' | 'player' | 'locked';
export type Booth = {
  readonly state: Signal<BoothAnswer | null>;
  readonly part: Signal<Part>;
  readonly decks: Signal<DecksView | null>;
  /** With a person's touch: makes the sound here; where another page does, only on purpose. */
  readonly start: (want: 'play' | 'take_over') => Promise<void>;
  readonly leave: () => Promise<void>;
  readonly order: (order: BoothOrder) => void;
  readonly duck: (isOn: boolean) => void;
  readonly trim: (deck: 'a' | 'b', db: number) => void;
  /** Kept by the node, for when the track plays again. */
  readonly edit: Edit;
  readonly putSong: (song: { readonly entry: string; readonly position: number; readonly track: string }) => void;
  readonly putExtra: (track: string, place: 'next' | 'last') => void;
  readonly drop: (item: string) => void;
  readonly search: (text: string) => Promise<readonly TrackRow[]>;
  readonly peaks: (track: string) => Promise<Int8Array | null>;
};

const BEAT_MS = 1_000;
const FOUND_MAX = 8;
const NO_PEAKS: Promise<null> = Promise.resolve(null);

const opened = new WeakMap<Floor, Booth>();

/** One for each sign-in: it plays on when its part of the screen is closed, and stops when its person signs out. */
export function boothOf(floor: Floor): Booth {
  const known = opened.get(floor);
  if (known) return known;
  const made = openBooth(floor);
  opened.set(floor, made);
  return made;
}

type Engine = {
  readonly floor: Floor;
  readonly me: PlayerPage;
  readonly state: Signal<BoothAnswer | null>;
  readonly part: Signal<Part>;
  readonly decks: Signal<DecksView | null>;
  player: Player | null;
  beats: number;
  /** A beat is on its way, and another one is wanted behind it. */
  beating: 'no' | 'one' | 'more';
};

function openBooth(floor: Floor): Booth {
  const engine: Engine = {
    floor,
    me: { page: keptPage(), load: newKey() },
    state: createSignal<BoothAnswer | null>(null),
    part: createSignal<Part>('remote'),
    decks: createSignal<DecksView | null>(null),
    player: null,
    beats: 0,
    beating: 'no',
  };
  const { state, part, decks } = engine;
  const headers = { authorization: `Bearer ${floor.session.token}` };
  const post: Post = (what, body) => ask('POST', `/booth/${what}`, { body, headers });
  const look = async (): Promise<void> => {
    const answer = await ask<BoothAnswer>('GET', '/booth', { body: null, headers });
    if (answer.ok) take(engine, answer.value);
  };
  const unwatch = floor.booth.subscribe(() => {
    if (floor.booth.get().rev > (state.get()?.rev ?? 0)) void look();
  });
  const start = starting(engine, post);
  const onLeaving = (): void => lastBeat(engine, headers);
  window.addEventListener('pagehide', onLeaving);
  floor.atClose(() => {
    unwatch();
    window.removeEventListener('pagehide', onLeaving);
    if (engine.player) void post('player', { ...engine.me, want: 'leave' });
    keepPlaying(false);
    stop(engine);
  });
  void look();
  if (wasPlaying()) void start('play');

  return {
    state,
    part,
    decks,
    start,
    leave: async () => {
      keepPlaying(false);
      stop(engine);
      const answer = await post<PlayerAnswer>('player', { ...engine.me, want: 'leave' });
      if (answer.ok) take(engine, answer.value.booth);
    },
    ...steering(engine, post),
    search: async (text) => {
      const query = new URLSearchParams({ q: text, limit: String(FOUND_MAX) });
      const answer = await ask<readonly TrackRow[]>('GET', `/tracks?${query}`, { body: null, headers });
      return answer.ok ? answer.value : [];
    },
    peaks: openPeaks(headers),
    edit: openEdits({ headers, onTrouble: (trouble) => say(engine, trouble) }),
  };
}

/** With a person's touch, or by itself after a reload. */
function starting(engine: Engine, post: Post): Booth['start'] {
  return async (want) => {
    // The browser counts only what happens in the touch itself.
    const player = engine.player ?? begin(engine, () => void beat(engine, post));
    player.touch();
    const answer = await post<PlayerAnswer>('player', { ...engine.me, want });
    if (!answer.ok || !answer.value.isPlayer) {
      stop(engine);
      if (!answer.ok) return say(engine, answer.trouble);
      keepPlaying(false);
      return take(engine, answer.value.booth);
    }
    take(engine, answer.value.booth);
    keepPlaying(true);
    clearInterval(engine.beats);
    engine.beats = window.setInterval(() => void beat(engine, post), BEAT_MS);
    await player.begin(answer.value.booth);
    const latest = engine.state.get();
    if (latest && engine.player === player) player.follow(latest);
  };
}

function say({ floor }: Engine, trouble: Trouble): void {
  floor.notices.add({ say: (words) => words.troubles[trouble], tone: 'bad', stage: null, action: null });
}

type Steering = Pick<Booth, 'order' | 'duck' | 'trim' | 'putSong' | 'putExtra' | 'drop'>;

function steering(engine: Engine, post: Post): Steering {
  const give = (what: string, body: object): void => {
    void post<BoothAnswer>(what, body).then((answer) => {
      if (answer.ok) take(engine, answer.value);
      else say(engine, answer.trouble);
    });
  };
  return {
    order: (order) => {
      // The player does not wait for the node, so that it can be steered without it.
      if (engine.player && order.order === 'skip') return engine.player.skip();
      if (engine.player && order.order === 'seek') return engine.player.seek(order.positionMs);
      return give('orders', order);
    },
    duck: (isOn) => engine.player?.duck(isOn),
    trim: (deck, db) => engine.player?.trim(deck, db),
    putSong: (song) => give('songs', song),
    putExtra: (track, place) => give('extras', { track, place }),
    drop: (item) => give('drops', { item }),
  };
}

/** A later answer of the node never stands behind an earlier one. */
function take(engine: Engine, booth: BoothAnswer): void {
  const known = engine.state.get();
  if (known && booth.rev < known.rev) return;
  engine.state.set(booth);
  if (!engine.player) return;
  const { player } = booth;
  const isMine = player?.page === engine.me.page && player.load === engine.me.load;
  if (isMine || engine.beats === 0) return engine.player.follow(booth);
  // Another page took over on purpose, or somebody stopped the booth.
  keepPlaying(false);
  return stop(engine);
}

function begin(engine: Engine, onNews: () => void): Player {
  const { floor, decks, part } = engine;
  const player = openPlayer({
    token: floor.session.token,
    onNews,
    onBad: (title) =>
      floor.notices.add({ say: (words) => words.booth.bad(title), tone: 'bad', stage: null, action: null }),
  });
  const show = (): void => {
    decks.set(player.view.get());
    part.set(player.view.get().isLocked ? 'locked' : 'player');
  };
  player.view.subscribe(show);
  engine.player = player;
  show();
  return player;
}

function stop(engine: Engine): void {
  clearInterval(engine.beats);
  engine.beats = 0;
  engine.player?.close();
  engine.player = null;
  engine.decks.set(null);
  engine.part.set('remote');
}

type Post = <T>(what: string, body: object) => Promise<Answer<T>>;

/** One at a time, so that an earlier one never comes behind a later one. */
async function beat(engine: Engine, post: Post): Promise<void> {
  if (!engine.player || engine.beats === 0) return;
  if (engine.beating !== 'no') {
    engine.beating = 'more';
    return;
  }
  engine.beating = 'one';
  const { player } = engine;
  const answer = await post<BeatAnswer>('beats', { ...engine.me, ...player.heard() });
  const isMore = (engine.beating as Engine['beating']) === 'more';
  engine.beating = 'no';
  if (engine.player !== player) return;
  if (answer.ok && !answer.value.isPlayer) {
    keepPlaying(false);
    stop(engine);
  } else if (isMore) void beat(engine, post);
}

/** Where it was when the page went: sent by the browser after the page is gone. */
function lastBeat({ player, me, beats }: Engine, headers: Readonly<Record<string, string>>): void {
  if (!player || beats === 0) return;
  const body = JSON.stringify({ ...me, ...player.heard() });
  void fetch('/api/v1/booth/beats', {
    method: 'POST',
    keepalive: true,
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  }).catch(() => undefined);
}

/** Of the last tracks that were shown. */
function openPeaks(headers: Readonly<Record<string, string>>): Booth['peaks'] {
  const known = new Map<string, Promise<Int8Array | null>>();
  const load = async (track: string): Promise<Int8Array | null> => {
    try {
      const answer = await fetch(`/api/v1/tracks/${encodeURIComponent(track)}/peaks`, { headers });
      return answer.ok ? new Int8Array(await answer.arrayBuffer()) : null;
    } catch (error) {
      if (error instanceof TypeError) return NO_PEAKS;
      throw error;
    }
  };
  return (track) => {
    const found = known.get(track) ?? load(track);
    known.set(track, found);
    const [oldest] = known.keys();
    if (known.size > FOUND_MAX && oldest !== undefined) known.delete(oldest);
    return found;
  };
}
