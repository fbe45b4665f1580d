import { afterEach, expect, test } from 'vitest';
import type { Problem } from '#shared/contract/api.ts';
import type { EligibilityAnswer, PapersAnswer } from '#shared/contract/policy-api.ts';
import type { DancerAnswer, ImportAnswer, RestrictionRow, RosterExport } from '#shared/contract/roster-api.ts';
import { openClub, pass, type Club } from '../support/night.ts';
import type { Tablet } from '../support/tablet.ts';
import { linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

const HOUR = 3_600_000;
let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const openNight = async (openDay = true): Promise<Club> => (club = await openClub({ openDay }));
const codeOf = (given: Awaited<ReturnType<Tablet['give']>>) => (given.ok ? 'accepted' : given.problem.code);
const read = async <T>(tablet: Tablet, path: string): Promise<T> => (await tablet.ask<T>('GET', `/api/v1${path}`)).body;
const person = { legalName: 'Ada Nym', birthDate: '1998-04-02', engagement: 'lease' } as const;
const strokes = [[10, 10, 20, 20, 30, 10, 40, 20]];

async function newDancer(tablet: Tablet, stageName: string): Promise<string> {
  const dancer = await tablet.must('dancer.register', { stageName, ...person });
  const paper = { dancer, kind: 'contract', issuer: 'Club', verified: true, expiresOn: null } as const;
  await tablet.must('credential.add', paper);
  const seen = { document: 'passport', issuer: 'US', last4: '1234', expiresOn: null } as const;
  await tablet.must('identity.check', { dancer, ...seen, birthDate: person.birthDate });
  return dancer;
}

const logOf = ({ edge }: Club): string => JSON.stringify(linesOf(edge.sqlite));

test('a birth date that is put right decides about her at once, and neither one is in the log in clear', async () => {
  const one = await openNight();
  const { owner } = one;
  const dancer = await newDancer(owner, 'Testa');
  await owner.must('dancer.correct', { dancer, legalName: 'Ida Nym', birthDate: '2012-01-30' });
  const { reasons } = await read<EligibilityAnswer>(owner, `/dancers/${dancer}/eligibility`);
  expect(reasons.map(({ code }) => code)).toContain('under_age');
  expect(codeOf(await owner.give('dancer.correct', { dancer, legalName: 'Ida Nym', birthDate: null }))).toBe(
    'nothing_changed',
  );
  const door = await one.tablet('Dora');
  expect(codeOf(await door.give('dancer.correct', { dancer, legalName: 'X', birthDate: null }))).toBe('not_allowed');
  expect(logOf(one)).not.toMatch(/Ada Nym|Ida Nym|2012-01-30|1998-04-02/);
  expectWhole(one);
});

test('two dancers with one further name never work the same night under it', async () => {
  const one = await openNight();
  const { owner } = one;
  const [first, second] = [await newDancer(owner, 'Testa'), await newDancer(owner, 'Prova')];
  await owner.must('dancer.add_stage_name', { dancer: first, stageName: 'Kristall' });
  await owner.must('dancer.add_stage_name', { dancer: second, stageName: 'KRISTALL' });
  await owner.must('attendance.check_in', { dancer: first });
  expect(codeOf(await owner.give('attendance.check_in', { dancer: second }))).toBe('stage_name_here');
  await owner.must('dancer.drop_stage_name', { dancer: second, stageName: 'KRISTALL' });
  await owner.must('attendance.check_in', { dancer: second });
  expect(codeOf(await owner.give('dancer.add_stage_name', { dancer: second, stageName: 'kristall' }))).toBe(
    'stage_name_here',
  );
  expect(codeOf(await owner.give('dancer.rename', { dancer: second, stageName: 'Kristall' }))).toBe('stage_name_here');
  expect(await read<DancerAnswer>(owner, `/dancers/${first}`)).toMatchObject({
    stageName: 'Testa',
    further: ['Kristall'],
  });
  expectWhole(one);
});

test('a suspension keeps her away through its last night, and a ban is told when it is to be looked at again', async () => {
  const one = await openNight();
  const { owner } = one;
  const dancer = await newDancer(owner, 'Testa');
  const tonight = { kind: 'suspended', reason: 'late', reviewOn: null, expiresOn: '2026-11-21' } as const;
  await owner.must('dancer.bar', { dancer, ...tonight });
  const other = await newDancer(owner, 'Prova');
  const ban = { kind: 'banned', reason: 'fight', reviewOn: '2026-11-22', expiresOn: null } as const;
  const restriction = await owner.must('dancer.bar', { dancer: other, ...ban });
  pass(one.clock, 4 * HOUR);
  expect(codeOf(await owner.give('attendance.check_in', { dancer }))).toBe('not_eligible');
  expect(await read<readonly RestrictionRow[]>(owner, '/restrictions')).toMatchObject([
    { holds: true, reviewDue: false },
    { holds: true, reviewDue: false },
  ]);
  await owner.must('day.begin_closing', {});
  await owner.must('day.close', {});
  pass(one.clock, 20 * HOUR);
  await owner.must('day.open', { date: null });
  await owner.must('attendance.check_in', { dancer });
  expect(await read<readonly RestrictionRow[]>(owner, '/restrictions')).toMatchObject([
    { dancer, holds: false },
    { dancer: other, holds: true, reviewDue: true },
  ]);
  await owner.must('dancer.review_restriction', { restriction, reviewOn: '2027-01-01', expiresOn: null });
  const [, again] = await read<readonly RestrictionRow[]>(owner, '/restrictions');
  expect(again).toMatchObject({ holds: true, reviewDue: false, reviewOn: '2027-01-01' });
  expect(codeOf(await owner.give('attendance.check_in', { dancer: other }))).toBe('not_eligible');
  expectWhole(one);
});

test('an engagement that is set for tomorrow asks for its papers from tomorrow on', async () => {
  const one = await openNight(false);
  const { owner } = one;
  const terms = { pack: 'us-nv-reno', effectiveFrom: '2026-11-21', servesAlcohol: true, minimumAgeYears: null };
  await owner.must('club_policy.set', terms);
  await owner.must('day.open', { date: null });
  const dancer = await newDancer(owner, 'Testa');
  const engaged = { dancer, engagement: 'employee', effectiveFrom: '2026-11-22' } as const;
  expect(codeOf(await owner.give('dancer.set_engagement', { ...engaged, effectiveFrom: '2026-11-21' }))).toBe(
    'date_past',
  );
  await owner.must('dancer.set_engagement', engaged);
  const rules = async () =>
    (await read<EligibilityAnswer>(owner, `/dancers/${dancer}/eligibility`)).reasons.map(({ rule }) => rule);
  const tonight = await rules();
  await owner.must('day.begin_closing', {});
  await owner.must('day.close', {});
  pass(one.clock, 24 * HOUR);
  await owner.must('day.open', { date: null });
  const tomorrow = await rules();
  expect(tonight.filter((rule) => !tomorrow.includes(rule))).toEqual(['us-nv-reno.business_license']);
  expect(await read<DancerAnswer>(owner, `/dancers/${dancer}`)).toMatchObject({ engagement: 'employee' });
  expectWhole(one);
});

test('a contract signed on screen is her credential, the next one supersedes it, and her signature is sealed', async () => {
  const one = await openNight();
  const { owner } = one;
  const dancer = await owner.must('dancer.register', { stageName: 'Testa', ...person });
  const missing = await read<EligibilityAnswer>(owner, `/dancers/${dancer}/eligibility`);
  expect(missing.reasons.map(({ code }) => code)).toContain('credential_missing');
  const text = { dancer, kind: 'contract', version: '2026-1', textHash: 'ab'.repeat(32), expiresOn: null } as const;
  expect(codeOf(await owner.give('agreement.sign', { ...text, strokes: [] }))).toBe('signature_missing');
  await owner.must('agreement.sign', { ...text, strokes });
  const signed = await read<EligibilityAnswer>(owner, `/dancers/${dancer}/eligibility`);
  expect(signed.reasons.map(({ code }) => code)).not.toContain('credential_missing');
  await owner.must('agreement.sign', { ...text, version: '2026-2', strokes });
  const { credentials } = await read<PapersAnswer>(owner, `/dancers/${dancer}/papers`);
  expect(credentials.map(({ state }) => state).toSorted()).toEqual(['ACTIVE', 'SUPERSEDED']);
  const { agreements } = await read<DancerAnswer>(owner, `/dancers/${dancer}`);
  expect(agreements).toMatchObject([{ version: '2026-2', takenBy: owner.staff }, { version: '2026-1' }]);
  expect(logOf(one) + JSON.stringify(agreements)).not.toMatch(/10,10,20|strokes/);
  expectWhole(one);
});

const CSV = [
  'Stage,Legal Name,DOB,Permit type,Issuer,Permit number,Expires',
  'Zamber,Ann One,4/2/1998,Work card,Sheriff,SECRET-1,2027-01-31',
  'Zamber,Ann One,4/2/1998,contract,Club,,',
  'Zamber,Somebody Else,4/2/1990,,,,',
  'Blair,Bea Two,1997-02-30,,,,',
  ',Cee Three,1997-02-03,,,,',
  'Della,Dee Four,1997-02-03,,,,too,many',
  'Erin,Eve Five,1997-02-03,driving,Sheriff,,',
  '"Fay, Jr.",Fay Six,1997-02-03,,,,',
].join('\r\n');
const ask = { csv: CSV, columns: null, engagement: 'lease' };
const told = ({ rows }: ImportAnswer) => rows.map(({ row, outcome, fault }) => `${row} ${fault ?? outcome}`);
const EXPECTED = [
  '2 registered',
  '3 credential_added',
  '4 stage_name_taken',
  '5 birth_date_wrong',
  '6 stage_name_wrong',
  '7 cells_differ',
  '8 credential_wrong',
  '9 registered',
];

test('a list is previewed, imported row by row, and a second time does nothing', async () => {
  const one = await openNight();
  const { owner } = one;
  const before = one.edge.log.head().seq;
  const preview = await owner.ask<ImportAnswer>('POST', '/api/v1/roster-imports/preview', ask);
  expect([preview.status, told(preview.body)]).toEqual([200, EXPECTED]);
  expect(preview.body.columns).toMatchObject({ stage_name: 0, legal_name: 1, birth_date: 2, engagement: null });
  expect(one.edge.log.head().seq).toBe(before);

  const done = await owner.ask<ImportAnswer>('POST', '/api/v1/roster-imports', ask);
  expect(told(done.body)).toEqual(EXPECTED);
  const amber = done.body.rows[0]?.dancer ?? '';
  const { credentials } = await read<PapersAnswer>(owner, `/dancers/${amber}/papers`);
  expect(credentials.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
    'contract PENDING_VERIFICATION',
    'work_card PENDING_VERIFICATION',
  ]);
  const after = one.edge.log.head().seq;
  const again = await owner.ask<ImportAnswer>('POST', '/api/v1/roster-imports', ask);
  expect(told(again.body)).toEqual(EXPECTED.map((row) => row.replace(/registered|credential_added/, 'known')));
  expect(one.edge.log.head().seq).toBe(after);
  expect(logOf(one)).not.toMatch(/Ann One|SECRET-1|1998-04-02/);
  expectWhole(one);
});

test('a preview tells of a row that comes twice, of a second card and of a birth date to come what the import then does', async () => {
  const one = await openNight();
  const { owner } = one;
  const card = (number: string) => `1998-04-02,Zamber,Ann One,Work card,Sheriff,${number}`;
  const header = '\uFEFFDOB,Stage name,Legal name,Permit type,Issuer,Permit number';
  const plain = '1998-04-02,Zamber,Ann One,,,';
  const rows = [plain, plain, card('A1'), card('A1'), card('A2'), '2027-04-02,Yetta,Yet Unborn,,,'];
  const asked = { ...ask, csv: [header, ...rows].join('\n') };
  const preview = await owner.ask<ImportAnswer>('POST', '/api/v1/roster-imports/preview', asked);
  const done = await owner.ask<ImportAnswer>('POST', '/api/v1/roster-imports', asked);
  const says = ['registered', 'known', 'credential_added', 'known', 'credential_added', 'birth_date_wrong'];
  expect(told(done.body)).toEqual(says.map((word, at) => `${at + 2} ${word}`));
  expect(told(preview.body)).toEqual(told(done.body));
  const again = await owner.ask<ImportAnswer>('POST', '/api/v1/roster-imports', asked);
  expect(told(again.body)).toEqual(told(done.body).map((row) => row.replace(/registered|credential_added/, 'known')));
  expectWhole(one);
});

test('a file that is no table, or has too many rows, is refused whole, and only managers import', async () => {
  const one = await openNight();
  const { owner } = one;
  const send = (by: Tablet, csv: string) => by.ask<Problem>('POST', '/api/v1/roster-imports', { ...ask, csv });
  const long = `Stage\n${'x\n'.repeat(1_001)}`;
  for (const csv of ['Stage\n"open', 'Stage,Name', long])
    expect((await send(owner, csv)).body.code).toBe('table_invalid');
  expect((await send(owner, 'x'.repeat(1024 * 1024))).body.code).toBe('body_too_large');
  const columns = { ...ask, columns: { stage_name: 999 } };
  expect((await owner.ask<Problem>('POST', '/api/v1/roster-imports', columns)).body.code).toBe('body_invalid');
  expect((await send(await one.tablet('Dora'), CSV)).body.code).toBe('not_allowed');
});

test('the whole roster goes out for managers alone, that it did is in the log, and it comes in again without a change', async () => {
  const one = await openNight();
  const { owner } = one;
  await owner.ask('POST', '/api/v1/roster-imports', ask);
  const roster = await read<RosterExport>(owner, '/roster');
  expect(roster.find(({ stageName }) => stageName === 'Zamber')).toMatchObject({
    legalName: 'Ann One',
    birthDate: '1998-04-02',
    credentials: expect.arrayContaining([expect.objectContaining({ kind: 'work_card', number: 'SECRET-1' })]),
  });
  const head = one.edge.log.head();
  expect(one.edge.log.linesFrom(head.seq, 1).join()).toContain('"roster.exported"');

  const response = await fetch(`${one.url}/api/v1/roster?format=csv`, {
    headers: { authorization: `Bearer ${owner.token}` },
  });
  expect(response.headers.get('content-type')).toContain('text/csv');
  const heads = ['cache-control', 'x-content-type-options'].map((name) => response.headers.get(name));
  expect(heads).toEqual(['no-store', 'nosniff']);
  const csv = await response.text();
  expect(csv).toContain('Ann One,1998-04-02,lease,work_card,Sheriff,SECRET-1,,2027-01-31,PENDING_VERIFICATION\r\n');
  const back = await owner.ask<ImportAnswer>('POST', '/api/v1/roster-imports', { ...ask, csv });
  expect([...new Set(back.body.rows.map(({ outcome }) => outcome))]).toEqual(['known']);
  for (const name of ['Dora', 'DJ'])
    expect((await (await one.tablet(name)).ask('GET', '/api/v1/roster')).status).toBe(403);
  expect((await owner.ask('GET', '/api/v1/roster?format=xls')).status).toBe(400);
  expect(logOf(one)).not.toMatch(/Ann One|SECRET-1/);
  expectWhole(one);
});

test('who does not keep the roster reads no dancer, and only managers read restrictions', async () => {
  const one = await openNight();
  const [dancer = ''] = one.dancers;
  const [dj, door] = [await one.tablet('DJ'), await one.tablet('Dora')];
  const status = async (tablet: Tablet, path: string) => (await tablet.ask('GET', `/api/v1${path}`)).status;
  expect([await status(dj, `/dancers/${dancer}`), await status(door, `/dancers/${dancer}`)]).toEqual([403, 200]);
  expect([await status(door, '/restrictions'), await status(one.owner, '/restrictions')]).toEqual([403, 200]);
  expect(await status(one.owner, '/dancers/nobody')).toBe(404);
  expect(JSON.stringify(await read(door, `/dancers/${dancer}`))).not.toMatch(/legalName|birthDate|signature/);
});
