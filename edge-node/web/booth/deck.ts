import type { BoothItem } from '#shared/contract/booth-api.ts';
import type { TrackRow } from '#shared/contract/music-api.ts';
import { cuesOf } from './fade.ts';

export type Loaded = Pick<BoothItem, 'item' | 'song' | 'turn'> & { readonly track: TrackRow };
/** Why a track can't be played: it is not there or is no sound (`bad`), or the node did not answer (`away`). */
export type LoadTrouble = 'bad' | 'away';

/** One of the two: an audio element with the gain of its track and its own fader. */
export type Deck = {
  readonly loaded: () => Loaded | null;
  /** It could begin at once. */
  readonly isReady: () => boolean;
  /** Puts a track on it, at its cue or at a position; null once it could begin. What was asked before is forgotten. */
  readonly load: (item: Loaded, positionMs: number | null) => Promise<LoadTrouble | 'forgotten' | null>;
  readonly play: () => Promise<void>;
  readonly pause: () => void;
  readonly clear: () => void;
  /** From the original's beginning. */
  readonly positionMs: () => number;
  readonly seek: (positionMs: number) => void;
  /** Seconds to its end. */
  readonly leftS: () => number;
  readonly isOver: () => boolean;
  readonly fader: GainNode;
  readonly trim: GainNode;
};

type Sound = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly trouble: LoadTrouble };
export type Fetching = (track: string, signal: AbortSignal) => Promise<Sound>;

export function openDeck(context: AudioContext, out: AudioNode, fetching: Fetching): Deck {
  const audio = new Audio();
  audio.preload = 'auto';
  const trim = new GainNode(context);
  const fader = new GainNode(context);
  new MediaElementAudioSourceNode(context, { mediaElement: audio }).connect(trim).connect(fader).connect(out);
  const state = { loaded: null as Loaded | null, isReady: false, asked: null as AbortController | null };

  const clear = (): void => {
    state.asked?.abort();
    audio.pause();
    if (audio.src !== '') URL.revokeObjectURL(audio.src);
    audio.removeAttribute('src');
    Object.assign(state, { loaded: null, isReady: false, asked: null });
  };
  const startsMs = () => (state.loaded?.track.startsAt ?? 0) * 1_000;
  const seek = (positionMs: number): void => {
    audio.currentTime = Math.max(0, (positionMs - startsMs()) / 1_000);
  };
  return {
    loaded: () => state.loaded,
    isReady: () => state.isReady,
    async load(item, positionMs) {
      clear();
      const asked = new AbortController();
      Object.assign(state, { loaded: item, asked });
      const sound = await fetching(item.track.track, asked.signal);
      if (asked.signal.aborted) return 'forgotten';
      if (!sound.ok) return sound.trouble;
      audio.src = sound.url;
      const isPlayable = await playable(audio, asked.signal);
      if (asked.signal.aborted) return 'forgotten';
      if (!isPlayable) return 'bad';
      trim.gain.value = 10 ** (item.track.trimDb / 20);
      seek(positionMs ?? (cuesOf(item.track).inS + item.track.startsAt) * 1_000);
      state.isReady = true;
      return null;
    },
    play: () => audio.play(),
    pause: () => audio.pause(),
    clear,
    positionMs: () => Math.round(audio.currentTime * 1_000 + startsMs()),
    seek,
    leftS: () =>
      (state.loaded ? Math.min(cuesOf(state.loaded.track).outS, audio.duration || 0) : 0) - audio.currentTime,
    isOver: () => audio.ended || audio.error !== null,
    fader,
    trim,
  };
}

function playable(audio: HTMLAudioElement, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (isPlayable: boolean) => () => resolve(isPlayable);
    audio.addEventListener('canplay', done(true), { once: true, signal });
    audio.addEventListener('error', done(false), { once: true, signal });
    signal.addEventListener('abort', done(false), { once: true });
  });
}

/** A whole track at once: what is loaded plays on to its end without the node. */
export function fetchSound(token: string): Fetching {
  return async (track, signal) => {
    try {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`/api/v1/tracks/${encodeURIComponent(track)}/audio`, { headers, signal });
      if (!answer.ok) return { ok: false, trouble: answer.status === 404 ? 'bad' : 'away' };
      return { ok: true, url: URL.createObjectURL(await answer.blob()) };
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return { ok: false, trouble: 'away' };
      throw error;
    }
  };
}
