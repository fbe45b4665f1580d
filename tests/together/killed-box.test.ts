import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseLine } from '#shared/contract/event-line.ts';
import type { Answer } from '../../edge-node/log/answers.ts';
import { caughtUp, expectAgreement } from '../support/agreement.ts';
import { bundleChild, type BundledChild } from '../support/bundled-child.ts';
import { openClubCloud } from '../support/club-cloud.ts';
import { bootBox } from '../support/data-files.ts';
import { seeded, type Seeded } from '../support/seeded.ts';
import { shortenWaits } from '../support/short-waits.ts';

shortenWaits();
const LANES = 2;
const KILLS = 100;
const POSTERS = 8;
const ACKNOWLEDGED_MAX = 40;
let child: BundledChild;
beforeAll(async () => {
  child = await bundleChild('killed-child');
});
const started: ChildProcess[] = [];
afterAll(() => {
  for (const one of started) one.kill('SIGKILL');
  child.remove();
});

type Done = Extract<Answer, { readonly ok: true }>;
/** What a tablet knows: first answers by key, and what it got no answer to. */
type Book = { readonly acknowledged: Map<string, Done>; readonly unanswered: Map<string, string> };

/** A process that has loaded its program and opened nothing. */
async function load(folder: string, url: string): Promise<ChildProcess> {
  const loaded = fork(child.file, [folder, url], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  started.push(loaded);
  await new Promise((resolve, reject) => {
    loaded.once('message', resolve);
    loaded.once('exit', (code) => reject(new Error(`The node ended with ${code} before it was loaded.`)));
  });
  loaded.removeAllListeners('exit');
  return loaded;
}

/** Gives commands, several at a time, until so many were answered; kills it in the middle of the next. */
async function runUntilKilled(node: ChildProcess, book: Book, seed: Seeded): Promise<void> {
  const exited = new Promise((resolve) => node.once('exit', resolve));
  const tooEarly = exited.then((code) => Promise.reject(new Error(`The node ended by itself with ${String(code)}.`)));
  const opened = new Promise((resolve) => node.once('message', resolve));
  node.send({ open: true });
  await Promise.race([opened, tooEarly]);
  const again = [...book.unanswered];
  const goal = seed.between(1, ACKNOWLEDGED_MAX);
  let answers = 0;
  const next = (): void => {
    const [key, name] = again.pop() ?? [randomUUID(), `Room ${randomUUID()}`];
    book.unanswered.set(key, name);
    node.send({ key, name });
  };
  const reached = new Promise<void>((resolve, reject) => {
    node.on('message', ({ key, answer }: { readonly key: string; readonly answer: Answer }) => {
      if (!answer.ok) return reject(new Error(`${key} was refused: ${answer.refusal}`));
      book.acknowledged.set(key, answer);
      book.unanswered.delete(key);
      answers += 1;
      if (answers === goal) setTimeout(resolve, seed.next() * 4);
      return next();
    });
    for (let poster = 0; poster < POSTERS; poster += 1) next();
  });
  await Promise.race([reached, tooEarly]);
  tooEarly.catch(() => undefined);
  node.removeAllListeners('message');
  node.kill('SIGKILL');
  await exited;
}

test(`S4: killed at ${LANES * KILLS} points of its writes and pushes a box loses nothing that it acknowledged, doubles nothing, and the cloud ends equal`, async () => {
  let asked = 0;
  const lane = async (number: number): Promise<void> => {
    const at = await openClubCloud();
    const folder = mkdtempSync('/var/tmp/clubops-killed-');
    const seed = seeded(number);
    const book: Book = { acknowledged: new Map(), unanswered: new Map() };
    try {
      await at.enrol(folder);
      let next = await load(folder, at.url);
      for (let kill = 0; kill < KILLS; kill += 1) {
        const [running, loading] = [next, load(folder, at.url)];
        asked += book.unanswered.size;
        await runUntilKilled(running, book, seed);
        next = await loading;
      }
      next.kill('SIGKILL');
      const box = await bootBox(folder, { cloudUrl: at.url, boot: 'b_last' });
      await caughtUp(box, at, 30_000);
      const lines = (await expectAgreement(box, at)).map((line, index) => ({ pos: index + 1, ...parseLine(line) }));
      const added = lines.filter(({ type }) => type === 'room.added');
      const places = new Map(added.map(({ cmd, pos }) => [cmd, pos]));
      expect(places.size).toBe(added.length);
      expect([...book.acknowledged].filter(([key, { to }]) => places.get(key) !== to)).toEqual([]);
      expect(added.filter(({ cmd }) => !book.acknowledged.has(cmd) && !book.unanswered.has(cmd))).toEqual([]);
      await box.stop();
    } finally {
      await at.close();
      rmSync(folder, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_none, number) => lane(number)));
  expect(asked).toBeGreaterThan(LANES * KILLS);
}, 180_000);
