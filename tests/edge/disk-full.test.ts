import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { PairAnswer, Problem } from '#shared/contract/api.ts';
import { parseLine } from '#shared/contract/event-line.ts';
import { DEMO_PAIRING_CODE } from '../../edge-node/demo.ts';
import { nodeActor } from '../../edge-node/give.ts';
import { helloOf, openScreen } from '../support/live-screen.ts';
import { openClub, rowOf, stepWall, type Club } from '../support/night.ts';
import { smallDisk } from '../support/small-disk.ts';
import { asker, type Reply, type Tablet } from '../support/tablet.ts';
import { linesOf, replayOf, tablesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

const codeOf = (given: Awaited<ReturnType<Tablet['give']>>) => (given.ok ? 'ok' : given.problem.code);

/** Twenty at a time, until one is refused. Answers what was acknowledged and what it was refused for. */
async function fill(
  { owner }: Club,
  name: string,
): Promise<{ readonly accepted: readonly string[]; readonly codes: ReadonlySet<string> }> {
  const accepted: string[] = [];
  for (let turn = 0; turn < 2_000; turn += 1) {
    const names = Array.from({ length: 20 }, (_, at) => `${name} ${turn}/${at} ${'x'.repeat(50)}`);
    const given = await Promise.all(names.map((one) => owner.give('room.add', { name: one })));
    accepted.push(...names.filter((_, at) => given[at]?.ok));
    const codes = new Set(given.map(codeOf));
    if (codes.size > 1 || !codes.has('ok')) return { accepted, codes };
  }
  throw new Error('The disk never got full.');
}

/** Whatever the disk did: everything acknowledged is there, once, and nothing else. */
function expectAccepted(club: Club, accepted: readonly string[]): void {
  const { sqlite } = club.edge;
  const rooms = new Set(club.edge.reads.club.rooms().map(({ name }) => name));
  expect(accepted.filter((name) => !rooms.has(name))).toEqual([]);
  expect(rooms.size).toBe(accepted.length + 12);
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  expectWhole(club);
  expect(club.edge.log.head().seq).toBe(linesOf(sqlite).length);
}

/** While it is full: no command is taken that needs room, everything can be read, and screens stay. Answers what still fitted. */
async function expectReadsGoOn(club: Club): Promise<readonly string[]> {
  const fitted: string[] = [];
  for (;;) {
    const name = `Last ${fitted.length} ${'x'.repeat(60)}`;
    const code = codeOf(await club.owner.give('room.add', { name }));
    if (code === 'ok') fitted.push(name);
    else break;
  }
  expect(await club.owner.give('room.add', { name: `Last ${'x'.repeat(70)}` })).toMatchObject({
    problem: { code: 'disk_full', status: 507 },
  });
  const { seq } = club.edge.log.head();
  expect((await rowOf(club.owner, 'day', 'day'))?.state).toBe('OPEN');
  const screen = openScreen(club.url, helloOf(club.owner.token));
  await screen.until('its first rows', () => screen.seq() === seq);
  await screen.close();
  return fitted;
}

test('S6: with no room in the database file commands are refused, reads go on, nothing is corrupt, and room heals it', async () => {
  const club = await openClub();
  const { sqlite } = club.edge;
  const pages = Number(sqlite.pragma('page_count', { simple: true }));
  sqlite.pragma(`max_page_count = ${pages + 40}`);
  const first = await fill(club, 'First');
  expect(first.codes).toContain('disk_full');
  expect(new Set([...first.codes, 'ok', 'disk_full'])).toEqual(new Set(['ok', 'disk_full']));
  const accepted = [...first.accepted, ...(await expectReadsGoOn(club))];
  expectAccepted(club, accepted);
  sqlite.pragma(`max_page_count = ${pages + 4_000}`);
  await club.owner.must('room.add', { name: 'There is room' });
  expectAccepted(club, [...accepted, 'There is room']);
  await club.close();
});

test('S6: signing in and pairing say that the disk is full, too', async () => {
  const club = await openClub();
  const { sqlite } = club.edge;
  const pair = (name: string) =>
    asker(club.url, {})<PairAnswer & Problem>('POST', '/api/v1/devices', { code: DEMO_PAIRING_CODE, name });
  const device = asker(club.url, { 'clubops-device': (await pair('first')).body.token });
  const signIn = () => device<Problem>('POST', '/api/v1/sessions', { staff: club.owner.staff, pin: '1111' });
  sqlite.pragma(`max_page_count = ${Number(sqlite.pragma('page_count', { simple: true }))}`);
  expect(await untilRefused(signIn)).toMatchObject({ status: 507, body: { code: 'disk_full' } });
  expect(await untilRefused(() => pair('x'.repeat(80)))).toMatchObject({ status: 507, body: { code: 'disk_full' } });
  sqlite.pragma('max_page_count = 100000');
  expect((await signIn()).status).toBe(200);
  expect((await pair('last')).status).toBe(200);
  await club.close();
});

async function untilRefused<T>(ask: () => Promise<Reply<T>>): Promise<Reply<T>> {
  for (;;) {
    const reply = await ask();
    if (reply.status !== 200) return reply;
  }
}

test('S6: a step of the clock that was undone with its commit is found again', async () => {
  const club = await openClub();
  const { sqlite } = club.edge;
  const head = club.edge.log.head();
  sqlite.pragma(`max_page_count = ${Number(sqlite.pragma('page_count', { simple: true })) + 3}`);
  stepWall(club.clock, 3_600_000);
  const by = () => ({ key: randomUUID(), actor: nodeActor('test') });
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      club.edge.command('room.add', { name: `Room ${at} ${'x'.repeat(60)}` }, by()),
    ),
  );
  expect(new Set(answers.map((answer) => (answer.ok ? 'ok' : answer.refusal)))).toEqual(new Set(['disk_full']));
  expect(club.edge.log.head()).toEqual(head);
  sqlite.pragma('max_page_count = 100000');
  await club.owner.must('room.add', { name: 'There is room' });
  const types = linesOf(sqlite)
    .slice(head.seq)
    .map(({ line }) => parseLine(line).type);
  expect(types).toEqual(['clock.stepped', 'room.added']);
  await club.close();
});

const disk = smallDisk(3);

test.skipIf(disk === null)(
  'S6: on a disk that is full commands are refused, reads go on, nothing is corrupt, and it recovers by itself (skipped where we are not root, who alone may mount a tmpfs)',
  async () => {
    const folder = path.join(disk?.mount ?? '', 'data');
    mkdirSync(folder);
    const club = await openClub({ folder });
    disk?.leave(null);
    const first = await fill(club, 'First');
    expect(new Set([...first.codes, 'ok'])).toEqual(new Set(['ok', 'disk_full']));
    const accepted = [...first.accepted, ...(await expectReadsGoOn(club))];
    expectAccepted(club, accepted);
    disk?.free();
    const second = await fill(club, 'Second');
    expect(second.accepted.length).toBeGreaterThan(0);
    expectAccepted(club, [...accepted, ...second.accepted]);
    await club.stop();
  },
  120_000,
);

/** A guest comes in, pays nothing yet, and rooms are named: rows of a dozen tables in one commit. */
function aCommit({ edge, dancers }: Club, round: number) {
  const actor = nodeActor('test');
  const rooms = Array.from({ length: 15 }, (_none, at) => `Round ${round}/${at} ${'x'.repeat(60)}`);
  return {
    rooms,
    give: () =>
      Promise.all([
        edge.command('attendance.check_in', { dancer: dancers[round] ?? '' }, { key: `in ${round}`, actor }),
        ...rooms.map((name) => edge.command('room.add', { name }, { key: name, actor })),
      ]),
  };
}

/** The same commit with one page more of room each time, until it fits: wherever it is broken off, nothing of it is left. */
async function breakOffAtEveryPage(
  club: Club,
  room: { readonly leave: (pages: number) => void; readonly free: () => void },
): Promise<number> {
  const { edge } = club;
  const accepted: string[] = [];
  for (let round = 0; round < club.dancers.length; round += 1) {
    edge.sqlite.pragma('wal_checkpoint(TRUNCATE)');
    const head = edge.log.head();
    const commit = aCommit(club, round);
    room.leave(round);
    const first = new Set((await commit.give()).map((answer) => (answer.ok ? 'ok' : answer.refusal)));
    accepted.push(...commit.rooms);
    // One commit: all of it or nothing.
    expect([['ok'], ['disk_full']]).toContainEqual([...first]);
    if (first.has('ok')) {
      room.free();
      expectAccepted(club, accepted);
      return round;
    }
    expect(edge.log.head()).toEqual(head);
    expect(linesOf(edge.sqlite)).toHaveLength(head.pos);
    room.free();
    expect(replayOf(edge.sqlite)).toEqual(tablesOf(edge.sqlite));
    expect((await commit.give()).filter(({ ok }) => !ok)).toEqual([]);
  }
  throw new Error('It never fitted.');
}

test('S6: a commit that is broken off at any page that it wants in the database leaves no half event, and is taken when there is room', async () => {
  const club = await openClub();
  const { sqlite } = club.edge;
  const limit = (pages: number): void => void sqlite.pragma(`max_page_count = ${pages}`);
  const brokenOff = await breakOffAtEveryPage(club, {
    leave: (pages) => limit(Number(sqlite.pragma('page_count', { simple: true })) + pages),
    free: () => limit(1_000_000),
  });
  expect(brokenOff).toBeGreaterThan(3);
  await club.close();
});

const other = smallDisk(4);

test.skipIf(other === null)(
  'S6: a commit that is broken off at any page that it writes to the disk leaves no half event, and is taken when there is room (skipped where we are not root, who alone may mount a tmpfs)',
  async () => {
    const folder = path.join(other?.mount ?? '', 'data');
    mkdirSync(folder);
    const club = await openClub({ folder });
    const brokenOff = await breakOffAtEveryPage(club, {
      leave: (pages) => other?.leave(pages),
      free: () => other?.free(),
    });
    expect(brokenOff).toBeGreaterThan(8);
    await club.stop();
  },
);

afterAll(() => {
  for (const one of [disk, other]) one?.remove();
});
