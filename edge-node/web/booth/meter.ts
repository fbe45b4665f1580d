import { LEVEL_MIN, levelOf, SILENCE_DB } from './fade.ts';

/** What really comes out: the loudest of the last second, and for how long nothing was heard. */
export type Meter = {
  /** True where silence has just lasted too long, or has just ended: news that does not wait for its second. */
  readonly look: () => boolean;
  readonly read: () => { readonly level: number; readonly quietMs: number };
  /** Something is about to be heard: silence before it does not count. */
  readonly expect: () => void;
};

const WINDOW_MS = 1_000;
/** The node takes so much for silence. */
const QUIET_MS_MAX = 1_500;

export function openMeter(context: AudioContext, source: AudioNode): Meter {
  const analyser = new AnalyserNode(context, { fftSize: 4_096 });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const state = {
    isQuiet: false,
    heardAt: performance.now(),
    clock: -1,
    looks: [] as { readonly at: number; readonly level: number }[],
  };
  return {
    look() {
      const at = performance.now();
      // A suspended context leaves the last samples standing: where its clock stands still, nothing comes out.
      const stands = context.state !== 'running' || context.currentTime === state.clock;
      state.clock = context.currentTime;
      if (!stands) analyser.getFloatTimeDomainData(samples);
      const level = stands ? LEVEL_MIN : levelOf(samples);
      if (level > SILENCE_DB) state.heardAt = at;
      const isQuiet = at - state.heardAt >= QUIET_MS_MAX;
      const isNews = isQuiet !== state.isQuiet;
      state.isQuiet = isQuiet;
      state.looks = [...state.looks.filter((one) => at - one.at < WINDOW_MS), { at, level }];
      return isNews;
    },
    read: () => ({
      level: Math.max(LEVEL_MIN, ...state.looks.map(({ level }) => level)),
      quietMs: Math.round(performance.now() - state.heardAt),
    }),
    expect() {
      state.heardAt = performance.now();
    },
  };
}
