import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyBatch } from '../../control-plane/app.ts';
import { nodeActor } from '../../edge-node/give.ts';
import { limits } from '../../edge-node/limits.ts';
import { callable, fillNight } from '../bench/night.ts';
import { caughtUp } from '../support/agreement.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { newKey } from '../support/key.ts';
import { newFolder, openClub, pass, type Club } from '../support/night.ts';
import { shortenWaits } from '../support/short-waits.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { linesOf } from '../support/verify-log.ts';
import { parseLine } from '#shared/contract/event-line.ts';

shortenWaits();
const DAYS = 7;
const EVENTS = 70_000;
const DAY_MS = 86_400_000;
/** 1 Mbit/s, sixteen times as fast, so that the test is sixteen times as short. */
const BYTES_PER_SECOND = (1_000_000 / 8) * 16;
const AT_ONCE = 1_024;
type Batch = { readonly events: number; readonly bytes: number };
let batches: Batch[];
let at: ClubCloud;
let wire: TcpProxy;
let folder: string;
beforeEach(async () => {
  batches = [];
  at = await openClubCloud('127.0.0.1', {
    verifyBatch: (batch, cursor, held) => {
      const bytes = batch.lines.reduce((sum, line) => sum + line.length + 1, 0);
      batches.push({ events: batch.lines.length, bytes });
      return verifyBatch(batch, cursor, held);
    },
  });
  wire = await tcpProxy(at.url);
  folder = await newFolder();
  await at.enrol(folder);
});
afterEach(async () => {
  await wire.close();
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A week in which the DJ calls and calls; nothing of it gets out. */
async function aWeekAlone({ edge, clock }: Club): Promise<void> {
  await fillNight(edge);
  const entries = callable(edge);
  const actor = nodeActor('dj');
  for (let day = 1; day <= DAYS; day += 1) {
    while (edge.log.head().pos < (EVENTS * day) / DAYS) {
      const some = Array.from({ length: AT_ONCE }, (_none, nth) => entries[nth % entries.length] ?? '');
      const calls = some.map((entry, nth) => ({ entry, away: (nth % 3) + 1 }));
      const answers = await Promise.all(
        calls.map((call) => edge.command('rotation.call', call, { key: newKey(), actor })),
      );
      expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    }
    pass(clock, DAY_MS);
  }
}

test(`S15: after ${DAYS} days without the cloud ${EVENTS} events go through a narrow wire, newest word first, and the floor goes on`, async () => {
  wire.cut();
  const club = await openClub({ folder, cloudUrl: wire.url, openDay: false });
  await aWeekAlone(club);
  const { edge, clock, owner } = club;
  const head = edge.log.head().seq;
  expect(head).toBeGreaterThanOrEqual(EVENTS);
  wire.spoil({ kind: 'narrow', bytesPerSecond: BYTES_PER_SECOND });
  wire.restore();
  await until('the newest word', async () => (await at.boxWord())?.head === head);
  const word = await at.boxWord();
  expect(word?.waiting).toBe(head);
  expect(word?.oldestMs).toBeGreaterThanOrEqual(DAYS * DAY_MS);
  expect((await at.log())?.acked ?? 0).toBeLessThan(head / 2);
  let answered = 0;
  const heads = new Set<number>();
  for (let room = 0; edge.cloud().waiting > limits.uplinkBatchEventsMax; room += 1) {
    await owner.must('room.add', { name: `While it drains ${room}` });
    answered += 1;
    pass(clock, 60);
    const [heard, log] = [await at.boxWord(), await at.log()];
    if (heard && log && heard.head > log.acked + limits.uplinkBatchEventsMax) heads.add(heard.head);
  }
  // While it drains the cloud hears again and again how far the box is, far ahead of what it has.
  expect(heads.size).toBeGreaterThan(1);
  expect(answered).toBeGreaterThan(10);
  await caughtUp(club, at, 40_000);
  const since = linesOf(edge.sqlite)
    .slice(head)
    .map(({ line }) => parseLine(line).type);
  expect(since.filter((type) => type === 'room.added')).toHaveLength(answered);
  const [largest, longest] = [
    Math.max(...batches.map(({ events }) => events)),
    Math.max(...batches.map(({ bytes }) => bytes)),
  ];
  expect(batches.reduce((sum, { events }) => sum + events, 0)).toBe(head + since.length);
  expect(largest).toBeLessThanOrEqual(limits.uplinkBatchEventsMax);
  expect(longest).toBeLessThanOrEqual(limits.uplinkBatchBytesMax);
  expect(batches.length).toBeGreaterThan(EVENTS / limits.uplinkBatchEventsMax);
  const [night] = await at.nights();
  expect(night?.totalsCents).toEqual(Object.fromEntries(edge.reads.day.totalsOf(night?.day ?? '')));
  await club.stop();
}, 120_000);
