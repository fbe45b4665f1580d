import { randomBytes } from 'node:crypto';
import process from 'node:process';
import fastify from 'fastify';
import { WebSocketServer } from 'ws';
import { LIVE_PATH } from '#shared/contract/live.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase } from '../../edge-node/db/open.ts';
import { cpuUs, serve } from './child.ts';
import { newKey } from '../support/key.ts';

/** The limit of a live node: the same commit by bare statements, then one buffer that was made before to every socket. */
const { sqlite } = openDatabase(`${process.env['BENCH_FOLDER']}/bare.db`, openAssets(), null);
const frame = Buffer.from(`{"f":"events",${' '.repeat(Number(process.env['BENCH_FRAME_BYTES']) - 15)}}`);
const commit = openCommit();
const app = fastify();
app.post('/tap', async () => {
  const answer = commit();
  for (const socket of sockets.clients) socket.send(frame, { binary: false, compress: false });
  return answer;
});
const sockets = new WebSocketServer({ server: app.server, path: LIVE_PATH, perMessageDeflate: false });
sockets.on('connection', (socket) => socket.once('message', () => socket.send(Buffer.alloc(1), { binary: true })));
const url = await app.listen({ host: '127.0.0.1', port: 0 });

/** The rows that a rotation.call writes. */
function openCommit() {
  const begin = sqlite.prepare('BEGIN IMMEDIATE');
  const event = sqlite.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?)');
  const answer = sqlite.prepare(
    'INSERT INTO command_answer (key, fingerprint, from_pos, to_pos, born) VALUES (?, ?, ?, ?, ?)',
  );
  const entry = sqlite.prepare(`UPDATE rotation_entry SET state = 'CALLED', away = ?, version = ? WHERE entry = 'e1'`);
  const count = sqlite.prepare(
    `INSERT INTO night_count VALUES ('d', 'rotation.called', 1) ON CONFLICT DO UPDATE SET n = n + 1`,
  );
  const end = sqlite.prepare('COMMIT');
  sqlite.exec(`INSERT INTO rotation_entry VALUES ('e1', 's', 'a', 'd', 'WAITING', NULL, 1, 1, 0, 1)`);
  const line = 'x'.repeat(450);
  const hash = randomBytes(32);
  let pos = 0;
  return () => {
    pos += 1;
    begin.run();
    event.run(pos, 'log', pos, line, hash);
    answer.run(newKey(), randomBytes(16), pos, pos, newKey());
    entry.run(1, pos);
    count.run();
    end.run();
    return { from: pos, to: pos };
  };
}

const tasks = { target: () => ({ url, tokens: ['none'], paths: ['/tap'] }), cpuUs };
export type BareLiveTasks = typeof tasks;

serve(tasks, async () => {
  for (const socket of sockets.clients) socket.terminate();
  await app.close();
  sqlite.close();
});
