import { assert } from '#shared/kit/assert.ts';
import { limits } from '../../edge-node/limits.ts';
import { figure, fixed, say, sum, type Figure } from './figure.ts';
import { drain, type Round } from './uplink.ts';

const EVENTS = 50_000;
const WIRE_BYTES_MAX = 3_800_000;
const EDGE_MS_MAX = 500;
/** What may be read as JSON while lines go up: the cloud's answers, never a line. */
const PARSED_SHARE_MAX = 0.01;

/** 50,000 waiting events on their way to the cloud: what they weigh on the wire, and what they cost the box. */
export async function backlog(): Promise<readonly Figure[]> {
  const { rounds } = await drain();
  const all = (key: keyof Round) => sum(rounds.map((one) => one[key]));
  const [events, batches, raw] = [all('events'), all('batches'), all('rawBytes')];
  const per50k = (total: number) => (total / events) * EVENTS;
  const edgeMs = per50k(all('edge')) / 1_000;
  const gzipMs = per50k(all('gzip')) / 1_000;
  const isFull = events / batches >= 1_000 || raw / batches >= limits.uplinkBatchBytesMax * 0.95;
  assert(isFull && events / batches <= 2_000, 'a batch has 1,000 to 2,000 events, or 0.5 MB of them');
  say(`\nBacklog: ${events} waiting events in ${batches} batches, ${fixed(per50k(raw) / 1e6, 1)} MB raw for 50,000`);
  say(`  wire   ${fixed(per50k(all('wireBytes')) / 1e6, 2)} MB for 50,000, both ways, headers included`);
  say(
    `  edge   ${fixed(edgeMs, 0)} ms CPU for 50,000, ${fixed(edgeMs / gzipMs, 2)} times gzip of the same bytes alone (${fixed(gzipMs, 0)} ms)`,
  );
  say(`  batch  ${fixed(events / batches, 0)} events, ${fixed(raw / batches / 1e6, 2)} MB`);
  say(
    `  JSON   read ${fixed(all('parses') / batches, 1)} times a batch, ${fixed(all('parsedChars') / batches, 0)} characters in all: answers, no line`,
  );
  return [
    figure('backlog.wire, 50,000 events', per50k(all('wireBytes')), ['<=', WIRE_BYTES_MAX, 'bytes']),
    figure('backlog.cpu of the edge, 50,000 events', edgeMs, ['<=', EDGE_MS_MAX, 'ms']),
    figure('backlog.read as JSON, to raw bytes', all('parsedChars') / raw, ['<=', PARSED_SHARE_MAX, 'ratio']),
  ];
}
