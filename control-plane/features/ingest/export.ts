import { Readable } from 'node:stream';
import { and, eq } from 'drizzle-orm';
import type { MainlineSegment } from '#shared/contract/uplink.ts';
import { genesisHash, nextHash } from '#shared/log/chain.ts';
import { headText, markText } from '#shared/log/segment.ts';
import type { CloudCore } from '../../cloud.ts';
import { edgeLog } from '../../db/schema.ts';
import { inTenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import type { OfClub } from './club-queries.ts';
import { mainlineOf } from './history.ts';
import { linesWithin } from './store.ts';

/**
 * A club's mainline as it is now, in the form of the box's mirror: for each log its head, the event lines as they came,
 * and marks, so that whoever has the file can prove it. The cloud has not the club's key: its marks have no `mac`. Read page
 * by page, each in a transaction of its own, as nothing in a log ever changes. Breaks off where what is stored is not what
 * was acknowledged. Null where the club has no log.
 */
export async function exportHistory(cloud: CloudCore, of: OfClub): Promise<Readable | null> {
  const segments = await inTenant(cloud.pool, of.org, (tenant) => mainlineOf(tenant, of.club));
  return segments.length === 0 ? null : Readable.from(rowsOf(cloud, of, segments));
}

async function* rowsOf(cloud: CloudCore, of: OfClub, segments: readonly MainlineSegment[]): AsyncGenerator<string> {
  for (const segment of segments) {
    const { logId, upto, hash } = segment;
    let last: Buffer = genesisHash(segment);
    yield `${headText({ genesis: segment, from: 1, prev: last.toString('hex') })}\n`;
    for (let seq = 0; seq < upto;) {
      const lines = await pageAfter(cloud, of, { logId, seq, upto });
      if (lines.length === 0) throw new Error(`Log ${logId} ends at ${seq}, before ${upto}`);
      const hashes = chained(last, lines);
      last = hashes.at(-1) ?? last;
      seq += lines.length;
      if (seq === upto && last.toString('hex') !== hash) throw new Error(`Log ${logId} is not what was acknowledged`);
      yield `${lines.join('\n')}\n${markText(logId, seq, hashes, null)}\n`;
    }
  }
}

/** The chain's hash after each of the lines. */
function chained(from: Buffer, lines: readonly string[]): readonly Buffer[] {
  const hashes: Buffer[] = [];
  for (const line of lines) hashes.push(nextHash(hashes.at(-1) ?? from, line));
  return hashes;
}

type After = { readonly logId: string; readonly seq: number; readonly upto: number };

async function pageAfter(cloud: CloudCore, of: OfClub, { logId, seq, upto }: After): Promise<readonly string[]> {
  return inTenant(cloud.pool, of.org, async (tenant) => {
    const it = and(eq(edgeLog.org, of.org), eq(edgeLog.club, of.club), eq(edgeLog.logId, logId));
    const [log] = await tenant.db.select({ log: edgeLog.log }).from(edgeLog).where(it);
    const page = { from: seq + 1, to: Math.min(upto, seq + limits.linesMax), bytesMax: limits.linesBytesMax };
    return log ? linesWithin(tenant, log.log, page) : [];
  });
}
