import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkInWithOverride, type CheckInFacts } from '#shared/domain/attendance.ts';
import { eligibility, type DancerFacts } from '#shared/domain/eligibility.ts';
import { override, type OverrideAsked } from '#shared/domain/override.ts';
import { BUILT_IN_PACKS } from '#shared/domain/policy-pack.ts';
import type { PolicyPack } from '#shared/domain/policy-words.ts';
import { refuse } from '#shared/kit/decision.ts';
import { contract, EVENING, GENERIC, GROWN, packNamed, under } from '../support/policy.ts';
import { asking, eventsOf } from '../support/rules.ts';

const decide = (over: Partial<DancerFacts>, pack: PolicyPack = GENERIC) =>
  eligibility({ ...GROWN, ...over }, under(pack), EVENING);
const EXPIRED = { credentials: [contract({ expiresOn: '2026-11-20' })] };
const MAX: OverrideAsked = {
  by: 'max',
  roles: ['manager'],
  reason: 'renewal_filed',
  second: { staff: 'olivia', roles: ['owner'] },
};

test('an expired paper is overridden by a manager with a second one, and both stand in it', () => {
  expect(override(decide(EXPIRED), GENERIC, MAX)).toEqual({
    ok: true,
    override: { by: 'max', role: 'manager', reason: 'renewal_filed', second: 'olivia', rules: ['generic.override'] },
  });
});

test.each([
  ['nobody second', { second: null }, 'second_person_missing'],
  ['herself second', { second: { staff: 'max', roles: ['owner'] } }, 'second_person_same'],
  ['a bartender second', { second: { staff: 'ben', roles: ['bartender'] } }, 'second_person_not_allowed'],
  ['only the door asking', { roles: ['door'] }, 'not_allowed'],
  ['nobody who has a role asking', { roles: [] }, 'not_allowed'],
] as const)('with %s it is refused', (_what, over, refusal) => {
  expect(override(decide(EXPIRED), GENERIC, { ...MAX, ...over })).toEqual(refuse(refusal));
});

test('where the pack asks for no second person, none is needed', () => {
  const pack = { ...GENERIC, overrides: GENERIC.overrides.map((one) => ({ ...one, second: null })) };
  expect(override(decide(EXPIRED), pack, { ...MAX, second: null })).toMatchObject({
    ok: true,
    override: { second: null },
  });
});

test.each([
  ['age', { birthDate: '2010-01-01' }],
  ['no birth date', { birthDate: null }],
  ['a ban', { restrictions: ['banned'] }],
  ['a revoked paper', { credentials: [contract({ state: 'REVOKED' })] }],
  ['age beside an expired paper', { birthDate: '2010-01-01', ...EXPIRED }],
] as const)('%s is never overridden', (_what, facts) => {
  expect(override(decide(facts), GENERIC, MAX)).toEqual(refuse('not_overridable'));
});

test('identity is never overridden, nor is age by a pack that tried to let it', () => {
  const texas = packNamed('us-tx');
  expect(override(decide({ identityChecks: [] }, texas), texas, MAX)).toEqual(refuse('not_overridable'));
  const codes = ['under_age', 'identity_missing'] as unknown as PolicyPack['overrides'][number]['codes'];
  const of = GENERIC.minimumAges[0]?.rule ?? '';
  const lax = {
    ...GENERIC,
    overrides: [{ of, codes, roles: ['manager' as const], second: null, rule: 'generic.override' }],
  };
  expect(override(decide({ birthDate: '2010-01-01' }, lax), lax, MAX)).toEqual(refuse('not_overridable'));
});

test('whatever the facts and the pack are, nobody under age or unidentified gets past a BLOCK for it', () => {
  const packs = fc.constantFrom(...BUILT_IN_PACKS);
  const dates = fc.constantFrom(null, '1990-01-01', '2005-11-21', '2005-11-22', '2007-11-22', '2012-05-05');
  const states = fc.constantFrom('ACTIVE', 'PENDING_VERIFICATION', 'SUSPENDED', 'REVOKED', 'SUPERSEDED');
  const kinds = fc.constantFrom('contract', 'work_card', 'performer_card', 'adult_permit', 'training');
  const paper = fc.record({
    kind: kinds,
    state: states,
    issuedOn: fc.constant(null),
    expiresOn: fc.constantFrom(null, '2026-11-20', '2026-11-21'),
  });
  fc.assert(
    fc.property(
      packs,
      dates,
      fc.array(paper, { maxLength: 4 }),
      fc.boolean(),
      (pack, birthDate, credentials, isSeen) => {
        const decision = decide({ birthDate, credentials, identityChecks: isSeen ? GROWN.identityChecks : [] }, pack);
        const blocks = decision.reasons.filter(({ severity }) => severity === 'BLOCK');
        expect(decision.verdict === 'BLOCK').toBe(blocks.length > 0);
        expect(decision.reasons.filter(({ source }) => source === null)).toEqual([]);
        const never = blocks.some(({ code }) => !code.startsWith('credential_'));
        expect(never && override(decision, pack, MAX).ok).toBe(false);
      },
    ),
  );
});

const facts = (eligible: CheckInFacts['eligibility']): CheckInFacts => ({
  known: true,
  tonight: undefined,
  eligibility: eligible,
  houseFeeCents: 6_000,
});
const JADE = { dancer: 'jade', pack: GENERIC, asked: MAX };

test('the check-in keeps the whole decision and who overrode it; the house fee is assessed as ever', () => {
  const [arrived, fee] = eventsOf(checkInWithOverride(facts(decide(EXPIRED)), JADE, asking()));
  expect(arrived).toMatchObject({
    type: 'attendance.checked_in',
    tv: 2,
    body: { eligibility: { verdict: 'BLOCK', packVersion: 1 }, override: { by: 'max', second: 'olivia' } },
  });
  expect(fee?.type).toBe('house_fee.assessed');
});

test('an override is refused where nothing stands against her, and for all that a check-in is refused for', () => {
  expect(checkInWithOverride(facts(decide({})), JADE, asking())).toEqual(refuse('nothing_to_override'));
  expect(checkInWithOverride({ ...facts(decide(EXPIRED)), known: false }, JADE, asking())).toEqual(
    refuse('dancer_unknown'),
  );
  expect(checkInWithOverride(facts(decide(EXPIRED)), JADE, asking({ day: null }))).toEqual(refuse('day_not_open'));
  expect(checkInWithOverride(facts(decide({ birthDate: null })), JADE, asking())).toEqual(refuse('not_overridable'));
});
