import { parseLine, type LoggedEvent } from '#shared/contract/event-line.ts';
import type { Sqlite } from '../db/open.ts';

/** Dates of business days, learned from the lines on the way; the tables are asked about lines that can't be trusted. */
export type Dates = {
  /** Reads a line whose bytes are right. False where what it says of itself is not what stands around it. */
  readonly follow: (line: string, seq: number) => boolean;
  /** The date that a doubtful line belongs to; for a line that is gone or tells nothing, the date of the one before. */
  readonly near: (line: string | null) => string | null;
};

const DAY = /"day":(?:null|"([^"]*)")/g;

export function openDates(sqlite: Sqlite): Dates {
  const inTables = sqlite.prepare<[string], string>('SELECT date FROM business_day WHERE day = ?').pluck();
  const opened = new Map<string, string>();
  let last: string | null = null;

  return {
    follow: (line, seq) => {
      const event = parsed(line);
      if (event === null || event.v !== 1 || event.seq !== seq) return false;
      if (event.type === 'day.opened') opened.set(event.body.day, event.body.date);
      if (event.day === null) {
        last = null;
        return true;
      }
      last = opened.get(event.day) ?? null;
      return last !== null;
    },
    near: (line) => {
      for (const [, day] of line?.matchAll(DAY) ?? []) {
        if (day === undefined) return null;
        const date = opened.get(day) ?? inTables.get(day);
        if (date !== undefined) return date;
      }
      return last;
    },
  };
}

function parsed(line: string): LoggedEvent | null {
  try {
    return parseLine(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
