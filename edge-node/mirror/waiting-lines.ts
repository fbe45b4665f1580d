import { limits } from '../limits.ts';
import type { Written } from '../log/log.ts';

/** A line on its way to the mirror, and whom it speaks of in sealed fields. */
export type MirrorLine = Pick<Written, 'pos' | 'logId' | 'seq' | 'line' | 'hash'>;
/** Lines of one log that follow one another, for one write. `subjects` is null where nobody looked. */
export type Page = { readonly lines: readonly MirrorLine[]; readonly subjects: readonly string[] | null };

/** What was just committed, in memory, so that it need not be read again. Bounded: what does not fit is forgotten. */
export type WaitingLines = {
  readonly add: (written: readonly Written[]) => void;
  /** The next page behind a place on the mainline; null where it is not here. Forgets what lies before. */
  readonly after: (place: number) => Page | null;
  /** Whether all that lies between the two places is here. */
  readonly reaches: (place: number, head: number) => boolean;
  readonly forget: () => void;
};

export function openWaitingLines(): WaitingLines {
  let lines: Written[] = [];
  let chars = 0;
  const forget = (): void => {
    lines = [];
    chars = 0;
  };
  const dropUpTo = (place: number): void => {
    const end = lines.findIndex(({ pos }) => pos > place);
    for (const { line } of lines.splice(0, end === -1 ? lines.length : end)) chars -= line.length;
  };
  return {
    add: (written) => {
      const last = lines.at(-1);
      if (last && last.pos !== (written[0]?.pos ?? 0) - 1) forget();
      for (const one of written) {
        lines.push(one);
        chars += one.line.length;
      }
      if (chars > limits.mirrorWaitingBytesMax) forget();
    },
    after: (place) => {
      dropUpTo(place);
      if (lines[0]?.pos !== place + 1) return null;
      const page = onePage(lines);
      return { lines: page, subjects: page.flatMap(({ event }) => Object.keys(event.pii ?? {})) };
    },
    reaches: (place, head) =>
      place >= head || ((lines[0]?.pos ?? Number.POSITIVE_INFINITY) <= place + 1 && lines.at(-1)?.pos === head),
    forget,
  };
}

/** From the beginning of a list: lines of one log, no more than one write takes. */
export function onePage<L extends MirrorLine>(lines: readonly L[]): readonly L[] {
  let chars = 0;
  const end = lines.findIndex(({ logId, line }) => {
    chars += line.length;
    return logId !== lines[0]?.logId || chars > limits.mirrorWriteBytesMax;
  });
  return lines.slice(0, end === -1 ? lines.length : Math.max(1, end));
}
