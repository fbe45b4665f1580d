import type { Page } from 'playwright-core';

/** A stretch of some 90 ms of what really went to the loudspeakers. */
export type HeardBlock = {
  /** Milliseconds since the page began. */
  readonly at: number;
  readonly db: number;
  /** Power of each tone, in the order in which they were named, in dB. */
  readonly tones: readonly number[];
};

/** Listens to everything that a page sends to its output, apart from what the page measures itself. */
export async function tapOutput(page: Page, hertz: readonly number[]): Promise<void> {
  await page.addInitScript((frequencies: readonly number[]) => {
    const BLOCK = 4_096;
    const heard: unknown[] = [];
    const contexts: BaseAudioContext[] = [];
    Object.assign(window, { heard, contexts });
    const taps = new WeakMap<BaseAudioContext, ScriptProcessorNode>();
    const connect = Reflect.get(AudioNode.prototype, 'connect') as (this: AudioNode, to: AudioNode) => AudioNode;
    const powerOf = (samples: Float32Array, rate: number, frequency: number): number => {
      const turn = 2 * Math.cos((2 * Math.PI * frequency) / rate);
      let [one, two] = [0, 0];
      for (const sample of samples) [one, two] = [sample + turn * one - two, one];
      return (one * one + two * two - turn * one * two) / (samples.length * samples.length);
    };
    const db = (power: number) => 10 * Math.log10(Math.max(power, 1e-12));
    const tapOf = (context: BaseAudioContext): ScriptProcessorNode => {
      const known = taps.get(context);
      if (known) return known;
      const tap = context.createScriptProcessor(BLOCK, 1, 1);
      taps.set(context, tap);
      contexts.push(context);
      tap.onaudioprocess = ({ inputBuffer }) => {
        const samples = inputBuffer.getChannelData(0);
        const tones = frequencies.map((one) => db(powerOf(samples, inputBuffer.sampleRate, one)));
        const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
        heard.push({ at: performance.now(), db: db(power), tones });
      };
      connect.call(tap, context.destination);
      return tap;
    };
    Object.defineProperty(AudioNode.prototype, 'connect', {
      value(this: AudioNode, to: AudioNode): AudioNode {
        if (to instanceof AudioDestinationNode) connect.call(this, tapOf(this.context));
        return connect.call(this, to);
      },
    });
  }, hertz);
}

export function heardBy(page: Page): Promise<readonly HeardBlock[]> {
  return page.evaluate(() => (window as unknown as { readonly heard: readonly HeardBlock[] }).heard);
}

/** What a browser does to a page by itself: takes its sound away, or gives it back. */
export function setOutput(page: Page, to: 'suspend' | 'resume'): Promise<void> {
  return page.evaluate(async (what) => {
    const { contexts } = window as unknown as { readonly contexts: readonly AudioContext[] };
    await Promise.all(contexts.map((context) => context[what]()));
  }, to);
}

/** The loudest tones one after the other, as an ear would tell them. */
export function tonesOf(blocks: readonly HeardBlock[], names: readonly string[]): readonly string[] {
  const loudest = blocks
    .filter(({ db }) => db > -50)
    .map(({ tones }) => names[tones.indexOf(Math.max(...tones))] ?? '');
  return loudest.filter((name, at) => name !== loudest[at - 1]);
}
