import { afterEach, expect, test } from 'vitest';
import type { OpenedRecord, SafetyRow } from '#shared/contract/safety-api.ts';
import { GENERIC, GENERIC_RETENTION } from '#shared/domain/pack-generic.ts';
import type { CommandInput } from '../../edge-node/features/command.ts';
import { openClub, pass, stepWall, type Club } from '../support/night.ts';
import type { Tablet } from '../support/tablet.ts';
import { linesOf, replayOf, tablesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

const DAY_MS = 86_400_000;
let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const newClub = async (openDay = true): Promise<Club> => (club = await openClub({ openDay }));
const refusalOf = (given: Awaited<ReturnType<Tablet['give']>>) => (given.ok ? 'accepted' : given.problem.code);
const nightOf = (one: Club): string => one.edge.reads.day.open()?.day ?? '';
const listOf = async (tablet: Tablet, path: string) =>
  (await tablet.ask<readonly (SafetyRow & Record<string, unknown>)[]>('GET', `/api/v1${path}`)).body;
const openBy = (tablet: Tablet, record: string) => tablet.ask<OpenedRecord>('POST', `/api/v1/records/${record}/open`);
const logOf = (one: Club): string =>
  linesOf(one.edge.sqlite)
    .map(({ line }) => line)
    .join('\n');
const keyOf = (one: Club, subject: string): unknown =>
  one.edge.sqlite.prepare('SELECT count(*) FROM data_key WHERE subject = ?').pluck().get(subject);

const incident = (one: Club, over: Partial<CommandInput<'incident.report'>> = {}): CommandInput<'incident.report'> => ({
  night: nightOf(one),
  kind: 'assault',
  severity: 'high',
  happenedAt: one.clock.wall(),
  room: one.rooms[0] ?? '',
  session: null,
  dancers: [one.dancers[0] ?? ''],
  policeCalled: true,
  text: 'he took her by the arm',
  people: 'a guest with a red cap',
  ...over,
});
const complaint = (over: Partial<CommandInput<'complaint.log'>> = {}): CommandInput<'complaint.log'> => ({
  night: null,
  allegation: 'harassment',
  happenedOn: '2026-11-20',
  dancer: null,
  statement: 'none',
  sameCustomerAs: null,
  customer: 'Red Cap, about forty',
  text: 'followed her to her car',
  ...over,
});
const ban = (over: Partial<CommandInput<'blocklist_entry.add'>> = {}): CommandInput<'blocklist_entry.add'> => ({
  complaint: null,
  evidence: 'house_decision',
  incidentOn: '2026-11-20',
  expiresOn: '2026-12-20',
  reviewOn: null,
  scope: 'club',
  name: 'Mr Red',
  description: 'red cap, about forty',
  ...over,
});

async function close(one: Club): Promise<void> {
  await one.owner.must('day.begin_closing', {});
  await one.owner.must('day.close', {});
}

/** Three nights go by, so that the clock is believed. */
async function threeNights(one: Club): Promise<void> {
  for (let night = 0; night < 3; night += 1) {
    await one.owner.must('day.open', { date: null });
    await close(one);
    pass(one.clock, DAY_MS);
  }
}

test('an incident after the night was closed is in that night, by whom, and its words only for who opens them', async () => {
  const one = await newClub();
  const host = await one.tablet('Victor');
  const night = nightOf(one);
  await close(one);
  const record = await host.must('incident.report', incident(one, { night }));
  const [row] = await listOf(one.owner, `/nights/${night}/records`);
  expect(row).toMatchObject({ record, kind: 'incident', state: 'OPEN', night, by: host.staff, runsOutAt: null });
  expect(JSON.stringify(row) + logOf(one)).not.toMatch(/by the arm|red cap/);
  expect(await openBy(host, record)).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
  expect((await openBy(one.owner, record)).body.texts).toEqual({
    text: 'he took her by the arm',
    people: 'a guest with a red cap',
  });
  expect(one.edge.log.linesFrom(one.edge.log.head().seq, 1).join()).toContain('"record.opened"');
  expect((await listOf(one.owner, `/people/${one.dancers[0]}/records`)).map((found) => found.record)).toEqual([record]);
});

test('an incident is reviewed, closed and followed up, each in its turn, and nothing is edited', async () => {
  const one = await newClub();
  const record = await one.owner.must('incident.report', incident(one));
  await one.owner.must('incident.review', { record });
  await one.owner.must('incident.close', { record, outcome: 'barred' });
  expect(refusalOf(await one.owner.give('incident.close', { record, outcome: 'again' }))).toBe('incident_closed');
  const note = await one.owner.must('record.note', { record, text: 'he wrote to say sorry' });
  const [row] = await listOf(one.owner, '/incidents');
  expect(row).toMatchObject({ state: 'CLOSED', notes: [{ note, by: one.owner.staff }] });
  const { texts } = (await openBy(one.owner, record)).body;
  expect(texts).toMatchObject({ outcome: 'barred', [`note_${note}`]: 'he wrote to say sorry' });
  expectWhole(one);
});

test('a complaint under a retention clock: a later allegation starts it anew for both, then the words go with their keys', async () => {
  const one = await newClub();
  const first = await one.owner.must('complaint.log', complaint());
  await one.owner.must('complaint.judge', {
    record: first,
    isCredible: false,
    explanation: 'the camera shows another',
  });
  await close(one);
  pass(one.clock, 400 * DAY_MS);
  const second = await one.owner.must('complaint.log', complaint({ sameCustomerAs: first }));
  pass(one.clock, (GENERIC_RETENTION.complaint.days - 1) * DAY_MS);
  expect(refusalOf(await one.owner.give('retention.run', {}))).toBe('nothing_due');
  pass(one.clock, DAY_MS);
  await threeNights(one);
  await one.owner.must('retention.run', {});
  const rows = await listOf(one.owner, '/complaints');
  expect(rows.map(({ record, isCredible }) => [record, isCredible])).toEqual([
    [second, null],
    [first, false],
  ]);
  expect(rows.every(({ erasedAt }) => erasedAt === one.clock.wall())).toBe(true);
  expect([keyOf(one, first), keyOf(one, second)]).toEqual([0, 0]);
  expect(await openBy(one.owner, first)).toMatchObject({ status: 409, body: { code: 'record_erased' } });
  expect(refusalOf(await one.owner.give('record.note', { record: first, text: 'x' }))).toBe('record_erased');
  expect(refusalOf(await one.owner.give('retention.run', {}))).toBe('nothing_due');
  expect(replayOf(one.edge.sqlite)).toEqual(tablesOf(one.edge.sqlite));
});

test('a complaint is kept as long as the ban that came from it', async () => {
  const one = await newClub();
  const record = await one.owner.must('complaint.log', complaint());
  const from = { complaint: record, evidence: 'other_credible', scope: 'common_ownership' } as const;
  await one.owner.must('blocklist_entry.add', ban({ ...from, expiresOn: null, reviewOn: '2027-11-21' }));
  await close(one);
  pass(one.clock, (GENERIC_RETENTION.complaint.days + 1) * DAY_MS);
  await threeNights(one);
  expect(refusalOf(await one.owner.give('retention.run', {}))).toBe('nothing_due');
  expect(keyOf(one, record)).toBe(1);
});

test('a clock that is ten years ahead for an evening destroys nothing', async () => {
  const one = await newClub();
  const record = await one.owner.must('blocklist_entry.add', ban());
  await close(one);
  pass(one.clock, DAY_MS);
  await threeNights(one);
  stepWall(one.clock, 3_650 * DAY_MS);
  await one.owner.must('day.open', { date: null });
  expect(refusalOf(await one.owner.give('retention.run', {}))).toBe('nothing_due');
  expect(keyOf(one, record)).toBe(1);
  expect((await openBy(one.owner, record)).body.texts).toMatchObject({ name: 'Mr Red' });
});

test('a clock that is ahead brings no coming pack forward, whose clocks are shorter', async () => {
  const one = await newClub();
  const shorter = [{ kind: 'blocklist_entry', days: 1, how: 'deleted', rule: 'generic.kept_ban' }] as const;
  const coming = { ...GENERIC, version: 2, effectiveFrom: '2030-01-01', retention: shorter };
  // As it comes over the wire: lists that may be written to.
  const pack = JSON.parse(JSON.stringify(coming)) as CommandInput<'policy_pack.install'>['pack'];
  await one.owner.must('policy_pack.install', { pack });
  const record = await one.owner.must('blocklist_entry.add', ban());
  await close(one);
  pass(one.clock, 60 * DAY_MS);
  await threeNights(one);
  stepWall(one.clock, 3_650 * DAY_MS);
  await one.owner.must('day.open', { date: null });
  expect(refusalOf(await one.owner.give('retention.run', {}))).toBe('nothing_due');
  expect(keyOf(one, record)).toBe(1);
});

test('a night begins with letting go of what has been kept long enough', async () => {
  const one = await newClub();
  const record = await one.owner.must('blocklist_entry.add', ban());
  await close(one);
  pass(one.clock, (GENERIC_RETENTION.blocklist_entry.days + 40) * DAY_MS);
  await threeNights(one);
  await one.owner.must('day.open', { date: null });
  expect(await listOf(one.owner, '/blocklist')).toEqual([]);
  expect(await openBy(one.owner, record)).toMatchObject({ status: 404, body: { code: 'record_unknown' } });
  expect(keyOf(one, record)).toBe(0);
  expect(logOf(one)).toContain('"rule":"generic.kept_ban"');
  expect(replayOf(one.edge.sqlite)).toEqual(tablesOf(one.edge.sqlite));
});

test('a ban below the minimum term is refused, and one at it can neither be lifted nor shortened', async () => {
  const one = await newClub();
  const credible = { evidence: 'other_credible', scope: 'common_ownership' } as const;
  const add = (expiresOn: string) => one.owner.give('blocklist_entry.add', ban({ ...credible, expiresOn }));
  expect(refusalOf(await add('2029-11-19'))).toBe('ban_too_short');
  const before = one.edge.sqlite.prepare('SELECT count(*) FROM data_key').pluck().get();
  expect(refusalOf(await add('2029-11-19'))).toBe('ban_too_short');
  expect(one.edge.sqlite.prepare('SELECT count(*) FROM data_key').pluck().get()).toBe(before);
  const record = await one.owner.must('blocklist_entry.add', ban({ ...credible, expiresOn: '2029-11-20' }));
  const reason = 'he asked nicely';
  expect(refusalOf(await one.owner.give('blocklist_entry.lift', { record, reason }))).toBe('ban_minimum_stands');
  const shorter = { record, expiresOn: '2028-01-01', reviewOn: null, reason };
  expect(refusalOf(await one.owner.give('blocklist_entry.review', shorter))).toBe('ban_too_short');
  await one.owner.must('blocklist_entry.review', { ...shorter, expiresOn: '2031-01-01' });
  expect(await listOf(one.owner, '/blocklist')).toMatchObject([{ record, expiresOn: '2031-01-01', holds: true }]);
});

test('a ban that expires tonight holds after midnight, for the door too, and not the next night', async () => {
  const one = await newClub();
  const door = await one.tablet('Dora');
  const record = await one.owner.must('blocklist_entry.add', ban({ expiresOn: '2026-11-21' }));
  pass(one.clock, 4 * 3_600_000);
  expect(await listOf(door, '/blocklist')).toMatchObject([{ record, holds: true }]);
  expect((await openBy(door, record)).body.texts).toEqual({ name: 'Mr Red', description: 'red cap, about forty' });
  await close(one);
  await one.owner.must('day.open', { date: '2026-11-22' });
  expect(await listOf(door, '/blocklist')).toMatchObject([{ record, holds: false, state: 'ACTIVE' }]);
  expect(refusalOf(await one.owner.give('blocklist_entry.lift', { record, reason: 'over' }))).toBe('ban_over');
});

test('a visit of inspectors keeps what was shown, and who it was and the signature under seal', async () => {
  const one = await newClub();
  const door = await one.tablet('Dora');
  const signature = `M0 0${'L9 9'.repeat(3_900)}`;
  const visit = {
    night: nightOf(one),
    agency: 'Labor & Industries',
    purpose: 'routine',
    arrivedAt: one.clock.wall(),
    shown: ['the daily log', 'training records'],
    copyHash: 'a'.repeat(64),
    officer: 'Officer Example',
    badge: 'B-17',
    remarks: null,
    signature,
  } as const;
  const record = await door.must('site_visit.record', { ...visit, shown: [...visit.shown] });
  expect(await listOf(one.owner, '/site-visits')).toMatchObject([{ record, isSigned: true, shown: visit.shown }]);
  expect(logOf(one)).not.toMatch(/Officer Example|B-17|L9 9/);
  expect((await openBy(one.owner, record)).body.texts).toEqual({
    officer: 'Officer Example',
    badge: 'B-17',
    signature,
  });
});

test('trainings by person say which have ended, and a button that failed is due at once', async () => {
  const one = await newClub();
  const person = one.dancers[0] ?? '';
  const course = { person, course: 'pre_work', completedOn: '2026-11-20', evidence: null } as const;
  for (const expiresOn of ['2027-11-20', '2026-11-30', '2026-11-20', null])
    await one.owner.must('training.record', { ...course, expiresOn });
  const standings = (await listOf(one.owner, '/trainings')).map(({ expiresOn, standing }) => [expiresOn, standing]);
  expect(standings).toEqual([
    [null, 'valid'],
    ['2026-11-20', 'expired'],
    ['2026-11-30', 'expires_soon'],
    ['2027-11-20', 'valid'],
  ]);
  expect(await listOf(one.owner, `/people/${person}/records`)).toHaveLength(4);
  const works = { isSilent: true, isLocated: true, isLatched: true, remarks: null };
  await one.owner.must('safety_test.record', { room: one.rooms[0] ?? '', place: null, ...works });
  await one.owner.must('safety_test.record', { room: null, place: 'toilet', ...works, isLatched: false });
  const now = one.clock.wall();
  expect(await listOf(one.owner, '/safety-tests')).toMatchObject([
    { place: 'toilet', hasPassed: false, nextAt: now },
    { room: one.rooms[0], hasPassed: true, nextAt: now + 365 * DAY_MS },
  ]);
});

const BOSSES = ['/incidents', '/complaints', '/refusals', '/site-visits', '/safety-tests'];
const DOOR = ['/door', '/blocklist', '/trainings'];

test.each([
  ['Max', [...BOSSES, ...DOOR]],
  ['Dora', DOOR],
  ['Helen', DOOR],
  ['Victor', []],
  ['DJ', []],
  ['Ben', []],
] as const)('%s reads exactly %j', async (firstName, allowed) => {
  const one = await newClub();
  const tablet = await one.tablet(firstName);
  const paths = [...BOSSES, ...DOOR];
  const answers = await Promise.all(paths.map((path) => tablet.ask('GET', `/api/v1${path}`)));
  expect(paths.filter((_path, at) => answers[at]?.status === 200)).toEqual(allowed);
  expect(answers.filter(({ status }) => status !== 200).every(({ status }) => status === 403)).toBe(true);
  const bosses = [`/nights/${nightOf(one)}/records`, `/people/${one.dancers[0]}/records`];
  const more = await Promise.all(bosses.map((path) => tablet.ask('GET', `/api/v1${path}`)));
  expect(more.map(({ status }) => status)).toEqual(firstName === 'Max' ? [200, 200] : [403, 403]);
});

test('nobody opens a record without being signed in, nor one that is not there', async () => {
  const one = await newClub();
  const response = await fetch(`${one.url}/api/v1/records/x/open`, { method: 'POST' });
  expect(response.status).toBe(401);
  expect(await openBy(one.owner, 'no-such-record')).toMatchObject({ status: 404, body: { code: 'record_unknown' } });
});
