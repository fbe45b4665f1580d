import { afterEach, expect, test } from 'vitest';
import { parseLine } from '#shared/contract/event-line.ts';
import { limits } from '../../edge-node/limits.ts';
import { openClub, pass, rowOf, stepWall, type Club } from '../support/night.ts';
import { faultsOf, linesOf, replayOf, tablesOf } from '../support/verify-log.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const newClub = async (wall?: number): Promise<Club> => (club = await openClub(wall === undefined ? {} : { wall }));

/** The same club after its box was off, with a wall clock that reads `wall`. */
async function reboot(one: Club, wall: number): Promise<Club> {
  await one.stop();
  club = await openClub({ folder: one.folder, boot: 'b_two', wall, mono: 5_000, openDay: false });
  return club;
}

const steps = ({ edge }: Club) =>
  linesOf(edge.sqlite).flatMap(({ line }) => {
    const logged = parseLine(line);
    return logged.type === 'clock.stepped' ? [logged.body.byMs] : [];
  });

/** A dancer in a room for an hour from now. */
async function roomForAnHour({
  owner,
  dancers,
  rooms,
}: Club): Promise<{ readonly session: string; readonly room: string }> {
  const [dancer = ''] = dancers;
  const [room = ''] = rooms;
  await owner.must('attendance.check_in', { dancer });
  const session = await owner.must('room_session.quote', { room, rate: 'vip60', dancers: [dancer] });
  await owner.must('room_session.start', { session });
  return { session, room };
}

/** What a screen's timer shows now. */
async function minutesLeft({ owner, clock }: Club, room: string): Promise<number> {
  const row = await rowOf(owner, 'room', room);
  return ((row?.session?.plannedEnd ?? Number.NaN) - clock.wall()) / MINUTE;
}

test('S11: time that passes is no step', async () => {
  const one = await newClub();
  for (let hour = 0; hour < 5; hour += 1) {
    pass(one.clock, HOUR);
    await one.owner.must('room.add', { name: `Room ${hour}` });
  }
  expect(steps(one)).toEqual([]);
});

test.each([limits.clockStepMs, -limits.clockStepMs])(
  'S11: a wall clock that is corrected by %i ms did not step',
  async (byMs) => {
    const one = await newClub();
    stepWall(one.clock, byMs);
    await one.owner.must('room.add', { name: 'Red' });
    expect(steps(one)).toEqual([]);
  },
);

test.each([limits.clockStepMs + 1, -limits.clockStepMs - 1, 40 * 365 * 24 * HOUR])(
  'S11: a wall clock that is set by %i ms is an event of its own, once, before what follows',
  async (byMs) => {
    const one = await newClub();
    const before = one.edge.log.head().seq;
    stepWall(one.clock, byMs);
    const given = await one.owner.give('room.add', { name: 'Red' });
    await one.owner.must('room.add', { name: 'Blue' });
    const types = linesOf(one.edge.sqlite)
      .slice(before)
      .map(({ line }) => parseLine(line).type);
    expect(types).toEqual(['clock.stepped', 'room.added', 'room.added']);
    expect(steps(one)).toEqual([byMs]);
    expect(given).toMatchObject({ answer: { from: before + 1, to: before + 2 } });
  },
);

test('S11: a step is kept also where the command that found it is refused', async () => {
  const one = await newClub();
  stepWall(one.clock, HOUR);
  expect((await one.owner.give('room.add', { name: 'VIP 1' })).ok).toBe(false);
  expect(steps(one)).toEqual([HOUR]);
});

test.each([-3 * HOUR, 90_000, 400 * 24 * HOUR])(
  'S11: a room keeps its sixty real minutes when the wall clock is set by %i ms',
  async (byMs) => {
    const one = await newClub();
    const { session, room } = await roomForAnHour(one);
    pass(one.clock, 20 * MINUTE);
    stepWall(one.clock, byMs);
    await one.owner.must('room.add', { name: 'Red' });
    expect(await minutesLeft(one, room)).toBe(40);
    pass(one.clock, 45 * MINUTE);
    await one.owner.must('room_session.end', { session, reason: 'time' });
    const ended = linesOf(one.edge.sqlite)
      .map(({ line }) => parseLine(line))
      .find(({ type }) => type === 'room_session.ended');
    expect(ended?.body).toMatchObject({ overMs: 5 * MINUTE });
  },
);

test('S11: the command that finds the step already counts with it', async () => {
  const one = await newClub();
  const { session } = await roomForAnHour(one);
  pass(one.clock, 60 * MINUTE);
  stepWall(one.clock, 2 * HOUR);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  const ended = linesOf(one.edge.sqlite)
    .map(({ line }) => parseLine(line))
    .find(({ type }) => type === 'room_session.ended');
  expect(ended?.body).toMatchObject({ overMs: 0 });
});

test.each([
  ['goes back', '2026-11-01T01:30:00-07:00', '2026-11-01T01:30:00-08:00', [-420, -480]],
  ['goes forward', '2026-03-08T01:30:00-08:00', '2026-03-08T03:30:00-07:00', [-480, -420]],
])(
  'S11: in the night that the clock on the wall %s a room keeps its sixty real minutes, and nothing stepped',
  async (_what, start, end, offsets) => {
    const one = await newClub(Date.parse(start));
    const { session, room } = await roomForAnHour(one);
    const row = await rowOf(one.owner, 'room', room);
    expect(row?.session?.plannedEnd).toBe(Date.parse(end));
    pass(one.clock, HOUR);
    await one.owner.must('room_session.end', { session, reason: 'time' });
    expect(steps(one)).toEqual([]);
    const logged = linesOf(one.edge.sqlite).map(({ line }) => parseLine(line));
    expect(
      ['room_session.started', 'room_session.ended'].map((type) => logged.find((line) => line.type === type)?.at.off),
    ).toEqual(offsets);
    expect(logged.find(({ type }) => type === 'room_session.ended')?.body).toMatchObject({ overMs: 0 });
  },
);

test('S11: a box that was off across midnight keeps the night, the room and its real minutes', async () => {
  const first = await newClub(Date.parse('2026-11-21T23:50:00-08:00'));
  const { session, room } = await roomForAnHour(first);
  const day = first.edge.reads.day.open();
  const second = await reboot(first, Date.parse('2026-11-22T00:20:00-08:00'));
  expect(second.edge.reads.day.open()).toEqual(day);
  expect(await minutesLeft(second, room)).toBe(30);
  expect(steps(second)).toEqual([]);
  const given = await second.owner.give('room_session.end', { session, reason: 'time' });
  const line = linesOf(second.edge.sqlite).find(({ pos }) => given.ok && pos === given.answer.to);
  expect(parseLine(line?.line ?? '{}')).toMatchObject({ day: day?.day, at: { boot: 'b_two', mono: 5_000 } });
});

test('S11: a box that wakes with a clock before its last event says so, and what runs keeps what was left', async () => {
  const first = await newClub();
  const { room } = await roomForAnHour(first);
  pass(first.clock, 10 * MINUTE);
  await first.owner.must('room.add', { name: 'Red' });
  const second = await reboot(first, Date.parse('1970-01-01T00:00:07Z'));
  expect(steps(second)).toEqual([Date.parse('1970-01-01T00:00:07Z') - first.clock.wall()]);
  expect(await minutesLeft(second, room)).toBe(50);
  stepWall(second.clock, first.clock.wall() + MINUTE - second.clock.wall());
  await second.owner.must('room.add', { name: 'Blue' });
  expect(steps(second)).toHaveLength(2);
  expect(await minutesLeft(second, room)).toBe(50);
});

test('S11: the start of a node is an event, with the boot that its monotonic clock belongs to', async () => {
  const first = await newClub();
  const second = await reboot(first, first.clock.wall() + MINUTE);
  const starts = linesOf(second.edge.sqlite)
    .map(({ line }) => parseLine(line))
    .filter(({ type }) => type === 'node.started');
  expect(starts.map(({ body, at }) => [body, at.boot])).toEqual(
    ['b_template', 'b_test', 'b_two'].map((boot) => [{ version: '0.1.0', boot }, boot]),
  );
});

test("S11: order is the log's, whatever the clocks read, and a replay gives the same tables", async () => {
  const one = await newClub();
  await roomForAnHour(one);
  for (const byMs of [-HOUR, 3 * HOUR, -40 * HOUR, HOUR]) {
    stepWall(one.clock, byMs);
    await one.owner.must('room.add', { name: `Room ${byMs}` });
  }
  expect(faultsOf(one.edge.sqlite)).toEqual([]);
  expect(replayOf(one.edge.sqlite)).toEqual(tablesOf(one.edge.sqlite));
});

test("S11: two tablets whose own clocks are ten minutes apart see one time, the node's", async () => {
  const one = await newClub();
  const { room } = await roomForAnHour(one);
  const host = await one.tablet('Victor');
  const [mine, theirs] = [await rowOf(one.owner, 'room', room), await rowOf(host, 'room', room)];
  expect(mine?.session?.plannedEnd).toBe(theirs?.session?.plannedEnd);
  expect(mine?.session?.plannedEnd).toBe(one.clock.wall() + HOUR);
});

test('S11: a night that nobody closed stays the night, days later', async () => {
  const one = await newClub();
  const open = one.edge.reads.day.open();
  pass(one.clock, 50 * HOUR);
  expect(await one.owner.give('day.open', { date: null })).toMatchObject({ problem: { code: 'day_open_already' } });
  const given = await one.owner.give('attendance.check_in', { dancer: one.dancers[0] ?? '' });
  expect(given.ok).toBe(true);
  expect(parseLine(linesOf(one.edge.sqlite).at(-1)?.line ?? '{}').day).toBe(open?.day);
});
