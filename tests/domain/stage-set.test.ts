import { expect, test } from 'vitest';
import { endStageSet, startStageSet } from '#shared/domain/stage-set.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, eventOf, queue, waiting, CLOSING } from '../support/rules.ts';

const NEXT = { entry: waiting('a'), stageLive: false, dancerLive: false };
const LIVE = { set: 'set', entry: 'a', stage: 'main', dancer: 'dancer-a' };

test('she goes on stage, called or not', () => {
  expect(eventOf(startStageSet(NEXT, asking())).body).toEqual({
    set: 'born',
    entry: 'a',
    stage: 'main',
    dancer: 'dancer-a',
  });
  expect(startStageSet({ ...NEXT, entry: waiting('a', { state: 'CALLED' }) }, asking()).ok).toBe(true);
});

test.each([
  [{ entry: undefined }, 'entry_unknown'],
  [{ entry: waiting('a', { held: true }) }, 'entry_held'],
  [{ entry: waiting('a', { state: 'ON_STAGE' }) }, 'on_stage'],
  [{ dancerLive: true }, 'on_stage'],
  [{ stageLive: true }, 'stage_busy'],
] as const)('with %j no set starts: %s', (over, refusal) => {
  expect(startStageSet({ ...NEXT, ...over }, asking())).toEqual(refuse(refusal));
});

test('no set starts without a night, or while it closes', () => {
  expect(startStageSet(NEXT, asking({ day: null }))).toEqual(refuse('day_not_open'));
  expect(startStageSet(NEXT, asking({ day: CLOSING }))).toEqual(refuse('day_closing'));
});

test.each(['COMPLETED', 'CUT_SHORT'] as const)(
  'a set that is %s sends her to the tail of the next round',
  (outcome) => {
    const entries = [waiting('a', { state: 'ON_STAGE' }), ...queue('b', 'c'), waiting('d', { round: 2, rank: 4 })];
    expect(eventOf(endStageSet({ live: LIVE, entries }, { outcome })).body).toEqual({
      ...LIVE,
      outcome,
      round: 2,
      rank: 5,
    });
  },
);

test('a set that is over is not ended again', () => {
  expect(endStageSet({ live: undefined, entries: [] }, { outcome: 'COMPLETED' })).toEqual(refuse('stage_set_unknown'));
});
