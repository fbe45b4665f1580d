import { expect, test } from 'vitest';
import { openReadLine, parseLine, readLine } from '#shared/contract/event-line.ts';
import { EVENT_BODIES } from '#shared/contract/event-schemas.ts';
import { NEWER_VERSIONS } from '#shared/domain/event.ts';
import { openSteps, UPCASTERS, type Upcasters } from '#shared/contract/upcasters.ts';

/** Version 2 says cents instead of dollars, version 3 says who paid. */
const TWO_STEPS: Upcasters = {
  'fee.paid': [
    (body) => ({ cents: Number(Object(body).dollars) * 100 }),
    (body) => ({ ...Object(body), payer: 'unknown' }),
  ],
};
const read = openReadLine(openSteps(TWO_STEPS, ['fee.paid', 'day.opened']));
const line = (type: string, tv: unknown, body: object): string =>
  JSON.stringify({ v: 1, seq: 1, id: 'e1', type, tv, body, pii: { d1: { note: 'v1.x' } } });

test('a body of an old version is brought to the newest, step by step, and all else stays as it is', () => {
  const newest = { tv: 3, body: { cents: 500, payer: 'unknown' }, pii: { d1: { note: 'v1.x' } }, id: 'e1', seq: 1 };
  expect(read(line('fee.paid', 1, { dollars: 5 }))).toMatchObject({ isKnown: true, event: newest });
  expect(read(line('fee.paid', 2, { cents: 500 }))).toMatchObject({ isKnown: true, event: newest });
  expect(read(line('fee.paid', 3, { cents: 500, payer: 'd1' }))).toMatchObject({
    isKnown: true,
    event: { tv: 3, body: { cents: 500, payer: 'd1' } },
  });
});

test('a type without steps is read as it is', () => {
  expect(read(line('day.opened', 1, { day: 'd' }))).toMatchObject({
    isKnown: true,
    event: { tv: 1, body: { day: 'd' } },
  });
});

test.each([
  ['fee.paid', 4],
  ['fee.paid', 0],
  ['fee.paid', 1.5],
  ['fee.paid', '1'],
  ['day.opened', 2],
  ['fee.forgiven', 1],
  ['constructor', 1],
])('what only another program knows is told apart and left as it is: %s in version %s', (type, tv) => {
  const body = { dollars: 5 };
  expect(read(line(type, tv, body))).toEqual({ isKnown: false, event: JSON.parse(line(type, tv, body)) });
});

test('who must know what happened is not given what this program does not know', () => {
  expect(() => parseLine(line('fee.forgiven', 1, {}))).toThrow(expect.objectContaining({ name: 'UnknownEvent' }));
  expect(() => parseLine(line('day.opened', 2, {}))).toThrow('day.opened in version 2');
  expect(readLine(line('day.opened', 1, {})).isKnown).toBe(true);
});

test('the domain writes the version that the steps lead to', () => {
  const led = Object.fromEntries(Object.entries(UPCASTERS).map(([type, steps]) => [type, steps.length + 1]));
  expect(NEWER_VERSIONS).toEqual(led);
});

test('a check-in of the first version has no override and no sources', () => {
  const reasons = [{ code: 'credential_expires_soon', severity: 'WARN', rule: 'generic.credential' }];
  const eligibility = { verdict: 'WARN', reasons, pack: 'generic', packVersion: 1 };
  const old = line('attendance.checked_in', 1, { attendance: 'a', dancer: 'd', segment: 1, eligibility });
  expect(readLine(old).event).toMatchObject({
    tv: 2,
    body: { override: null, eligibility: { ...eligibility, reasons: [{ ...reasons[0], source: null }] } },
  });
});

test('a credential of the first version was issued nobody knows when, and renews none', () => {
  const old = line('credential.added', 1, { credential: 'c', verified: true });
  expect(readLine(old).event).toMatchObject({ tv: 2, body: { credential: 'c', issuedOn: null, renews: null } });
});

test('a voucher of the first version was sold without a discount that holds', () => {
  const old = line('voucher.sold', 1, { vouchers: ['v'], feeCents: 200 });
  expect(readLine(old).event).toMatchObject({ tv: 2, body: { vouchers: ['v'], feeCents: 200, discountCents: null } });
});

test('only types that there are have steps', () => {
  expect(Object.keys(UPCASTERS).filter((type) => !(type in EVENT_BODIES))).toEqual([]);
});
