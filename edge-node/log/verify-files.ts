import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { segmentNumber, segmentRows, type SegmentHead } from '#shared/log/segment.ts';
import { openDates } from './day-dates.ts';
import { openSegmentChain, type Section } from './segment-chain.ts';
import type { Verdict } from './verify.ts';

/**
 * Judges a history that lies in files of segments: a mirror's folder, or one file. Nothing else is asked, no node, no
 * cloud and no database; with the club's key the marks must be the club's, too. A folder has to hold the history from its
 * first event on, a single file is judged from where it begins. Null where there are no segments. Reads only.
 */
export function verifyFiles(place: string, key: Buffer | null): Verdict | null {
  const isFile = place.endsWith('.ndjson');
  const files = isFile ? [place] : segmentsIn(place);
  const sections = files.flatMap(sectionsIn);
  if (sections.length === 0) return null;
  const dates = openDates({ elsewhere: openClosedDays(files), fromTheFirst: !isFile });
  const chain = openSegmentChain(sections, { dates, key, fromTheFirst: !isFile });
  let section = -1;
  for (const file of files) {
    let isFirst = true;
    for (const row of segmentRows(readFileSync(file))) {
      if (row.kind === 'head' || isFirst) section += 1;
      isFirst = false;
      const verdict = row.kind === 'head' ? chain.begin(section, row.head) : chain.next(section, row);
      if (verdict) return verdict;
    }
  }
  return chain.end(files.slice(-1).some((file) => statSync(file).size === 0));
}

function segmentsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => segmentNumber(name) !== null)
    .toSorted((a, b) => (segmentNumber(a) ?? 0) - (segmentNumber(b) ?? 0))
    .map((name) => path.join(folder, name));
}

/** One for each head, and for a beginning that is none. */
function sectionsIn(file: string): readonly Section[] {
  const sections: { head: SegmentHead | null; last: number }[] = [];
  for (const row of segmentRows(readFileSync(file))) {
    if (row.kind === 'head') sections.push({ head: row.head, last: row.head.from - 1 });
    else if (sections.length === 0) sections.push({ head: null, last: 0 });
    const now = sections.at(-1);
    if (now && row.kind === 'event') now.last = Math.max(now.last, row.seq);
  }
  return sections;
}

/** For a line that can't be trusted: what the end of its business day says of it. Looked up once, when it is asked for. */
function openClosedDays(files: readonly string[]): (day: string) => string | null {
  const CLOSED = /"type":"day\.closed".*"body":\{"day":"([^"]*)","date":"(\d{4}-\d{2}-\d{2})"/;
  let known: ReadonlyMap<string, string> | null = null;
  const read = (): ReadonlyMap<string, string> => {
    const found = new Map<string, string>();
    for (const file of files) {
      for (const { kind, text } of segmentRows(readFileSync(file))) {
        const [, day, date] = (kind === 'event' && CLOSED.exec(text)) || [];
        if (day !== undefined && date !== undefined) found.set(day, date);
      }
    }
    return found;
  };
  return (day) => {
    known ??= read();
    return known.get(day) ?? null;
  };
}
