import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { BatchHeader } from '#shared/contract/uplink.ts';
import { cloudClient } from '../../edge-node/sync/cloud-client.ts';
import { enrol } from '../../edge-node/sync/enrol.ts';
import { httpLink } from '../../edge-node/sync/link.ts';
import { nodeKey } from '../../edge-node/sync/node-identity.ts';
import { CHECKS } from '../../edge-node/checks.ts';
import { openSender, type Sender } from '../../edge-node/sync/sender.ts';
import { buildTestEdge } from '../support/edge.ts';
import { cpuUs, serve } from './child.ts';
import { fillNight, playLong } from './night.ts';

/** A node that was without its cloud for 50,000 events, and its real sender, stepped by hand. */
const folder = process.env['BENCH_FOLDER'] ?? '';
const node = await buildTestEdge({ folder });
const { edge } = node;
await fillNight(edge);

/** What is read as JSON: of the lines that go up nothing should be. */
const parsed = { calls: 0, chars: 0 };
const parse = JSON.parse;
JSON.parse = (text: string, reviver) => {
  parsed.calls += 1;
  parsed.chars += text.length;
  return parse(text, reviver) as unknown;
};

const now: { sender: Sender | null; sent: BatchHeader | null } = { sender: null, sent: null };

const tasks = {
  fill: (events: number) => playLong(edge, events),
  /** Enrols straight, then sends through whatever stands at `url`. */
  connect: async ({ cloud, url, code }: { readonly cloud: string; readonly url: string; readonly code: string }) => {
    const key = nodeKey(readFileSync(path.join(folder, 'node.key'), 'utf8'));
    const { nodeId } = edge.log.genesis;
    const { receiptKeys } = await enrol(cloud, { code, nodeId, publicKey: key.publicJwk, version: 'bench' });
    const client = cloudClient(httpLink(url), key, nodeId);
    const push: typeof client.push = (logId, header, lines) => {
      now.sent = header;
      return client.push(logId, header, lines);
    };
    const sender = openSender({
      ...edge.history,
      clock: edge.clock,
      version: 'bench',
      nodeId,
      receiptKeys,
      checks: CHECKS,
      db: edge.db,
      log: edge.log,
      cloud: { ...client, push },
      newId: () => randomBytes(16).toString('hex'),
    });
    now.sender = sender;
    while (sender.state().link !== 'up') await sender.step();
  },
  /** Pushes one batch and answers what it was. */
  push: async () => {
    now.sent = null;
    const before = { ...parsed };
    // A heartbeat may come first, or keys.
    while (now.sent === null) {
      const next = await now.sender?.step();
      const isOver = now.sent === null && now.sender?.state().waiting === 0;
      if (isOver || (next?.next !== 'more' && next?.next !== 'idle'))
        throw new Error(`The cloud took no batch: ${JSON.stringify(next)}`);
    }
    const { from, n } = now.sent as BatchHeader;
    return {
      from,
      events: n,
      waiting: now.sender?.state().waiting ?? 0,
      parses: parsed.calls - before.calls,
      parsedChars: parsed.chars - before.chars,
    };
  },
  lines: ({ from, events }: { readonly from: number; readonly events: number }) => edge.log.linesFrom(from, events),
  cpuUs,
};
export type UplinkNodeTasks = typeof tasks;

serve(tasks, node.stop);
