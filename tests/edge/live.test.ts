import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { LIVE_CLOSE, type RowChange, type Since } from '#shared/contract/live.ts';
import { limits } from '../../edge-node/limits.ts';
import { nodeActor } from '../../edge-node/give.ts';
import { helloOf, openScreen, rowsOfView, type LiveScreen } from '../support/live-screen.ts';
import { openClub, stepWall, type Club } from '../support/night.ts';
import { playRandomly } from '../support/random-night.ts';
import type { Tablet } from '../support/tablet.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const newClub = async (): Promise<Club> => (club = await openClub());

/** A screen that has shown its first rows. */
async function screenOf(one: Club, { token }: Tablet, since: Since | null = null): Promise<LiveScreen> {
  const screen = openScreen(one.url, helloOf(token, since));
  await screen.until('its first rows', () => screen.seq() !== null);
  return screen;
}
const NOWHERE: Since = { seq: 0, hash: '' };
const here = ({ edge }: Club): Since => ({
  seq: edge.log.head().pos,
  hash: edge.log.head().hash.toString('hex').slice(0, 16),
});
const caughtUp = (screen: LiveScreen, { edge }: Club) =>
  screen.until('the last commit', () => screen.seq() === edge.log.head().pos);
const asText = (rows: ReadonlyMap<string, unknown>) =>
  [...rows].map(([key, row]) => `${key} ${JSON.stringify(row)}`).toSorted();
const viewOf = async (tablet: Tablet) =>
  rowsOfView((await tablet.ask<{ rows: readonly RowChange[] }>('GET', '/api/v1/view')).body.rows);

/** A night with something of everything in it. */
async function furnish(one: Club): Promise<void> {
  const { owner, dancers, rooms, drawers, stage } = one;
  const [jade = '', ruby = ''] = dancers;
  await owner.must('drawer.open', { drawer: drawers[0] ?? '', responsible: owner.staff, bankCents: 12_345 });
  for (const dancer of [jade, ruby]) {
    await owner.must('attendance.check_in', { dancer });
    await owner.must('rotation.add', { stage, dancer });
  }
  const session = await owner.must('room_session.quote', { room: rooms[0] ?? '', rate: 'vip30', dancers: [ruby] });
  await owner.must('room_session.start', { session });
}

test('a screen gets a snapshot first, a beat, and then each commit as it happens', async () => {
  const one = await newClub();
  const screen = await screenOf(one, one.owner);
  expect(screen.frames[0]).toMatchObject({
    f: 'snapshot',
    seq: one.edge.log.head().pos,
    now: one.clock.wall(),
    cloud: { link: 'off', waiting: 0 },
  });
  expect(screen.frames[1]).toMatchObject({ f: 'beat', seq: one.edge.log.head().pos });
  const [dancer = ''] = one.dancers;
  const given = await one.owner.give('attendance.check_in', { dancer });
  await caughtUp(screen, one);
  const { from, to } = given.ok ? given.answer : { from: 0, to: 0 };
  expect(screen.frames.at(-1)).toMatchObject({
    f: 'events',
    from,
    to,
    list: [['attendance', dancer, { state: 'CHECKED_IN', where: 'floor', fee: { state: 'ASSESSED', cents: 6_000 } }]],
  });
});

test('every screen is given the same blobs to keep, and they cover each commit once', async () => {
  const one = await newClub();
  const tablets = [one.owner, await one.tablet('DJ'), await one.tablet('Victor')];
  const screens = await Promise.all(tablets.map((tablet) => screenOf(one, tablet)));
  const [{ seq }, began] = [one.edge.log.head(), screens.map(({ tails }) => tails.length)];
  await furnish(one);
  await Promise.all(screens.map((screen) => caughtUp(screen, one)));
  const kept = screens.map(({ tails }, at) => tails.slice(began[at]));
  expect(kept[1]).toEqual(kept[0]);
  expect(kept[2]).toEqual(kept[0]);
  const places = (kept[0] ?? []).flatMap(({ seq: last, n }) => Array.from({ length: n }, (_, at) => last - n + 1 + at));
  expect(places).toEqual(Array.from({ length: one.edge.log.head().seq - seq }, (_, at) => seq + 1 + at));
  expect(JSON.stringify(kept)).not.toMatch(/checked_in|Jade/);
});

test('a screen that was away gets exactly what it missed', async () => {
  const one = await newClub();
  await furnish(one);
  const watching = await screenOf(one, one.owner);
  const first = await screenOf(one, one.owner);
  const since = first.since() ?? NOWHERE;
  await first.close();
  const [, , star = ''] = one.dancers;
  await one.owner.must('attendance.check_in', { dancer: star });
  await one.owner.must('rotation.add', { stage: one.stage, dancer: star });
  const back = await screenOf(one, one.owner, since);
  await caughtUp(watching, one);
  expect(back.frames[0]).toMatchObject({ f: 'events', from: since.seq + 1, to: one.edge.log.head().pos });
  const missed = new Map([...first.rows, ...back.rows]);
  expect(asText(missed)).toEqual(asText(watching.rows));
  expect(asText(back.rows).length).toBeLessThan(5);
});

test('a screen that missed nothing gets nothing', async () => {
  const one = await newClub();
  const since = here(one);
  const screen = await screenOf(one, one.owner, since);
  expect(screen.frames[0]).toEqual({
    f: 'events',
    from: since.seq + 1,
    to: since.seq,
    hash: since.hash,
    list: [],
    tails: [],
  });
});

test.each([
  [limits.liveMissedEventsMax, 'events'],
  [limits.liveMissedEventsMax + 1, 'snapshot'],
])('a screen that missed %i events gets %s', async (missed, f) => {
  const one = await newClub();
  await furnish(one);
  const since = here(one);
  const entry = one.edge.reads.rotation.ofDancer(one.dancers[0] ?? '')[0]?.entry ?? '';
  const by = () => ({ key: randomUUID(), actor: nodeActor('test') });
  await Promise.all(
    Array.from({ length: missed }, (_, at) => one.edge.command('rotation.call', { entry, away: at % 4 }, by())),
  );
  expect(one.edge.log.head().pos).toBe(since.seq + missed);
  const screen = await screenOf(one, one.owner, since);
  expect(screen.frames[0]?.f).toBe(f);
});

test('a screen that knows another history than this one gets a snapshot', async () => {
  const one = await newClub();
  const { seq, hash } = here(one);
  const others = [
    { seq: seq + 1, hash },
    { seq, hash: hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) },
    { seq: -1, hash },
    { seq: 1.5, hash },
    { seq: String(seq), hash },
    seq,
    '7',
    null,
  ];
  for (const since of others) {
    const screen = openScreen(one.url, { f: 'hello', token: one.owner.token, since });
    await screen.until('its first rows', () => screen.seq() !== null);
    expect(screen.frames[0]).toMatchObject({ f: 'snapshot', seq });
  }
});

/** Every amount in a screen's rows, by where it stands. */
function amountsIn(rows: ReadonlyMap<string, unknown>): readonly string[] {
  const found: string[] = [];
  const look = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, one] of Object.entries(value)) {
      if (/cents$/i.test(key) && one !== null) found.push(`${at}.${key}`);
      look(one, `${at}.${key}`);
    }
  };
  for (const [key, row] of rows) look(row, key.split('/')[0] ?? '');
  return [...new Set(found)];
}
const tablesIn = (rows: ReadonlyMap<string, unknown>) => new Set([...rows.keys()].map((key) => key.split('/')[0]));

test('the booth sees names, places and times: no price, no fee, no drawer, by snapshot, by event and by REST', async () => {
  const one = await newClub();
  const dj = await one.tablet('DJ');
  const early = await screenOf(one, dj);
  await furnish(one);
  await one.owner.must('price_list.set', {
    houseFeeCents: 7_000,
    roomRates: [{ rate: 'vip30', name: '30', minutes: 30, grossCents: 31_000, houseCents: 11_000 }],
  });
  await caughtUp(early, one);
  const late = await screenOf(one, dj);
  for (const rows of [early.rows, late.rows, await viewOf(dj)]) {
    expect(amountsIn(rows)).toEqual([]);
    expect(tablesIn(rows)).toEqual(new Set(['club', 'day', 'stage', 'attendance', 'entry', 'room']));
  }
});

test('who handles cash sees prices, fees and drawers, but not the bank in them', async () => {
  const one = await newClub();
  const host = await one.tablet('Victor');
  const early = await screenOf(one, host);
  await furnish(one);
  await caughtUp(early, one);
  for (const rows of [early.rows, await viewOf(host)]) {
    expect(new Set(amountsIn(rows))).toEqual(
      new Set([
        'club.rates.0.grossCents',
        'club.rates.0.houseCents',
        'club.rates.1.grossCents',
        'club.rates.1.houseCents',
        'club.rates.2.grossCents',
        'club.rates.2.houseCents',
        'attendance.fee.cents',
        'room.session.grossCents',
      ]),
    );
    expect(tablesIn(rows).has('drawer')).toBe(true);
  }
});

test('the owner sees the bank too, and nobody sees what the ledger expects in a drawer before it is counted', async () => {
  const one = await newClub();
  await furnish(one);
  const screen = await screenOf(one, one.owner);
  expect(amountsIn(screen.rows)).toContain('drawer.bankCents');
  expect(JSON.stringify([...screen.rows])).not.toMatch(/expected/i);
});

test('no screen sees a legal name or a birth date', async () => {
  const one = await newClub();
  await furnish(one);
  const screen = await screenOf(one, one.owner);
  expect(JSON.stringify([...screen.rows])).not.toMatch(/Demo Person|legal|birth/i);
});

test('the close of a night brings every screen a snapshot without it', async () => {
  const one = await newClub();
  const [dancer = ''] = one.dancers;
  await one.owner.must('attendance.check_in', { dancer });
  const fee = one.edge.reads.attendance.owedBy(dancer)[0]?.fee ?? '';
  await one.owner.must('house_fee.waive', { fee, reason: 'test' });
  await one.owner.must('attendance.check_out', { dancer });
  const screen = await screenOf(one, one.owner);
  expect(tablesIn(screen.rows).has('attendance')).toBe(true);
  await one.owner.must('day.begin_closing', {});
  await one.owner.must('day.close', {});
  await caughtUp(screen, one);
  expect(screen.frames.filter(({ f }) => f === 'snapshot')).toHaveLength(2);
  expect(tablesIn(screen.rows)).toEqual(new Set(['club', 'stage', 'room', 'drawer']));
  expect(asText(screen.rows)).toEqual(asText(await viewOf(one.owner)));
});

test('when the clock was set every screen gets the new instants in a snapshot', async () => {
  const one = await newClub();
  await furnish(one);
  const screen = await screenOf(one, one.owner);
  stepWall(one.clock, 3_600_000);
  await one.owner.must('room.add', { name: 'Red' });
  await caughtUp(screen, one);
  expect(screen.frames.filter(({ f }) => f === 'snapshot')).toHaveLength(2);
  expect(asText(screen.rows)).toEqual(asText(await viewOf(one.owner)));
});

test.each([1, 2, 3])(
  'whatever is done, idle screens of one sight hold the same rows, and those that a new one gets (seed %i)',
  async (seed) => {
    const one = await newClub();
    const [dj, host] = [await one.tablet('DJ'), await one.tablet('Victor')];
    const screens = await Promise.all(
      [one.owner, one.owner, host, host, dj, dj].map((tablet) => screenOf(one, tablet)),
    );
    const accepted = await playRandomly(one, seed, 250);
    expect(accepted).toBeGreaterThan(100);
    await Promise.all(screens.map((screen) => caughtUp(screen, one)));
    for (const [at, tablet] of [one.owner, host, dj].entries()) {
      const truth = asText(await viewOf(tablet));
      expect(asText(screens[at * 2]?.rows ?? new Map())).toEqual(truth);
      expect(asText(screens[at * 2 + 1]?.rows ?? new Map())).toEqual(truth);
    }
    expectWhole(one);
  },
);

test('a screen that does not keep up is let go, and comes back to the same rows', async () => {
  const one = await newClub();
  const slow = await screenOf(one, one.owner);
  const quick = await screenOf(one, one.owner);
  const since = slow.since();
  slow.socket.pause();
  const name = '€'.repeat(80);
  const roomRates = Array.from({ length: 64 }, (_, at) => ({
    rate: `r${at}`,
    name,
    minutes: 1,
    grossCents: 1,
    houseCents: 1,
  }));
  const dropped = () => one.edge.hub.sockets() === 1;
  for (let turn = 0; turn < 1_500 && !dropped(); turn += 1) {
    await one.edge.command(
      'price_list.set',
      { houseFeeCents: turn, roomRates },
      { key: randomUUID(), actor: nodeActor('test') },
    );
    if (turn % 20 === 19) await caughtUp(quick, one);
  }
  slow.socket.resume();
  expect(await slow.closed).toBe(LIVE_CLOSE.tooSlow);
  const back = await screenOf(one, one.owner, since);
  await caughtUp(quick, one);
  expect(back.rows.get('club/club')).toEqual(quick.rows.get('club/club'));
  expect(quick.socket.readyState).toBe(quick.socket.OPEN);
});

test.each([
  ['no JSON', 'hello', LIVE_CLOSE.badFrame],
  ['no hello', { f: 'snapshot', token: 'x' }, LIVE_CLOSE.badFrame],
  ['a hello without a token', { f: 'hello' }, LIVE_CLOSE.badFrame],
  ['null', 'null', LIVE_CLOSE.badFrame],
  ['a token of nobody', helloOf('A'.repeat(43)), LIVE_CLOSE.notSignedIn],
  ['a frame of more than 4 KB', { f: 'hello', token: 'x'.repeat(limits.liveFrameBytesMax) }, 1009],
])('a screen that begins with %s is closed and shown nothing', async (_what, hello, code) => {
  const one = await newClub();
  const screen = openScreen(one.url, hello);
  expect(await screen.closed).toBe(code);
  expect(screen.frames).toEqual([]);
  expect(one.edge.hub.sockets()).toBe(0);
});

test('a screen that says nothing is closed after five seconds', async () => {
  const one = await newClub();
  const screen = openScreen(one.url, null);
  const started = performance.now();
  expect(await screen.closed).toBe(LIVE_CLOSE.notSignedIn);
  expect(performance.now() - started).toBeGreaterThan(limits.liveHelloMs - 100);
  expect(screen.frames).toEqual([]);
}, 15_000);

test('what a screen says after its hello changes nothing', async () => {
  const one = await newClub();
  const { seq } = one.edge.log.head();
  const screen = await screenOf(one, one.owner);
  for (const text of ['nonsense', JSON.stringify(helloOf('A'.repeat(43))), '{}']) screen.socket.send(text);
  await one.owner.must('room.add', { name: 'Red' });
  await caughtUp(screen, one);
  expect(one.edge.log.head().seq).toBe(seq + 1);
});
