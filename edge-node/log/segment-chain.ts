import { genesisHash, nextHash, type Genesis } from '#shared/log/chain.ts';
import { EACH_DIGITS, isMarkedBy, type SegmentHead, type SegmentMark, type SegmentRow } from '#shared/log/segment.ts';
import type { Dates } from './day-dates.ts';
import { idIn, type Verdict, type Wrong } from './verify.ts';

/** A part of a file with one head, null where it has none, and the highest number of its events. */
export type Section = { readonly head: SegmentHead | null; readonly last: number };
/** Follows the mainline through segments, row by row, and says what is wrong first; null as long as nothing is. */
export type SegmentChain = {
  readonly begin: (section: number, head: SegmentHead) => Verdict | null;
  readonly next: (section: number, row: Exclude<SegmentRow, { readonly kind: 'head' }>) => Verdict | null;
  /** `emptied`: the last file has nothing in it, not even its head, which no writer leaves behind. */
  readonly end: (emptied: boolean) => Verdict;
};
type Parts = { readonly dates: Dates; readonly key: Buffer | null; readonly fromTheFirst: boolean };
type Line = { readonly seq: number; readonly text: string | null; readonly hash: Buffer };

export function openSegmentChain(sections: readonly Section[], parts: Parts): SegmentChain {
  const upto = uptoOf(sections);
  const walk = openWalk(parts);
  const isOfThisClub = openKin(sections);
  /** What was cut off in a write; where a later file goes on in its place, it is not looked at. */
  let torn: string | null = null;

  return {
    begin: (section, head) => {
      if (!isOfThisClub(head.genesis)) return walk.wrong('misplaced', { seq: head.from, text: null });
      if ((upto[section] ?? 0) < head.from) return null;
      const log = walk.log();
      if (log === null) return walk.beginAt(head) ?? (parts.fromTheFirst ? missingFirst(head, walk.wrong) : null);
      const begins = beginningOf(head, log);
      if (begins === null) return walk.wrong('misplaced', { seq: head.from, text: null });
      if (begins.seq === walk.goodAt().seq && begins.hash !== walk.goodAt().hash.toString('hex'))
        return walk.wrong('misplaced', { seq: head.from, text: null });
      return walk.reach(begins.seq) ?? walk.bearOut(begins.hash, '') ?? walk.beginAt(head);
    },
    next: (section, row) => {
      const seq = walk.reached() + 1;
      const isLeft = seq > (upto[section] ?? 0);
      if (row.kind === 'mark' && (!isLeft || row.mark.seq === seq - 1)) return walk.marked(row.mark);
      if (isLeft || row.kind === 'mark') return null;
      if (row.kind === 'torn') torn = row.text;
      if (row.kind === 'torn') return null;
      return row.kind === 'event' ? walk.event(row.seq, row.text) : walk.wrong('changed', { seq, text: row.text });
    },
    end: (emptied) => {
      const log = walk.log();
      const isTorn = torn !== null || emptied;
      const open = walk.firstOpen() ?? (isTorn ? { seq: walk.reached() + 1, text: torn } : null);
      if (open) return walk.wrong('torn', open);
      const ends = sections.filter(({ head }) => head?.genesis.logId === log?.logId).map(({ last }) => last);
      return walk.reach(Math.max(0, ...ends)) ?? walk.whole();
    },
  };
}

/** Where the lines stand that come in, and how far they are borne out: by a mark, or by what goes on from them. */
function openWalk({ dates, key }: Parts) {
  let log: Genesis | null = null;
  let good: Line = { seq: 0, text: null, hash: Buffer.alloc(0) };
  let open: Line[] = [];
  let events = 0;

  const wrong = (what: Wrong, { seq, text }: Pick<Line, 'seq' | 'text'>): Verdict => {
    const id = text === null ? null : idIn(text);
    return { ok: false, first: { log: log?.logId ?? '', seq, id, day: dates.near(text) }, wrong: what };
  };
  const last = (): Line => open.at(-1) ?? good;
  /** Takes lines as right; what they say of themselves has to fit, too. */
  const follow = (lines: readonly Line[]): Verdict | null => {
    for (const line of lines) {
      if (line.text !== null && !dates.follow(line.text, line.seq)) return wrong('misplaced', line);
      good = line;
      events += 1;
    }
    open = [];
    return null;
  };
  /** The open lines end in this hash, or one of them was changed: the one that `each` tells of, else the first. */
  const bearOut = (hash: string, each: string): Verdict | null => {
    const end = last();
    if (end.hash.toString('hex') === hash) return follow(open);
    const right = rightBefore(open, each);
    const changed = open[right];
    const what = changed ? 'changed' : 'mismarked';
    return follow(open.slice(0, right)) ?? wrong(what, changed ?? end);
  };
  const reach = (seq: number): Verdict | null =>
    seq > last().seq ? (follow(open) ?? wrong('missing', { seq: last().seq + 1, text: null })) : null;

  return {
    wrong,
    reach,
    bearOut,
    log: () => log,
    goodAt: () => good,
    reached: () => last().seq,
    firstOpen: () => open[0] ?? null,
    whole: (): Verdict => ({ ok: true, events, head: good.hash.toString('hex') }),
    beginAt: ({ genesis, from, prev }: SegmentHead): Verdict | null => {
      log = genesis;
      good = { seq: from - 1, text: null, hash: Buffer.from(prev, 'hex') };
      const isTrue = from > 1 || prev === genesisHash(genesis).toString('hex');
      return isTrue ? null : wrong('misplaced', { seq: from, text: null });
    },
    event: (seq: number, text: string): Verdict | null => {
      if (seq > last().seq + 1) return reach(seq);
      if (seq <= last().seq) return wrong('misplaced', { seq: last().seq + 1, text });
      open.push({ seq, text, hash: nextHash(last().hash, text) });
      return null;
    },
    marked: (mark: SegmentMark): Verdict | null => {
      const tooMany = open.find(({ seq }) => seq > mark.seq) ?? (mark.seq < good.seq ? last() : null);
      if (tooMany) return wrong('misplaced', tooMany);
      if (mark.seq > last().seq) return reach(mark.seq);
      if (key && log && !isMarkedBy(key, log.logId, mark)) return wrong('mismarked', last());
      return bearOut(mark.hash, mark.each);
    },
  };
}

/** How many lines come before the first that was changed: none where `each` doesn't tell. */
function rightBefore(lines: readonly Line[], each: string): number {
  if (each.length !== lines.length * EACH_DIGITS) return 0;
  const first = lines.findIndex(({ hash }, at) => shortOf(hash) !== nthOf(each, at));
  return first === -1 ? lines.length : first;
}

const shortOf = (hash: Buffer): string => hash.toString('hex', 0, EACH_DIGITS / 2);
const nthOf = (each: string, at: number): string => each.slice(at * EACH_DIGITS, (at + 1) * EACH_DIGITS);

/** Up to which event a section counts: later ones stand in its place, and a log is left where its child begins. */
function uptoOf(sections: readonly Section[]): readonly number[] {
  const ends = endsOf(sections);
  return sections.map(({ head }, at) => {
    if (head === null) return Number.POSITIVE_INFINITY;
    const { logId } = head.genesis;
    const later = sections.slice(at + 1).flatMap((one) => (one.head?.genesis.logId === logId ? one.head.from - 1 : []));
    return Math.min(ends.get(logId) ?? 0, ...later);
  });
}

/** Whether a log has grown out of the same beginning as the first one that is here; a club has one. */
function openKin(sections: readonly Section[]): (log: Genesis) => boolean {
  const logs = new Map(sections.flatMap(({ head }) => (head ? [[head.genesis.logId, head.genesis] as const] : [])));
  const rootOf = (log: Genesis): string => {
    let at = log;
    const seen = new Set<string>();
    for (let parent = at.parent; parent && !seen.has(at.logId); parent = at.parent) {
      seen.add(at.logId);
      const found = logs.get(parent.logId);
      if (!found) return parent.logId;
      at = found;
    }
    return at.logId;
  };
  const [first] = logs.values();
  return (log) => first === undefined || rootOf(log) === rootOf(first);
}

/** The mainline's logs, each with the number where its child begins: from the last log back to its parents. */
function endsOf(sections: readonly Section[]): ReadonlyMap<string, number> {
  const heads = sections.flatMap(({ head }) => head ?? []);
  const ends = new Map<string, number>();
  const isOfThisClub = openKin(sections);
  let log = heads.findLast(({ genesis }) => isOfThisClub(genesis))?.genesis;
  let end = Number.POSITIVE_INFINITY;
  while (log && !ends.has(log.logId)) {
    ends.set(log.logId, end);
    const { parent }: Genesis = log;
    end = parent?.seq ?? 0;
    log = heads.find(({ genesis }) => genesis.logId === parent?.logId)?.genesis;
  }
  return ends;
}

/** The place that a head goes on from, in the log that is being read; null where it goes on from another. */
function beginningOf({ genesis, from, prev }: SegmentHead, log: Genesis) {
  if (genesis.logId !== log.logId) return genesis.parent?.logId === log.logId && from === 1 ? genesis.parent : null;
  return genesisHash(genesis).equals(genesisHash(log)) ? { seq: from - 1, hash: prev } : null;
}

function missingFirst(
  { genesis: { parent }, from }: SegmentHead,
  wrong: ReturnType<typeof openWalk>['wrong'],
): Verdict | null {
  if (from > 1) return wrong('missing', { seq: 1, text: null });
  if (!parent) return null;
  return { ok: false, wrong: 'missing', first: { log: parent.logId, seq: 1, id: null, day: null } };
}
