import { afterEach, expect, test } from 'vitest';
import type { Problem } from '#shared/contract/api.ts';
import type {
  AlertsAnswer,
  EligibilityAnswer,
  OverrideRow,
  PapersAnswer,
  PolicyAnswer,
} from '#shared/contract/policy-api.ts';
import { BUILT_IN_PACKS } from '#shared/domain/policy-pack.ts';
import { DEMO_STAFF } from '../../edge-node/demo.ts';
import type { CommandInput } from '../../edge-node/features/command.ts';
import { openClub, pass, rowOf, type Club } from '../support/night.ts';
import type { Tablet } from '../support/tablet.ts';
import { linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

type Pack = CommandInput<'policy_pack.install'>['pack'];
const HOUR = 3_600_000;
const BIRTH_DATE = '1998-04-02';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const openNight = async (openDay = true): Promise<Club> => (club = await openClub({ openDay }));
const codeOf = (given: Awaited<ReturnType<Tablet['give']>>) => (given.ok ? 'accepted' : given.problem.code);
const problemOf = (given: Awaited<ReturnType<Tablet['give']>>): Partial<Problem> => (given.ok ? {} : given.problem);
const read = async <T>(tablet: Tablet, path: string): Promise<T> => (await tablet.ask<T>('GET', `/api/v1${path}`)).body;
const pinOf = (firstName: string): string => DEMO_STAFF.find(({ name }) => name.startsWith(firstName))?.pin ?? '';
const feeOf = async (tablet: Tablet, dancer: string) => (await rowOf(tablet, 'attendance', dancer))?.fee?.fee ?? '';

/** A dancer of legal age who was identified, with one contract. */
async function newDancer(tablet: Tablet, contract: { readonly expiresOn: string | null }) {
  const person = { legalName: 'Ada Nym', birthDate: BIRTH_DATE, engagement: 'lease' } as const;
  const dancer = await tablet.must('dancer.register', { stageName: 'Testa', ...person });
  const paper = { dancer, kind: 'contract', issuer: 'Club', verified: true } as const;
  const credential = await tablet.must('credential.add', { ...paper, ...contract, number: 'SECRET-77' });
  const seen = { document: 'passport', issuer: 'SECRETLAND', last4: 'Z9Z8', expiresOn: null } as const;
  await tablet.must('identity.check', { dancer, ...seen, birthDate: BIRTH_DATE });
  return { dancer, credential };
}

test('under us-wa a late fee and a fee carried forward are refused with their rule, and a cleaning fee is not', async () => {
  const one = await openNight(false);
  const { owner } = one;
  const terms = { pack: 'us-wa', effectiveFrom: '2026-11-21', servesAlcohol: false, minimumAgeYears: null };
  await owner.must('club_policy.set', terms);
  await owner.must('day.open', { date: null });
  const { dancer } = await newDancer(owner, { expiresOn: null });
  const untrained = await owner.give('attendance.check_in', { dancer });
  expect(problemOf(untrained)).toMatchObject({
    code: 'not_eligible',
    current: { verdict: 'BLOCK', reasons: [{ rule: 'us-wa.training', source: 'WAC 296-831' }] },
  });
  await owner.must('credential.add', { dancer, kind: 'training', issuer: 'Club', expiresOn: null, verified: true });
  await owner.must('attendance.check_in', { dancer });
  expect(problemOf(await owner.give('house_fee.charge', { dancer, kind: 'late', cents: 1_500 }))).toMatchObject({
    code: 'fee_forbidden',
    status: 409,
    detail: 'us-wa.no_late_fee (RCW 49.46.360; WAC 296-128-90020 and -90040)',
  });
  const fee = await feeOf(owner, dancer);
  expect(problemOf(await owner.give('house_fee.defer', { fee, reason: 'later' }))).toMatchObject({
    code: 'fee_forbidden',
    current: { id: 'us-wa.no_carry' },
  });
  await owner.must('house_fee.waive', { fee, reason: 'first night' });
  const cleaning = await owner.must('house_fee.charge', { dancer, kind: 'cleaning', cents: 1_500 });
  expect(await rowOf(owner, 'attendance', dancer)).toMatchObject({ fee: { fee: cleaning, cents: 1_500 } });
  expectWhole(one);
});

test('a manager lets a dancer in on an expired contract, with the owner as second person by her own PIN, and it is listed', async () => {
  const one = await openNight();
  const { owner } = one;
  const [manager, door] = [await one.tablet('Max'), await one.tablet('Dora')];
  const { dancer } = await newDancer(owner, { expiresOn: '2026-11-20' });
  const give = (by: Tablet, staff: string, pin: string) =>
    by.give('attendance.check_in_override', { dancer, reason: 'renewal_filed', second: { staff, pin } });
  expect(codeOf(await manager.give('attendance.check_in', { dancer }))).toBe('not_eligible');
  expect(await read<EligibilityAnswer>(door, `/dancers/${dancer}/eligibility`)).toMatchObject({
    verdict: 'BLOCK',
    overridable: [{ rule: 'generic.override', roles: ['owner', 'manager'], second: ['owner', 'manager'] }],
  });
  expect(codeOf(await give(manager, owner.staff, '0000'))).toBe('pin_wrong');
  expect(codeOf(await give(manager, 'nobody', '1234'))).toBe('staff_unknown');
  expect(codeOf(await give(manager, manager.staff, pinOf('Max')))).toBe('second_person_same');
  expect(codeOf(await give(manager, door.staff, pinOf('Dora')))).toBe('second_person_not_allowed');
  expect(codeOf(await give(door, owner.staff, pinOf('Olivia')))).toBe('not_allowed');
  const alone = { dancer, reason: 'renewal_filed', second: null } as const;
  expect(codeOf(await manager.give('attendance.check_in_override', alone))).toBe('second_person_missing');
  expect(codeOf(await give(manager, owner.staff, pinOf('Olivia')))).toBe('accepted');
  expect(codeOf(await give(manager, owner.staff, pinOf('Olivia')))).toBe('already_checked_in');

  expect(await read<readonly OverrideRow[]>(owner, '/overrides')).toMatchObject([
    {
      dancer,
      stageName: 'Testa',
      by: manager.staff,
      role: 'manager',
      second: owner.staff,
      reason: 'renewal_filed',
      rules: ['generic.override'],
      eligibility: { verdict: 'BLOCK', packVersion: 1, reasons: [{ code: 'credential_expired' }] },
    },
  ]);
  expect(linesOf(one.edge.sqlite).filter(({ line }) => line.includes(`"${pinOf('Olivia')}"`))).toEqual([]);
  expectWhole(one);
});

test("a second person's PIN is locked after too many wrong ones, as at a sign-in", async () => {
  const one = await openNight();
  const { owner } = one;
  const manager = await one.tablet('Max');
  const { dancer } = await newDancer(owner, { expiresOn: '2026-11-20' });
  const give = (pin: string) =>
    manager.give('attendance.check_in_override', {
      dancer,
      reason: 'paper_seen',
      second: { staff: owner.staff, pin },
    });
  for (let tries = 0; tries < 5; tries += 1) expect(codeOf(await give('0000'))).toBe('pin_wrong');
  expect(codeOf(await give(pinOf('Olivia')))).toBe('pin_locked');
});

test('a credential goes through its life over the API, and neither its number nor a document is ever in clear', async () => {
  const one = await openNight();
  const { owner } = one;
  const { dancer, credential } = await newDancer(owner, { expiresOn: '2026-12-31' });
  const statesOf = async () =>
    (await read<PapersAnswer>(owner, `/dancers/${dancer}/papers`)).credentials.map(({ state }) => state);
  await owner.must('credential.suspend', { credential, endedBy: 'issuer' });
  expect(codeOf(await owner.give('attendance.check_in', { dancer }))).toBe('not_eligible');
  const paper = { issuer: 'Club', expiresOn: '2027-12-31', issuedOn: '2026-11-21', number: 'SECRET-78' };
  const next = await owner.must('credential.renew', { credential, ...paper, verified: false });
  expect((await statesOf()).toSorted()).toEqual(['PENDING_VERIFICATION', 'SUPERSEDED']);
  expect(codeOf(await owner.give('attendance.check_in', { dancer }))).toBe('not_eligible');
  await owner.must('credential.verify', { credential: next });
  await owner.must('attendance.check_in', { dancer });
  await owner.must('credential.revoke', { credential: next, endedBy: 'police' });
  expect((await statesOf()).toSorted()).toEqual(['REVOKED', 'SUPERSEDED']);
  const papers = await read<PapersAnswer>(owner, `/dancers/${dancer}/papers`);
  expect(papers).toMatchObject({
    credentials: expect.arrayContaining([expect.objectContaining({ hasNumber: true })]),
    identityChecks: [{ document: 'passport', checkedBy: owner.staff }],
  });
  const told = JSON.stringify([papers, await read(owner, '/alerts'), linesOf(one.edge.sqlite)]);
  expect(told).not.toMatch(/SECRET|Z9Z8|Ada Nym|1998-04-02/);
  expectWhole(one);
});

test('an identity check with another birth date is refused', async () => {
  const { owner, dancers } = await openNight();
  const seen = { document: 'passport', issuer: 'US', last4: '1', expiresOn: null } as const;
  const given = await owner.give('identity.check', { dancer: dancers[0] ?? '', ...seen, birthDate: '1970-01-01' });
  expect(codeOf(given)).toBe('birth_date_differs');
});

test('a card that expires at midnight inside the night lets her in before, is an alert at midnight, and sends nobody away', async () => {
  const one = await openNight();
  const { owner } = one;
  const { dancer } = await newDancer(owner, { expiresOn: '2026-11-21' });
  await owner.must('attendance.check_in', { dancer });
  const hers = async () => (await read<AlertsAnswer>(owner, '/alerts')).filter((alert) => alert.dancer === dancer);
  expect(await hers()).toMatchObject([{ code: 'credential_expires_soon', endedTonight: false, isHere: true }]);
  pass(one.clock, 3 * HOUR - 1_000);
  expect(await hers()).toMatchObject([{ code: 'credential_expires_soon' }]);
  pass(one.clock, 1_000);
  expect(await hers()).toMatchObject([{ code: 'credential_expired', endedTonight: true, endsOn: '2026-11-21' }]);
  expect((await read<AlertsAnswer>(owner, '/alerts'))[0]?.dancer).toBe(dancer);
  expect(await rowOf(owner, 'attendance', dancer)).toMatchObject({ state: 'CHECKED_IN' });
  expect((await read<EligibilityAnswer>(owner, `/dancers/${dancer}/eligibility`)).verdict).toBe('BLOCK');
});

test('a pack that changes during the night holds from the next one on', async () => {
  const one = await openNight();
  const { owner } = one;
  const { dancer } = await newDancer(owner, { expiresOn: null });
  const generic = structuredClone(BUILT_IN_PACKS[0]) as Pack;
  const minimumAges = generic.minimumAges.map((age) => ({ ...age, years: 40 }));
  const next = { ...generic, version: 2, effectiveFrom: '2026-11-22', minimumAges };
  const tonight = await owner.give('policy_pack.install', { pack: { ...next, effectiveFrom: '2026-11-21' } });
  expect(codeOf(tonight)).toBe('date_past');
  await owner.must('policy_pack.install', { pack: next });
  pass(one.clock, 4 * HOUR);
  await owner.must('attendance.check_in', { dancer });
  expect(await read<PolicyAnswer>(owner, '/policy')).toMatchObject({ date: '2026-11-21', pack: { version: 1 } });
  await owner.must('house_fee.waive', { fee: await feeOf(owner, dancer), reason: 'test' });
  await owner.must('attendance.check_out', { dancer });
  await owner.must('day.begin_closing', {});
  await owner.must('day.close', {});
  pass(one.clock, 20 * HOUR);
  await owner.must('day.open', { date: null });
  expect(await read<PolicyAnswer>(owner, '/policy')).toMatchObject({
    date: '2026-11-22',
    pack: { version: 2 },
    minimumAge: { years: 40, rule: 'generic.minimum_age' },
  });
  expect(problemOf(await owner.give('attendance.check_in', { dancer }))).toMatchObject({
    code: 'not_eligible',
    current: { packVersion: 2, reasons: [{ code: 'under_age' }] },
  });
  expectWhole(one);
});

test('a pack that fails its schema, or is not sound, is refused whole', async () => {
  const { owner, edge } = await openNight();
  const generic = structuredClone(BUILT_IN_PACKS[0]) as Pack;
  const next = { ...generic, version: 2, effectiveFrom: '2027-01-01' };
  const before = edge.log.head().seq;
  const ageOverride = { ...next, overrides: [{ ...next.overrides[0], codes: ['under_age'] }] } as unknown as Pack;
  expect(codeOf(await owner.give('policy_pack.install', { pack: ageOverride }))).toBe('body_invalid');
  const nowhere = { ...next, identity: { ...next.identity, rule: 'generic.nowhere' } };
  expect(codeOf(await owner.give('policy_pack.install', { pack: nowhere }))).toBe('pack_invalid');
  expect(edge.log.head().seq).toBe(before);
  expect(await read<readonly Pack[]>(owner, '/policy-packs')).toEqual(BUILT_IN_PACKS);
});

test('a check-in keeps the whole decision with its pack and version in its event', async () => {
  const one = await openNight();
  const { dancer } = await newDancer(one.owner, { expiresOn: '2026-11-25' });
  await one.owner.must('attendance.check_in', { dancer });
  const line = linesOf(one.edge.sqlite).findLast((each) => each.line.includes('"attendance.checked_in"'))?.line ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    tv: 2,
    body: {
      override: null,
      eligibility: {
        verdict: 'WARN',
        pack: 'generic',
        packVersion: 1,
        reasons: [
          {
            code: 'credential_expires_soon',
            severity: 'WARN',
            rule: 'generic.credential',
            source: 'ClubOps default, after Reno Mun. Code 5.06.100',
          },
        ],
      },
    },
  });
});

test('who does not keep the roster reads no papers and no alerts, and only managers read overrides', async () => {
  const one = await openNight();
  const [dancer = ''] = one.dancers;
  const [dj, door] = [await one.tablet('DJ'), await one.tablet('Dora')];
  const refused = async (tablet: Tablet, path: string) => (await tablet.ask('GET', `/api/v1${path}`)).status;
  for (const path of [`/dancers/${dancer}/papers`, `/dancers/${dancer}/eligibility`, '/alerts', '/overrides'])
    expect(await refused(dj, path)).toBe(403);
  expect(await refused(door, '/overrides')).toBe(403);
  expect(await refused(door, '/policy-packs')).toBe(403);
  expect(await refused(door, '/alerts')).toBe(200);
  expect(await refused(dj, '/policy')).toBe(200);
  expect(await refused(one.owner, '/dancers/nobody/papers')).toBe(404);
  expect(await refused(one.owner, '/dancers/nobody/eligibility')).toBe(404);
});
