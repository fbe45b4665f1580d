import { figure, fixed, say, sum, type Figure } from './figure.ts';
import { drain, type Round } from './uplink.ts';

const EVENTS = 50_000;
const WIRE_BYTES_MAX = 3_800_000;
const EDGE_MS_MAX = 500;

/** 50,000 waiting events on their way to the cloud: what they weigh on the wire, and what they cost the box. */
export async function sync(): Promise<readonly Figure[]> {
  const { rounds } = await drain();
  const all = (key: keyof Round) => sum(rounds.map((one) => one[key]));
  const events = all('events');
  const per50k = (total: number) => (total / events) * EVENTS;
  const edgeMs = per50k(all('edge')) / 1_000;
  const gzipMs = per50k(all('gzip')) / 1_000;
  say(`\nSync: ${events} waiting events, ${fixed(per50k(all('rawBytes')) / 1e6, 1)} MB raw for 50,000`);
  say(`  wire   ${fixed(per50k(all('wireBytes')) / 1e6, 2)} MB for 50,000, both ways, headers included`);
  say(`  edge   ${fixed(edgeMs, 0)} ms CPU for 50,000; gzip of the same bytes alone ${fixed(gzipMs, 0)} ms`);
  say(`  batch  ${fixed(events / all('batches'), 0)} events, ${fixed(all('rawBytes') / all('batches') / 1e6, 2)} MB`);
  return [
    figure('sync.wire, 50,000 events', per50k(all('wireBytes')), ['<=', WIRE_BYTES_MAX, 'bytes']),
    figure('sync.cpu of the edge, 50,000 events', edgeMs, ['<=', EDGE_MS_MAX, 'ms']),
  ];
}
