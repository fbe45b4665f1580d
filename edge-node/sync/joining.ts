import { genesisHash, nextHash, type Genesis } from '#shared/log/chain.ts';
import { hash as hashOf } from 'node:crypto';
import type { MainlineSegment, Manifest, SalvagedTail, UplinkAnswer } from '#shared/contract/uplink.ts';
import { limits } from '../limits.ts';
import { openMainline } from '../log/mainline.ts';
import type { Book } from './book.ts';
import type { CloudClient } from './cloud-client.ts';
import { commonIn, findCommon, type AskHashes, type Common } from './common-place.ts';
import { openFetchHistory, type AskLines } from './fetch-history.ts';
import { signedWords } from './receipts.ts';
import type { SenderParts } from './sender.ts';

/** The one way out of every doubt about whose history is whose. Each throws where an answer did not come; then it is asked again. */
export type Joining = {
  /** Takes over what the club's mainline has and this box lacks, and carries what only this box has behind it. */
  readonly join: () => Promise<'joined' | 'fenced'>;
  /** A fenced box: what the cloud lacks of this box's own goes on in a log apart, beside the mainline. False where it lacks nothing. */
  readonly apart: () => Promise<boolean>;
  /** The live box, when the cloud has all of its own: takes what fenced boxes left beside the mainline behind it, or says that it has. */
  readonly salvage: () => Promise<void>;
};

export function openJoining(parts: SenderParts, book: Book): Joining {
  const { cloud, recovering } = parts;
  const takeOver = openTakeOver(parts, book);
  return {
    join: async () => {
      const answer = await cloud.mainline();
      if (answer.s === 'fenced') return 'fenced';
      const history = expected('mainline', answer);
      checkManifest(parts, history);
      await takeOver(history.segments);
      recovering.historyIsHere(history.segments);
      return 'joined';
    },
    apart: openApart(parts, book),
    salvage: openSalvage(parts),
  };
}

/** Throws where the cloud did not sign just this mainline. */
function checkManifest(
  { receiptKeys }: SenderParts,
  { manifest, segments }: Extract<UplinkAnswer, { readonly s: 'mainline' }>,
): void {
  const words = signedWords(manifest, receiptKeys);
  if (words === null) return;
  const { mainlineSha256 } = Object(words) as Partial<Manifest>;
  if (mainlineSha256 !== hashOf('sha256', JSON.stringify(segments), 'hex'))
    throw new Error('The manifest is for another history.');
}

function openTakeOver(parts: SenderParts, book: Book): (segments: readonly MainlineSegment[]) => Promise<void> {
  const { db, log, cloud, nodeId, box, rewritten, join } = parts;
  const own = openMainline(db.$client);
  const fetchHistory = openFetchHistory(db);
  return async (segments) => {
    const common = await findCommon(own, segments, askHashesOf(cloud));
    const end = segments.at(-1);
    const isWhole = common.nth === segments.length - 1 && common.seq === (end?.upto ?? 0);
    if (isWhole && end?.logId === log.logId) {
      // The cloud only has less of this log than we thought: it goes on from there.
      book.set({ acked: end.upto, opened: true });
      return;
    }
    if (isWhole && log.head().seq === 0 && growsFrom(log.genesis.parent, end)) return;
    const at = placeIn(own, common);
    await fetchHistory(at, segments, askLinesOf(cloud));
    const bases = basesOf(segments);
    const logs = segments.map((genesis, nth) => ({ genesis, base: bases[nth] ?? 0 })).slice(common.nth + 1);
    const { theirs } = join.join({
      common: { pos: at?.pos ?? 0, nth: common.nth },
      logs,
      end: end ? { logId: end.logId, seq: end.upto, hash: end.hash, pos: (bases.at(-1) ?? 0) + end.upto } : null,
      goesOn: end?.nodeId === nodeId,
    });
    if (log.logId === end?.logId) book.set({ acked: end.upto, opened: true });
    if (theirs > 0) box.set({ keysWanted: '' });
    rewritten();
  };
}

function growsFrom(parent: Genesis['parent'], end: MainlineSegment | undefined): boolean {
  return parent?.logId === end?.logId && parent?.seq === end?.upto && parent?.hash === end?.hash;
}

function openApart({ db, log, cloud, rewritten, join }: SenderParts, book: Book): Joining['apart'] {
  const own = openMainline(db.$client);
  const clear = db.$client.prepare('DELETE FROM incoming');
  return async () => {
    clear.run();
    for (const segment of own.segments().toReversed()) {
      const seq = await commonIn(own, segment, { upto: segment.upto, ask: askHashesOf(cloud) });
      if (seq === null) continue;
      const isWhole = seq === segment.upto;
      if (isWhole && segment.logId === log.logId) {
        book.set({ acked: seq, opened: true });
        return true;
      }
      // The cloud has all, and no event waits for a log apart.
      if (isWhole && log.head().seq === 0 && log.genesis.parent?.logId === segment.logId) return false;
      const pos = segment.base + seq;
      const end = { logId: segment.logId, seq, hash: own.hashAt(segment, seq) ?? '', pos };
      join.join({ common: { pos, nth: segment.nth }, logs: [], end, goesOn: false });
      rewritten();
      return true;
    }
    if (log.head().pos === 0) return false;
    join.join({ common: { pos: 0, nth: -1 }, logs: [], end: null, goesOn: false });
    rewritten();
    return true;
  };
}

function openSalvage({ db, cloud, box, join, carried }: SenderParts): Joining['salvage'] {
  const own = openMainline(db.$client);
  const ask = askLinesOf(cloud);
  /** Answers how many of its events were not here yet. */
  const takeTail = async ({ logId, from, prev, upto, hash }: SalvagedTail): Promise<number> => {
    const known = own.segments().find((segment) => segment.logId === logId);
    const before = known ? known.base + from - 1 : 0;
    let at = { seq: from - 1, hash: Buffer.from(prev, 'hex') as Buffer };
    let taken = 0;
    while (at.seq < upto) {
      const lines = await ask(logId, { from: at.seq + 1, to: Math.min(upto, at.seq + limits.uplinkLinesMax) });
      if (lines.length === 0) throw new Error('The cloud sent other lines.');
      at = { seq: at.seq + lines.length, hash: lines.reduce((last, line) => nextHash(last, line), at.hash) };
      if (at.seq === upto && at.hash.toString('hex') !== hash) throw new Error('The cloud sent other lines.');
      const written = join.carry([{ lines, isWhole: false }], before, () => undefined);
      if (written.length > 0) carried(written);
      taken += written.length;
    }
    return taken;
  };
  return async () => {
    const { tails } = expected('salvaged', await cloud.salvaged([]));
    let taken = 0;
    for (const tail of tails) taken += await takeTail(tail);
    if (taken > 0) box.set({ keysWanted: '' });
    // Said only when the cloud has all of it in this box's own log: a disk that is put back before that must be told again.
    else if (tails.length > 0) await cloud.salvaged(tails.map(({ logId, upto }) => ({ logId, upto })));
  };
}

const askHashesOf =
  (cloud: CloudClient): AskHashes =>
  async (logId, seqs) =>
    expected('hashes', await cloud.hashes(logId, seqs)).hashes;
const askLinesOf =
  (cloud: CloudClient): AskLines =>
  async (logId, range) =>
    expected('lines', await cloud.lines(logId, range)).lines;

function placeIn(own: ReturnType<typeof openMainline>, { nth, seq }: Common) {
  const segment = own.segments()[nth];
  const hash =
    segment && (seq === 0 ? genesisHash(segment.genesis) : Buffer.from(own.hashAt(segment, seq) ?? '', 'hex'));
  return segment && hash ? { nth, seq, pos: segment.base + seq, hash } : null;
}

/** For each log the events on the mainline before its first. */
function basesOf(segments: readonly MainlineSegment[]): readonly number[] {
  let base = 0;
  return segments.map(({ upto }) => {
    const before = base;
    base += upto;
    return before;
  });
}

function expected<S extends UplinkAnswer['s']>(s: S, answer: UplinkAnswer): Extract<UplinkAnswer, { readonly s: S }> {
  if (answer.s === s) return answer as Extract<UplinkAnswer, { readonly s: S }>;
  throw new Error(`The cloud answered ${answer.s} where it should have said ${s}.`);
}
