import { describe, expect, test } from 'vitest';
import { priceOf, type SessionFact } from '#shared/domain/room-session.ts';
import { cannotGo, setDirection, setMinimum, shortCents } from '#shared/domain/room-terms.ts';
import { eventOf, HALF_HOUR, NOW } from '../support/rules.ts';

const session = (state: SessionFact['state'], minimumCents = 40_000) => ({
  session: 's',
  room: 'r',
  state,
  dancers: ['jade'],
  minutes: 30,
  segments: 1,
  plannedEnd: NOW,
  price: priceOf(HALF_HOUR, ['jade'], 0),
  minimumCents,
});

describe('the direction of settlement', () => {
  test('is set once to each value', () => {
    expect(eventOf(setDirection(null, { direction: 'HOUSE_COLLECTS' })).body).toEqual({ direction: 'HOUSE_COLLECTS' });
    expect(setDirection(null, { direction: null })).toMatchObject({ refusal: 'nothing_changed' });
  });

  test('binds a host, and neither an owner nor a club that has none', () => {
    expect(cannotGo('HOUSE_COLLECTS', 'ENTERTAINER_COLLECTS', ['vip_host'])).toBe('settlement_direction');
    expect(cannotGo('HOUSE_COLLECTS', 'ENTERTAINER_COLLECTS', undefined)).toBe('settlement_direction');
    expect(cannotGo('HOUSE_COLLECTS', 'ENTERTAINER_COLLECTS', ['manager'])).toBeNull();
    expect(cannotGo('HOUSE_COLLECTS', 'HOUSE_COLLECTS', ['vip_host'])).toBeNull();
    expect(cannotGo('HOUSE_COLLECTS', null, ['vip_host'])).toBeNull();
  });
});

describe('a minimum spend', () => {
  const higher = { cents: 50_000, reason: null };
  const lower = { cents: 1, reason: 'why' };

  test('is agreed at the quote, and never raised after it', () => {
    expect(eventOf(setMinimum(session('QUOTED'), higher, ['vip_host'])).body).toMatchObject(higher);
    expect(setMinimum(session('RUNNING'), higher, ['owner'])).toMatchObject({ refusal: 'session_not_quoted' });
    expect(setMinimum(session('QUOTED', 50_000), higher, ['owner'])).toMatchObject({ refusal: 'nothing_changed' });
    expect(setMinimum(undefined, higher, ['owner'])).toMatchObject({ refusal: 'session_unknown' });
  });

  test('is lowered after the start by an owner or manager, with a reason, and not once it is paid', () => {
    expect(eventOf(setMinimum(session('ENDED'), lower, ['manager'])).body).toMatchObject(lower);
    expect(setMinimum(session('RUNNING'), lower, ['vip_host'])).toMatchObject({ refusal: 'not_allowed' });
    expect(setMinimum(session('RUNNING'), { ...lower, reason: null }, ['owner'])).toMatchObject({
      refusal: 'reason_missing',
    });
    for (const state of ['SETTLED', 'VOIDED', 'CANCELLED'] as const)
      expect(setMinimum(session(state), lower, ['owner'])).toMatchObject({ refusal: 'session_not_running' });
  });

  test('is short by what the bill has not come to', () => {
    expect([28_000, 28_001, 0].map((cents) => shortCents(session('ENDED', cents)))).toEqual([0, 1, 0]);
  });
});
