import type { BoothAnswer, BoothItem, Deck as DeckName, NowPlaying } from '#shared/contract/booth-api.ts';
import { createSignal, type Signal } from '../signal.ts';
import { fetchSound, openDeck, type Deck, type Loaded } from './deck.ts';
import { equalPower, fadeSeconds, SKIP_FADE_S } from './fade.ts';
import { openMeter } from './meter.ts';

/** What the page says of itself once a second. */
export type Heard = {
  readonly item: string | null;
  readonly track: string | null;
  readonly deck: DeckName;
  readonly positionMs: number;
  readonly level: number;
  readonly quietMs: number;
};
/** What the screen shows of the two decks. */
export type DecksView = {
  readonly active: DeckName;
  readonly decks: Readonly<Record<DeckName, { readonly loaded: Loaded | null; readonly isReady: boolean }>>;
  /** The browser wants a touch first. */
  readonly isLocked: boolean;
};
export type Player = {
  readonly view: Signal<DecksView>;
  readonly heard: () => Heard;
  /** In a person's touch, which is all that a browser counts: lets the sound out. */
  readonly touch: () => void;
  /** Goes on with what plays by the node, where that was; or begins with what comes first. */
  readonly begin: (booth: BoothAnswer) => Promise<void>;
  /** The plan, or what a remote wants, is another one. */
  readonly follow: (booth: BoothAnswer) => void;
  readonly seek: (positionMs: number) => void;
  readonly skip: () => void;
  readonly duck: (isOn: boolean) => void;
  /** In decibels, for the track that is on a deck. */
  readonly trim: (deck: DeckName, db: number) => void;
  readonly close: () => void;
};
export type PlayerParts = {
  readonly token: string;
  /** Another item began, or the same one stands elsewhere: the node is to know at once. */
  readonly onNews: () => void;
  /** A track that can't be played is passed over. */
  readonly onBad: (title: string) => void;
};

const TICK_MS = 50;
const AGAIN_MS = 1_000;
const OVER_MS = 100;
const DUCKED = 0.2;
const DUCK_S = 0.08;

type State = {
  active: DeckName;
  booth: BoothAnswer | null;
  /** What this page began or could not play: the node may not know it yet. */
  readonly gone: Set<string>;
  /** The other deck is still heard. */
  isFading: boolean;
  isPaused: boolean;
  isLocked: boolean;
  isSkipping: boolean;
  sought: number;
  endedAt: number | null;
};
type Engine = {
  readonly context: AudioContext;
  readonly decks: Readonly<Record<DeckName, Deck>>;
  readonly state: State;
  readonly parts: PlayerParts;
  readonly show: () => void;
};

/** Two decks over one output: the sound of the club. */
export function openPlayer(parts: PlayerParts): Player {
  const context = new AudioContext({ latencyHint: 'playback' });
  const out = new GainNode(context);
  out.connect(context.destination);
  const meter = openMeter(context, out);
  const fetching = fetchSound(parts.token);
  const decks = { a: openDeck(context, out, fetching), b: openDeck(context, out, fetching) };
  const state = atRest();
  const view = createSignal<DecksView>(viewOf(state, decks));
  const engine: Engine = { context, decks, state, parts, show: () => view.set(viewOf(state, decks)) };
  const tick = setInterval(() => {
    if (meter.look() && state.booth) parts.onNews();
    if (state.booth) goOn(engine);
  }, TICK_MS);
  const current = () => decks[state.active];

  return {
    view,
    heard: () => {
      const loaded = current().loaded();
      const playing = { item: loaded?.item ?? null, track: loaded?.track.track ?? null };
      return { ...playing, deck: state.active, positionMs: loaded ? current().positionMs() : 0, ...meter.read() };
    },
    touch: () => void context.resume(),
    begin: async (booth) => {
      meter.expect();
      state.isPaused = booth.paused;
      state.sought = booth.orders.seek?.nr ?? 0;
      if (booth.now?.track) await resume(engine, booth.now, booth.now.track);
      // From here on songs follow each other: not before the one that plays is back in its place.
      state.booth = booth;
      prepare(engine);
      await unlock(engine);
    },
    follow: (booth) => {
      if (!state.booth) return;
      state.booth = booth;
      if (state.isPaused !== booth.paused) {
        if (!booth.paused) meter.expect();
        setPaused(engine, booth.paused);
      }
      obey(engine, booth);
      prepare(engine);
    },
    seek: (positionMs) => {
      current().seek(positionMs);
      parts.onNews();
    },
    skip: () => skip(engine),
    duck: (isOn) => out.gain.setTargetAtTime(isOn ? DUCKED : 1, context.currentTime, DUCK_S),
    trim: (deck, db) => decks[deck].trim.gain.setTargetAtTime(10 ** (db / 20), context.currentTime, DUCK_S),
    close: () => {
      clearInterval(tick);
      decks.a.clear();
      decks.b.clear();
      void context.close();
    },
  };
}

function atRest(): State {
  return {
    active: 'a',
    booth: null,
    gone: new Set(),
    isFading: false,
    isPaused: false,
    isLocked: false,
    isSkipping: false,
    sought: 0,
    endedAt: null,
  };
}

function viewOf(state: State, decks: Engine['decks']): DecksView {
  const of = (deck: Deck) => ({ loaded: deck.loaded(), isReady: deck.isReady() });
  return { active: state.active, decks: { a: of(decks.a), b: of(decks.b) }, isLocked: state.isLocked };
}

async function resume(engine: Engine, now: NowPlaying, track: NonNullable<NowPlaying['track']>): Promise<void> {
  const { decks, state } = engine;
  state.active = now.deck;
  state.gone.add(now.item);
  const trouble = await decks[now.deck].load({ ...now, track }, now.positionMs);
  if (trouble !== null) decks[now.deck].clear();
  else if (!state.isPaused) await sound(engine, decks[now.deck]);
  engine.show();
  engine.parts.onNews();
}

/** A browser that wants a touch first says so: then the page is locked until somebody gives it one. */
async function unlock({ context, state, show }: Engine): Promise<void> {
  void context.resume();
  await Promise.race([
    new Promise((resolve) => context.addEventListener('statechange', resolve, { once: true })),
    new Promise((resolve) => setTimeout(resolve, AGAIN_MS)),
  ]);
  state.isLocked = context.state !== 'running';
  show();
}

async function sound({ state, show }: Engine, deck: Deck): Promise<void> {
  try {
    await deck.play();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    // Stopped in the same moment is no lock.
    if (error.name === 'NotAllowedError') state.isLocked = true;
    show();
  }
}

/** Every moment: begins the next song where this one is about to end, or has. */
function goOn(engine: Engine): void {
  const { decks, state } = engine;
  if (state.isPaused || state.isLocked || state.isFading) return;
  const [now, next] = [decks[state.active], decks[other(state.active)]];
  const playing = now.loaded();
  const coming = next.loaded();
  if (!playing || !now.isReady()) {
    if (coming && next.isReady()) cross(engine, 0.05);
    return;
  }
  const fade = state.isSkipping ? SKIP_FADE_S : coming ? fadeSeconds(playing.track, coming.track) : 0;
  const leftS = now.leftS();
  const isOver = now.isOver() || leftS <= 0;
  if (coming && next.isReady() && (state.isSkipping || isOver || leftS <= fade))
    return cross(
      engine,
      state.isSkipping ? Math.min(fade, Math.max(0.05, leftS)) : Math.max(0.05, Math.min(fade, leftS)),
    );
  state.endedAt = isOver ? (state.endedAt ?? performance.now()) : null;
  // Nothing to go on with: rather the same song again than silence, until something is there.
  if (state.endedAt !== null && performance.now() - state.endedAt > OVER_MS) {
    Object.assign(state, { endedAt: null, isSkipping: true });
    now.seek(playing.track.cueIn * 1_000);
    void sound(engine, now);
  }
}

const CURVES = equalPower();

function cross(engine: Engine, seconds: number): void {
  const { context, decks, state, parts } = engine;
  const [from, to] = [decks[state.active], decks[other(state.active)]];
  const at = context.currentTime;
  for (const [deck, curve] of [
    [from, CURVES.out],
    [to, CURVES.in],
  ] as const) {
    deck.fader.gain.cancelScheduledValues(0);
    deck.fader.gain.setValueCurveAtTime(curve, at, seconds);
  }
  void sound(engine, to);
  state.active = other(state.active);
  Object.assign(state, { isFading: true, isSkipping: false, endedAt: null });
  state.gone.add(to.loaded()?.item ?? '');
  engine.show();
  parts.onNews();
  setTimeout(
    () => {
      from.clear();
      state.isFading = false;
      prepare(engine);
    },
    seconds * 1_000 + 120,
  );
}

/** Puts what comes next on the deck that is free; a deck that is faded out, or in, is left alone. */
function prepare(engine: Engine): void {
  const { decks, state, parts, show } = engine;
  if (!state.booth || state.isFading) return;
  const deck = decks[other(state.active)];
  const playing = decks[state.active].loaded();
  const next = state.booth.programme.find((one) => one.item !== playing?.item && isPlayable(one, state.gone));
  const loaded = deck.loaded();
  if (!next?.track) {
    if (loaded) deck.clear();
    return show();
  }
  if (loaded?.item === next.item && loaded.track.track === next.track.track) return;
  const wanted: Loaded = { ...next, track: next.track };
  void deck.load(wanted, null).then((trouble) => {
    if (trouble === 'forgotten') return;
    if (trouble !== null) deck.clear();
    if (trouble === 'away') setTimeout(() => prepare(engine), AGAIN_MS);
    if (trouble === 'bad') {
      state.gone.add(wanted.item);
      parts.onBad(wanted.song.title);
      prepare(engine);
    }
    show();
  });
  show();
}

function isPlayable({ item, track }: BoothItem, gone: ReadonlySet<string>): boolean {
  return track !== null && !gone.has(item);
}

function obey(engine: Engine, { orders }: BoothAnswer): void {
  const { state, decks, parts } = engine;
  const deck = decks[state.active];
  const playing = deck.loaded()?.item;
  if (orders.skip !== null && orders.skip === playing) skip(engine);
  const { seek } = orders;
  if (seek === null || seek.nr === state.sought) return;
  state.sought = seek.nr;
  if (seek.item !== playing) return;
  deck.seek(seek.positionMs);
  parts.onNews();
}

/** Pressed twice in a fade it still means one song. */
function skip({ state }: Engine): void {
  if (!state.isFading) state.isSkipping = true;
}

function setPaused(engine: Engine, isPaused: boolean): void {
  const { decks, state, parts } = engine;
  state.isPaused = isPaused;
  if (isPaused) {
    decks.a.pause();
    decks.b.pause();
  } else {
    void sound(engine, decks[state.active]);
    // The one that was going out in a pause is out.
    if (state.isFading) void sound(engine, decks[other(state.active)]);
  }
  parts.onNews();
}

function other(deck: DeckName): DeckName {
  return deck === 'a' ? 'b' : 'a';
}
