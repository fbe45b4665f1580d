import { describe, expect, test } from 'vitest';
import { cancelFeature, scheduleFeature, startFeature, type FeatureStart } from '#shared/domain/feature.ts';
import { acknowledgeCall, awayOf, runCalls } from '#shared/domain/rotation-calls.ts';
import { callEntry, missEntry, planSongs, skipEntry, type EntryFact } from '#shared/domain/rotation.ts';
import { closeStage, configureRotation, openStage, type CloseFacts } from '#shared/domain/stage.ts';
import { endSet, joinStageSet, putOnStage, type EndFacts } from '#shared/domain/stage-set.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, CLOSING, eventOf, eventsOf, MINUTE, NOW, queue, waiting } from '../support/rules.ts';

const OPEN = [
  { stage: 'main', open: true },
  { stage: 'side', open: true },
];
const SETTING = { mode: 'per_stage', songsPerSet: 3, callTimeoutS: 120 } as const;
const bodies = (events: readonly { readonly body: object }[]) => events.map(({ body }) => body);

describe('calls', () => {
  const calling = (entries: readonly EntryFact[], freeStages = 0, now = NOW) =>
    runCalls({ queue: entries, freeStages, timeoutMs: 2 * MINUTE }, now);

  test('three, two and one are called by their places, the fourth is not yet', () => {
    expect(bodies(eventsOf(calling(queue('a', 'b', 'c', 'd'))))).toEqual([
      { entry: 'a', away: 1 },
      { entry: 'b', away: 2 },
      { entry: 'c', away: 3 },
    ]);
  });

  test('with the stage free the first is called now; with two free, the first two', () => {
    const five = queue('a', 'b', 'c', 'd', 'e');
    expect(['a', 'b', 'e'].map((entry) => awayOf(five, entry, 1))).toEqual([0, 1, 4]);
    expect(['a', 'b', 'c', 'e'].map((entry) => awayOf(five, entry, 2))).toEqual([0, 0, 1, 3]);
  });

  test('who is in a room is neither called nor counted', () => {
    const entries = [waiting('a', { held: true }), waiting('b', { rank: 2 })];
    expect(awayOf(entries, 'a', 1)).toBe(null);
    expect(bodies(eventsOf(calling(entries)))).toEqual([{ entry: 'b', away: 1 }]);
  });

  test('who comes nearer is called again, and nothing is due twice', () => {
    const called = waiting('a', { state: 'CALLED', away: 2, calledAt: NOW });
    expect(bodies(eventsOf(calling([called])))).toEqual([{ entry: 'a', away: 1 }]);
    expect(calling([{ ...called, away: 1 }])).toEqual(refuse('nothing_due'));
  });

  test('a call without an answer in time is missed: to the tail of the next round, and the next comes up', () => {
    const late = waiting('a', { state: 'CALLED', away: 1, calledAt: NOW - 2 * MINUTE });
    const events = eventsOf(calling([late, waiting('b', { rank: 2 })]));
    expect(events.map(({ type, body }) => [type, body])).toEqual([
      ['rotation.missed', { entry: 'a', round: 2, rank: 1 }],
      ['rotation.called', { entry: 'b', away: 1 }],
      ['rotation.called', { entry: 'a', away: 2 }],
    ]);
    expect(calling([{ ...late, calledAt: NOW - 2 * MINUTE + 1 }])).toEqual(refuse('nothing_due'));
  });

  test('who comes to 0 away without an answer has missed it, who is called there first has not', () => {
    const b = waiting('b', { rank: 2, state: 'CALLED', away: 1, calledAt: NOW });
    const unanswered = waiting('a', { state: 'CALLED', away: 1, calledAt: NOW });
    expect(eventsOf(calling([unanswered, b], 1))[0]).toMatchObject({ type: 'rotation.missed', body: { entry: 'a' } });
    expect(calling([{ ...unanswered, away: 0 }, b], 1)).toEqual(refuse('nothing_due'));
  });

  test('who answered is on deck: neither called again nor missed', () => {
    const called = waiting('a', { state: 'CALLED', away: 1, calledAt: NOW - 10 * MINUTE });
    expect(eventOf(acknowledgeCall(called)).body).toEqual({ entry: 'a' });
    const onDeck: EntryFact = { ...called, state: 'ON_DECK' };
    expect(calling([onDeck], 1)).toEqual(refuse('nothing_due'));
    expect(callEntry(onDeck, { away: 0 })).toEqual(refuse('on_deck'));
    expect(missEntry([onDeck], { entry: 'a' })).toEqual(refuse('on_deck'));
    expect(acknowledgeCall(onDeck)).toEqual(refuse('on_deck'));
    expect(acknowledgeCall(waiting('a'))).toEqual(refuse('entry_not_called'));
    expect(acknowledgeCall(undefined)).toEqual(refuse('entry_unknown'));
  });

  test('one dancer left in the rotation misses her call and is called again', () => {
    const alone = waiting('a', { state: 'CALLED', away: 0, calledAt: NOW - 3 * MINUTE });
    expect(bodies(eventsOf(calling([alone], 1)))).toEqual([
      { entry: 'a', round: 2, rank: 1 },
      { entry: 'a', away: 0 },
    ]);
  });
});

describe('a turn', () => {
  test.each(['break', 'buyout', 'manager', 'dj'] as const)('is skipped for %s: one round on', (reason) => {
    const entries = queue('a', 'b');
    const skipped = eventOf(skipEntry(entries, { entry: 'a', reason, mayBuyOut: true }));
    expect(skipped.body).toEqual({ entry: 'a', reason, round: 2, rank: 1 });
  });

  test('is not bought out where the place forbids it, nor skipped in a room, on stage or unknown', () => {
    const skip = (over: Partial<EntryFact>, reason: 'buyout' | 'dj' = 'dj') =>
      skipEntry([waiting('a', over)], { entry: 'a', reason, mayBuyOut: false });
    expect(skip({}, 'buyout')).toEqual(refuse('buyout_not_allowed'));
    expect(skip({ held: true })).toEqual(refuse('entry_held'));
    expect(skip({ state: 'ON_STAGE' })).toEqual(refuse('on_stage'));
    expect(skipEntry([], { entry: 'a', reason: 'dj', mayBuyOut: true })).toEqual(refuse('entry_unknown'));
  });

  test('is planned with as many songs as a set has, one in a club of one-song sets', () => {
    const songs = [
      { track: 't1', title: 'One' },
      { track: 't2', title: 'Two' },
    ];
    expect(eventOf(planSongs(waiting('a'), { songs }, 2)).body).toEqual({ entry: 'a', songs });
    expect(planSongs(waiting('a'), { songs }, 1)).toEqual(refuse('set_too_long'));
    expect(planSongs(waiting('a', { state: 'ON_STAGE' }), { songs }, 2)).toEqual(refuse('on_stage'));
    expect(planSongs(undefined, { songs }, 2)).toEqual(refuse('entry_unknown'));
  });
});

describe('a set', () => {
  const NEXT = {
    entry: waiting('a'),
    queue: queue('a', 'b'),
    stages: OPEN,
    mode: 'per_stage',
    stageLive: false,
    dancerLive: false,
    featureDue: false,
    songs: [],
  } as const;
  const put = (over: Partial<Parameters<typeof putOnStage>[0]> = {}, stage = 'main') =>
    putOnStage({ ...NEXT, ...over }, { stage, reason: null }, asking());

  test('starts with the songs that were planned for it', () => {
    const songs = [{ track: 't1', title: 'One' }];
    expect(eventsOf(put({ songs })).map(({ type }) => type)).toEqual(['stage_set.started', 'stage_set.planned']);
  });

  test('before her turn is an override', () => {
    expect(eventsOf(put({ entry: waiting('b', { rank: 2 }) }))[1]).toMatchObject({
      type: 'rotation.overridden',
      body: { entry: 'b', stage: 'main', dancer: 'dancer-b', kind: 'out_of_order', reason: null },
    });
  });

  test('starts where a shared queue has a stage free, and nowhere else with a queue for each', () => {
    expect(eventsOf(put({ mode: 'shared' }, 'side'))[0]?.body).toMatchObject({ stage: 'side' });
    expect(put({}, 'side')).toEqual(refuse('stage_wrong'));
    expect(put({}, 'nowhere')).toEqual(refuse('stage_unknown'));
    expect(put({ stages: [{ stage: 'main', open: false }] })).toEqual(refuse('stage_closed'));
    expect(put({ featureDue: true })).toEqual(refuse('feature_due'));
    expect(put({ stageLive: true })).toEqual(refuse('stage_busy'));
  });

  const LIVE = { set: 'set', entry: 'a', stage: 'main', dancer: 'dancer-a' };
  const dancing = [waiting('a', { state: 'ON_STAGE' }), waiting('b', { state: 'ON_STAGE', rank: 2 })];
  const END: EndFacts = { live: LIVE, partner: undefined, all: dancing, stages: OPEN, mode: 'per_stage' };

  test('is joined by a second dancer, never a third', () => {
    const facts = { live: LIVE, hasPartner: false, entry: waiting('b'), dancerLive: false };
    expect(eventOf(joinStageSet(facts, asking())).body).toEqual({
      set: 'set',
      entry: 'b',
      stage: 'main',
      dancer: 'dancer-b',
    });
    const join = (over: object) => joinStageSet({ ...facts, ...over }, asking());
    expect(join({ hasPartner: true })).toEqual(refuse('duo_full'));
    expect(join({ dancerLive: true })).toEqual(refuse('on_stage'));
    expect(join({ entry: waiting('b', { held: true }) })).toEqual(refuse('entry_held'));
    expect(join({ entry: undefined })).toEqual(refuse('entry_unknown'));
    expect(join({ live: undefined })).toEqual(refuse('stage_set_unknown'));
    expect(joinStageSet(facts, asking({ day: CLOSING }))).toEqual(refuse('day_closing'));
  });

  test('of two ends for both, at two places of the next round', () => {
    const events = eventsOf(endSet({ ...END, partner: dancing[1] }, { outcome: 'COMPLETED' }));
    expect(bodies(events)).toMatchObject([
      { entry: 'a', round: 2, rank: 1 },
      { entry: 'b', round: 2, rank: 2 },
    ]);
  });

  test('round the house goes on at the next stage in the same round, from the last back to the first one round on', () => {
    const round = { mode: 'round_the_house', all: [waiting('a', { state: 'ON_STAGE', round: 4 })] } as const;
    expect(eventsOf(endSet({ ...END, ...round }, { outcome: 'COMPLETED' }))[1]?.body).toEqual({
      entry: 'a',
      from: 'main',
      to: 'side',
      round: 4,
      rank: 1,
    });
    const last = { ...round, all: [waiting('a', { state: 'ON_STAGE', round: 4, stage: 'side' })] };
    const live = { ...LIVE, stage: 'side' };
    expect(eventsOf(endSet({ ...END, ...last, live }, { outcome: 'COMPLETED' }))[1]?.body).toEqual({
      entry: 'a',
      from: 'side',
      to: 'main',
      round: 5,
      rank: 1,
    });
  });
});

describe('a stage', () => {
  const side = (name: string, place: Partial<EntryFact> = {}) => waiting(name, { stage: 'side', ...place });
  const entries = [
    waiting('a', { round: 5, rank: 2 }),
    waiting('b', { round: 6, rank: 1 }),
    side('x', { round: 2, rank: 7, state: 'CALLED', away: 1 }),
    side('y', { round: 3, rank: 1 }),
  ];
  const FACTS: CloseFacts = { stages: OPEN, mode: 'per_stage', entries, live: false, featureWaits: false };
  const close = (over: Partial<CloseFacts> = {}, into: string | null = null) =>
    closeStage({ ...FACTS, ...over }, { stage: 'side', into });

  test('that closes mid-round hands its queue over: the rounds are made one, nobody loses her turn', () => {
    expect(bodies(eventsOf(close()))).toEqual([
      { stage: 'side', into: 'main' },
      { entry: 'x', from: 'side', to: 'main', round: 5, rank: 3 },
      { entry: 'y', from: 'side', to: 'main', round: 6, rank: 2 },
    ]);
  });

  test('that closes drops the place of a dancer who waits at the other one too', () => {
    const double = [waiting('a'), side('x', { dancer: 'dancer-a' })];
    expect(bodies(eventsOf(close({ entries: double })))[1]).toEqual({ entry: 'x', into: 'a' });
  });

  test('that closes with one queue for all leaves each place as it is', () => {
    expect(bodies(eventsOf(close({ mode: 'shared' })))[1]).toMatchObject({ entry: 'x', round: 2, rank: 7 });
  });

  test('stays open while a set is danced, a feature is to come, or the queue has nowhere to go', () => {
    expect(close({ live: true })).toEqual(refuse('stage_busy'));
    expect(close({ featureWaits: true })).toEqual(refuse('feature_waits'));
    const alone = [{ stage: 'side', open: true }];
    expect(close({ stages: alone })).toEqual(refuse('stage_last'));
    expect(bodies(eventsOf(close({ stages: alone, entries: [] })))).toEqual([{ stage: 'side', into: null }]);
    expect(close({}, 'side')).toEqual(refuse('stage_last'));
    expect(close({}, 'nowhere')).toEqual(refuse('stage_unknown'));
    expect(close({ stages: [{ stage: 'side', open: false }] })).toEqual(refuse('stage_closed'));
    expect(close({ stages: [...alone, { stage: 'main', open: false }] }, 'main')).toEqual(refuse('stage_closed'));
    expect(close({ stages: [] })).toEqual(refuse('stage_unknown'));
  });

  test('opens once', () => {
    expect(eventOf(openStage({ stage: 'side', open: false })).body).toEqual({ stage: 'side' });
    expect(openStage(OPEN[1])).toEqual(refuse('stage_open_already'));
    expect(openStage(undefined)).toEqual(refuse('stage_unknown'));
  });

  test('shares its dancers another way only while nobody waits', () => {
    const shared = { ...SETTING, mode: 'shared' } as const;
    expect(eventOf(configureRotation({ now: SETTING, entries: 0 }, shared)).body).toEqual(shared);
    expect(configureRotation({ now: SETTING, entries: 1 }, shared)).toEqual(refuse('rotation_running'));
    expect(configureRotation({ now: SETTING, entries: 1 }, { ...SETTING, songsPerSet: 1 }).ok).toBe(true);
    expect(configureRotation({ now: SETTING, entries: 0 }, SETTING)).toEqual(refuse('nothing_changed'));
  });
});

describe('a feature', () => {
  const FEATURE = { feature: 'f', stage: 'main', dancer: 'star', showsAt: NOW, state: 'SCHEDULED' } as const;
  const SET = { set: 'set', entry: 'a', stage: 'main', dancer: 'dancer-a' };
  const FACTS: FeatureStart = {
    feature: FEATURE,
    stageOpen: true,
    checkedIn: true,
    inRoom: false,
    dancerLive: false,
    live: { set: SET, isFeature: false, danced: [waiting('a', { round: 3, rank: 4, state: 'ON_STAGE' })] },
  };
  const start = (over: Partial<FeatureStart> = {}, now = NOW) => startFeature({ ...FACTS, ...over }, asking({ now }));

  test('pre-empts at its time: the set is cut short and she who danced it is next', () => {
    expect(bodies(eventsOf(start()))).toEqual([
      { ...SET, outcome: 'CUT_SHORT', round: 3, rank: 4 },
      { entry: 'a', stage: 'main', dancer: 'dancer-a', kind: 'preempted', reason: 'show' },
      { set: 'born', entry: 'f', stage: 'main', dancer: 'star' },
    ]);
  });

  test('before its time takes a free stage and no other', () => {
    expect(start({}, NOW - 1)).toEqual(refuse('stage_busy'));
    expect(eventOf(start({ live: null }, NOW - 1)).type).toBe('stage_set.started');
  });

  test.each([
    [{ feature: undefined }, 'feature_unknown'],
    [{ feature: { ...FEATURE, state: 'DONE' } }, 'feature_over'],
    [{ stageOpen: false }, 'stage_closed'],
    [{ checkedIn: false }, 'not_checked_in'],
    [{ inRoom: true }, 'in_room'],
    [{ dancerLive: true }, 'on_stage'],
    [{ live: { set: SET, isFeature: true, danced: [] } }, 'stage_busy'],
  ] as const)('does not start with %j: %s', (over, refusal) => {
    expect(start(over)).toEqual(refuse(refusal));
  });

  test('has a time that is still to come, on an open stage, and may be cancelled until it is on', () => {
    const facts = { stageOpen: true, dancerKnown: true };
    const command = { stage: 'main', dancer: 'star', showsAt: NOW };
    const schedule = (over: object) => scheduleFeature({ ...facts, ...over }, command, asking());
    expect(eventOf(schedule({})).body).toEqual({ ...command, feature: 'born' });
    expect(schedule({ stageOpen: undefined })).toEqual(refuse('stage_unknown'));
    expect(schedule({ stageOpen: false })).toEqual(refuse('stage_closed'));
    expect(schedule({ dancerKnown: false })).toEqual(refuse('dancer_unknown'));
    expect(scheduleFeature(facts, command, asking({ now: NOW + 1 }))).toEqual(refuse('date_in_past'));
    expect(eventOf(cancelFeature(FEATURE)).body).toEqual({ feature: 'f' });
    expect(cancelFeature({ ...FEATURE, state: 'LIVE' })).toEqual(refuse('feature_over'));
    expect(cancelFeature(undefined)).toEqual(refuse('feature_unknown'));
  });
});
