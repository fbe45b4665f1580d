import { readLine, type ReadLine } from '#shared/contract/event-line.ts';
import { lineHead } from '#shared/log/line.ts';

/** Dates of business days, learned from the lines on the way; somebody else is asked about lines that can't be trusted. */
export type Dates = {
  /**
   * Reads a line whose bytes are right. False where what it says of itself is not what stands around it. It may be of a
   * business day that is not known, where the history does not begin at its beginning.
   */
  readonly follow: (line: string, seq: number) => boolean;
  /** The date that a doubtful line belongs to; for a line that is gone or tells nothing, the date of the one before. */
  readonly near: (line: string | null) => string | null;
};

const DAY = /"day":(?:null|"([^"]*)")/g;

type Asked = {
  /** What is known elsewhere about a business day's date. */
  readonly elsewhere: (day: string) => string | null;
  /** Whether the lines begin with the club's first. */
  readonly fromTheFirst: boolean;
};

export function openDates({ elsewhere, fromTheFirst }: Asked): Dates {
  const opened = new Map<string, string>();
  let last: string | null = null;

  return {
    follow: (line, seq) => {
      const read = parsed(line);
      if (read === null || read.event.v !== 1 || read.event.seq !== seq) return false;
      if (read.isKnown && read.event.type === 'day.opened') opened.set(read.event.body.day, read.event.body.date);
      const { day } = read.event;
      last = day === null ? null : (opened.get(day) ?? (fromTheFirst ? null : elsewhere(day)));
      return day === null || last !== null || !fromTheFirst;
    },
    near: (line) => {
      for (const [, day] of line?.matchAll(DAY) ?? []) {
        if (day === undefined) return null;
        const date = opened.get(day) ?? elsewhere(day);
        if (date !== null) return date;
      }
      return last;
    },
  };
}

function parsed(line: string): ReadLine | null {
  if (!lineHead(line)) return null;
  try {
    return readLine(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
