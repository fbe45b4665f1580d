import { expect, test } from 'vitest';
import {
  addToBlocklist,
  isBanned,
  liftBan,
  reviewBan,
  type AddToBlocklist,
  type BanFact,
} from '#shared/domain/blocklist.ts';
import { GENERIC } from '#shared/domain/pack-generic.ts';
import { US_WA } from '#shared/domain/pack-us-wa.ts';
import type { PolicyPack } from '#shared/domain/policy-words.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, eventOf } from '../support/rules.ts';

const TONIGHT = { night: '2026-11-21', calendar: '2026-11-21' };
const on = (night: string) => ({ night, calendar: night });
const sworn: AddToBlocklist = {
  complaint: 'c1',
  evidence: 'sworn_statement',
  incidentOn: '2026-11-20',
  expiresOn: '2029-11-20',
  reviewOn: null,
  scope: 'common_ownership',
};
const add = (over: Partial<AddToBlocklist>) =>
  addToBlocklist({ complaintKnown: true, dates: TONIGHT, pack: US_WA }, { ...sworn, ...over }, asking());
const ban = (over: Partial<BanFact> = {}): BanFact => ({
  record: 'b',
  kind: 'blocklist_entry',
  state: 'ACTIVE',
  erasedAt: null,
  startsOn: '2026-11-21',
  minUntil: '2029-11-20',
  expiresOn: '2029-11-20',
  ...over,
});

test('a ban of three years from the incident is taken, with the rule that asks for it', () => {
  expect(eventOf(add({})).body).toMatchObject({
    blocklistEntry: 'born',
    startsOn: '2026-11-21',
    minUntil: '2029-11-20',
    rule: 'us-wa.blocklist',
  });
});

test.each(['sworn_statement', 'other_credible'] as const)(
  'a ban below the minimum term is refused where there is a %s',
  (evidence) => {
    expect(add({ evidence, expiresOn: '2029-11-19' })).toEqual(refuse('ban_too_short'));
    expect(add({ evidence, expiresOn: '2029-11-20' }).ok).toBe(true);
  },
);

test('the minimum term counts from the incident, and a leap day gives no day less', () => {
  expect(eventOf(add({ incidentOn: '2024-02-29', expiresOn: '2027-03-01' })).body.minUntil).toBe('2027-03-01');
  expect(add({ incidentOn: '2024-02-29', expiresOn: '2027-02-28' })).toEqual(refuse('ban_too_short'));
});

test('with evidence all clubs of common ownership must ban; the house alone decides for itself', () => {
  expect(add({ scope: 'club' })).toEqual(refuse('ban_scope_too_small'));
  const house = { evidence: 'house_decision', scope: 'club', complaint: null, expiresOn: '2026-12-01' } as const;
  expect(eventOf(add(house)).body).toMatchObject({ minUntil: null, rule: 'generic.house_ban' });
});

test('a ban without an end is looked at again on a date', () => {
  expect(add({ expiresOn: null })).toEqual(refuse('ban_needs_end'));
  expect(add({ expiresOn: null, reviewOn: '2027-11-21' }).ok).toBe(true);
  expect(add({ expiresOn: null, reviewOn: '2026-11-20' })).toEqual(refuse('date_in_past'));
});

test('a ban names no complaint that is not there, no incident of tomorrow and no date that is none', () => {
  expect(addToBlocklist({ complaintKnown: false, dates: TONIGHT, pack: GENERIC }, sworn, asking())).toEqual(
    refuse('record_unknown'),
  );
  expect(add({ incidentOn: '2026-11-22' })).toEqual(refuse('date_in_future'));
  expect(add({ expiresOn: '2029-02-30' })).toEqual(refuse('body_invalid'));
  expect(add({ evidence: 'house_decision', expiresOn: '2026-11-20' })).toEqual(refuse('date_in_past'));
});

test('a ban is not lifted before its minimum is over, and lifted once', () => {
  expect(liftBan(ban(), on('2029-11-19'), asking())).toEqual(refuse('ban_minimum_stands'));
  expect(eventOf(liftBan(ban(), on('2029-11-20'), asking())).body).toEqual({ blocklistEntry: 'b', by: 'staff-1' });
  expect(liftBan(ban({ state: 'LIFTED' }), on('2029-11-20'), asking())).toEqual(refuse('ban_lifted'));
  expect(liftBan(ban({ minUntil: null }), TONIGHT, asking()).ok).toBe(true);
  expect(liftBan(undefined, TONIGHT, asking())).toEqual(refuse('ban_unknown'));
});

test('a review makes a ban longer, or shorter down to its minimum', () => {
  const review = (expiresOn: string | null, reviewOn: string | null) =>
    reviewBan(ban({ expiresOn: '2031-01-01' }), { expiresOn, reviewOn }, TONIGHT);
  expect(eventOf(review('2030-01-01', null)).body.expiresOn).toBe('2030-01-01');
  expect(review('2029-11-19', null)).toEqual(refuse('ban_too_short'));
  expect(review(null, null)).toEqual(refuse('ban_needs_end'));
  expect(reviewBan(ban({ state: 'LIFTED' }), { expiresOn: null, reviewOn: '2027-01-01' }, TONIGHT)).toEqual(
    refuse('ban_lifted'),
  );
  expect(reviewBan(undefined, { expiresOn: null, reviewOn: '2027-01-01' }, TONIGHT)).toEqual(refuse('ban_unknown'));
});

test('a ban that has run out is neither reviewed nor lifted: what comes behind it is another ban', () => {
  const over = ban({ expiresOn: '2026-11-20', minUntil: null });
  const again = { expiresOn: '2026-12-31', reviewOn: null };
  expect(reviewBan(over, again, TONIGHT)).toEqual(refuse('ban_over'));
  expect(liftBan(over, TONIGHT, asking())).toEqual(refuse('ban_over'));
  expect(reviewBan({ ...over, expiresOn: TONIGHT.night }, again, TONIGHT).ok).toBe(true);
});

test('a ban that expires tonight holds through the night, also after midnight, and not the next', () => {
  const last = ban({ expiresOn: '2026-11-21', minUntil: null });
  expect(isBanned(last, '2026-11-21')).toBe(true);
  expect(isBanned(last, '2026-11-22')).toBe(false);
  expect(isBanned(last, '2026-11-20')).toBe(false);
  expect(isBanned({ ...last, expiresOn: null }, '2099-01-01')).toBe(true);
  expect(isBanned({ ...last, state: 'LIFTED' }, '2026-11-21')).toBe(false);
});

test('the minimum term is the place’s; one that a place does not name is the generic pack’s', () => {
  const sixYears: PolicyPack = {
    ...US_WA,
    banTerms: [{ evidence: 'sworn_statement', minimumYears: 6, scope: null, rule: 'us-wa.blocklist' }],
  };
  const under = (pack: PolicyPack, over: Partial<AddToBlocklist> = {}) =>
    addToBlocklist({ complaintKnown: true, dates: TONIGHT, pack }, { ...sworn, ...over }, asking());
  expect(under(sixYears)).toEqual(refuse('ban_too_short'));
  expect(eventOf(under(sixYears, { expiresOn: '2032-11-20', scope: 'club' })).body.minUntil).toBe('2032-11-20');
  expect(eventOf(under(sixYears, { evidence: 'other_credible' })).body.rule).toBe('generic.ban_term');
});
