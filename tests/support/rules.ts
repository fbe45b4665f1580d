import type { Asking, DayFact } from '#shared/domain/asking.ts';
import type { RoomRate } from '#shared/domain/event.ts';
import type { Eligibility } from '#shared/domain/policy-words.ts';
import type { EntryFact } from '#shared/domain/rotation.ts';
import type { Decision } from '#shared/kit/decision.ts';

/** Where the rules stand in these tests: a Saturday night in New York that is open. */
export const NIGHT: DayFact = { day: 'night', date: '2026-11-21', state: 'OPEN' };
export const CLOSING: DayFact = { ...NIGHT, state: 'CLOSING' };
export const NOW = Date.parse('2026-11-21T23:00:00-05:00');
export const MINUTE = 60_000;

export function asking(over: Partial<Asking> = {}): Asking {
  return { now: NOW, day: NIGHT, id: 'born', by: 'staff-1', ...over };
}

/** The events of a decision; a refusal is an error of the test. */
export function eventsOf<E, R extends string>(decision: Decision<E, R>): readonly E[] {
  if (!decision.ok) throw new Error(`refused: ${decision.refusal}`);
  return decision.events;
}

/** The one event of a decision. */
export function eventOf<E, R extends string>(decision: Decision<E, R>): E {
  const [first, ...more] = eventsOf(decision);
  if (first === undefined || more.length > 0) throw new Error(`not one event but ${more.length + 1}`);
  return first;
}

export const ALLOWED: Eligibility = { verdict: 'ALLOW', reasons: [], pack: 'generic', packVersion: 1 };
export const BLOCKED: Eligibility = {
  verdict: 'BLOCK',
  reasons: [{ code: 'under_age', severity: 'BLOCK', rule: 'generic.minimum_age', source: 'ClubOps default' }],
  pack: 'generic',
  packVersion: 1,
};

export const HALF_HOUR: RoomRate = {
  rate: 'vip30',
  name: '30 minutes',
  minutes: 30,
  grossCents: 28_000,
  houseCents: 9_000,
};

/** A waiting entry of the main stage, named after its dancer. */
export function waiting(name: string, place: Partial<EntryFact> = {}): EntryFact {
  return {
    entry: name,
    stage: 'main',
    dancer: `dancer-${name}`,
    state: 'WAITING',
    round: 1,
    rank: 1,
    held: false,
    away: null,
    calledAt: null,
    version: 1,
    ...place,
  };
}

/** Entries in this order, one rank apart. */
export function queue(...names: readonly string[]): readonly EntryFact[] {
  return names.map((name, at) => waiting(name, { rank: at + 1 }));
}
