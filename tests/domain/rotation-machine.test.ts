import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClubEvent } from '#shared/domain/event.ts';
import {
  addToRotation,
  byPlace,
  missEntry,
  resumeEntries,
  skipEntry,
  type EntryFact,
} from '#shared/domain/rotation.ts';
import { acknowledgeCall, awayOf, readyOf, runCalls } from '#shared/domain/rotation-calls.ts';
import type { RotationMode } from '#shared/domain/rotation-events.ts';
import { closeStage } from '#shared/domain/stage.ts';
import { endSet, putOnStage } from '#shared/domain/stage-set.ts';
import { asking, NOW } from '../support/rules.ts';

const STAGES = ['main', 'side', 'podium'];
type Live = { readonly set: string; readonly entry: string; readonly stage: string; readonly dancer: string };
type World = {
  readonly entries: readonly EntryFact[];
  readonly live: readonly Live[];
  readonly shut: readonly string[];
};
/** Which state may follow which, as the rules say it. */
const MAY_FOLLOW: Record<EntryFact['state'], readonly EntryFact['state'][]> = {
  WAITING: ['WAITING', 'CALLED', 'ON_STAGE'],
  CALLED: ['CALLED', 'ON_DECK', 'WAITING', 'ON_STAGE'],
  ON_DECK: ['ON_DECK', 'WAITING', 'ON_STAGE'],
  ON_STAGE: ['ON_STAGE', 'WAITING'],
};
const AGAIN = { state: 'WAITING', away: null, calledAt: null } as const;

const placeOf = (body: { readonly round: number; readonly rank: number }) => ({ round: body.round, rank: body.rank });

/** What an event does to its entry, as the tables have it; null where it is gone. */
function changes(event: ClubEvent, one: EntryFact, now: number): Partial<EntryFact> | null {
  const { type, body } = event;
  if (!('entry' in body) || body.entry !== one.entry) return {};
  if (type === 'rotation.removed' || type === 'rotation.merged') return null;
  if (type === 'rotation.called') return { state: 'CALLED', away: body.away, calledAt: one.calledAt ?? now };
  if (type === 'rotation.acknowledged') return { state: 'ON_DECK' };
  if (type === 'rotation.resumed') return { ...placeOf(body), held: false };
  if (type === 'rotation.transferred') {
    const state = one.state === 'ON_STAGE' ? 'ON_STAGE' : 'WAITING';
    return { ...AGAIN, ...placeOf(body), state, stage: body.to };
  }
  if (type === 'stage_set.started') return { ...AGAIN, state: 'ON_STAGE' };
  const isOver = type === 'rotation.missed' || type === 'rotation.skipped' || type === 'stage_set.ended';
  return isOver ? { ...AGAIN, ...placeOf(body) } : {};
}

function after(world: World, event: ClubEvent, now: number): World {
  let { entries, live, shut } = world;
  if (event.type === 'rotation.added') entries = [...entries, { ...AGAIN, ...event.body, held: false, version: 1 }];
  entries = entries.flatMap((one) => {
    const change = changes(event, one, now);
    if (change === null) return [];
    const next = { ...one, ...change };
    expect(MAY_FOLLOW[one.state]).toContain(next.state);
    return [next];
  });
  if (event.type === 'stage_set.started') live = [...live, event.body];
  if (event.type === 'stage_set.ended') live = live.filter(({ set }) => set !== event.body.set);
  if (event.type === 'stage.closed') shut = [...shut, event.body.stage];
  if (event.type === 'stage.opened') shut = shut.filter((one) => one !== event.body.stage);
  return { entries, live, shut };
}

type Order = { readonly kind: number; readonly at: number; readonly stage: number; readonly wait: number };

function decide(world: World, mode: RotationMode, order: Order, now: number): readonly ClubEvent[] {
  const { entries, live, shut } = world;
  const stages = STAGES.map((stage) => ({ stage, open: !shut.includes(stage) }));
  const one = entries[order.at % Math.max(1, entries.length)];
  const stage = STAGES[order.stage] ?? 'main';
  const queueOf = (of: string) => (mode === 'shared' ? entries : entries.filter((other) => other.stage === of));
  const queue = queueOf(one?.stage ?? stage);
  const ask = asking({ now, id: `${now}` });
  const dancer = `d${order.at}`;
  const isOpen = !shut.includes(stage);
  const served = mode === 'shared' ? stages.filter(({ open }) => open).map((each) => each.stage) : [stage];
  const freeStages = served.filter((each) => live.every((set) => set.stage !== each)).length;
  const decisions = [
    () =>
      addToRotation(
        {
          stageKnown: true,
          stageOpen: isOpen,
          tonight: { attendance: 'a', dancer, state: 'CHECKED_IN', segment: 1 },
          entries: mode === 'per_stage' ? queueOf(stage) : entries,
          inRoom: false,
        },
        { stage: mode === 'round_the_house' ? (stages.find(({ open }) => open)?.stage ?? stage) : stage },
        ask,
      ),
    () => runCalls({ queue: queueOf(stage), freeStages, timeoutMs: 60_000 }, now),
    () => acknowledgeCall(one),
    () => missEntry(queue, { entry: one?.entry ?? '' }),
    () => skipEntry(queue, { entry: one?.entry ?? '', reason: 'dj', mayBuyOut: false }),
    () =>
      putOnStage(
        {
          entry: one,
          queue,
          stages,
          mode,
          stageLive: live.some((set) => set.stage === (mode === 'shared' ? stage : one?.stage)),
          dancerLive: live.some((set) => set.dancer === one?.dancer),
          featureDue: false,
          songs: [],
        },
        { stage: mode === 'shared' ? stage : (one?.stage ?? ''), reason: null },
        ask,
      ),
    () =>
      endSet(
        { live: live[order.at % Math.max(1, live.length)], partner: undefined, all: entries, stages, mode },
        { outcome: 'COMPLETED' },
      ),
    () =>
      closeStage(
        { stages, mode, entries, live: live.some((set) => set.stage === stage), featureWaits: false },
        { stage, into: null },
      ),
  ];
  const decision = decisions[order.kind]?.();
  return decision?.ok ? decision.events : [];
}

test.each(['per_stage', 'shared', 'round_the_house'] as const)(
  'whatever is ordered, %s: no state but those that may follow, one set a stage, nobody on two, no two in one place, nobody lost',
  (mode) => {
    const order = fc.record({ kind: fc.nat(7), at: fc.nat(6), stage: fc.nat(2), wait: fc.nat(90) });
    fc.assert(
      fc.property(fc.array(order, { maxLength: 120 }), (orders) => {
        let world: World = { entries: [], live: [], shut: [] };
        let now = NOW;
        for (const one of orders) {
          now += 1 + one.wait * 1_000;
          const before = new Set(world.entries.map(({ dancer }) => dancer));
          for (const event of decide(world, mode, one, now)) world = after(world, event, now);
          const { entries, live } = world;
          const places = entries.map(({ stage, round, rank }) => `${mode === 'shared' ? '' : stage} ${round} ${rank}`);
          expect(new Set(places).size).toBe(entries.length);
          expect(new Set(live.map(({ stage }) => stage)).size).toBe(live.length);
          expect(new Set(live.map(({ dancer }) => dancer)).size).toBe(live.length);
          expect(entries.filter(({ state }) => state === 'ON_STAGE')).toHaveLength(live.length);
          expect([...before].filter((dancer) => entries.every((each) => each.dancer !== dancer))).toEqual([]);
          expect(entries.filter((each) => world.shut.includes(each.stage))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  },
);

test('nobody dances twice in a round before all who can dance it have', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 }), (dancers, turns) => {
      let world: World = { entries: [], live: [], shut: [] };
      const give = (events: readonly ClubEvent[]): void =>
        events.forEach((event) => (world = after(world, event, NOW)));
      for (let at = 0; at < dancers; at += 1)
        give(decide(world, 'per_stage', { kind: 0, at, stage: 0, wait: 0 }, NOW + at));
      const danced = new Map<string, number>();
      for (let turn = 0; turn < turns; turn += 1) {
        const next = readyOf(world.entries)[0];
        const at = world.entries.findIndex((one) => one.entry === next?.entry);
        give(decide(world, 'per_stage', { kind: 5, at, stage: 0, wait: 0 }, NOW + 100 + turn));
        danced.set(next?.dancer ?? '', (danced.get(next?.dancer ?? '') ?? 0) + 1);
        give(decide(world, 'per_stage', { kind: 6, at: 0, stage: 0, wait: 0 }, NOW));
      }
      const counts = world.entries.map(({ dancer }) => danced.get(dancer) ?? 0);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(turns);
    }),
  );
});

test('whoever comes back from a room goes behind the next performer, and away counts with her again', () => {
  const held: readonly EntryFact[] = [
    { entry: 'a', stage: 'main', dancer: 'a', round: 1, rank: 1, held: true, version: 1, ...AGAIN },
    { entry: 'b', stage: 'main', dancer: 'b', round: 1, rank: 2, held: false, version: 1, ...AGAIN },
    { entry: 'c', stage: 'main', dancer: 'c', round: 1, rank: 3, held: false, version: 1, ...AGAIN },
  ];
  let world: World = { entries: held, live: [], shut: [] };
  for (const event of resumeEntries(held, ['a'])) world = after(world, event, NOW);
  const order = world.entries.toSorted(byPlace).map(({ entry }) => [entry, awayOf(world.entries, entry, 0)]);
  expect(order).toEqual([
    ['b', 1],
    ['a', 2],
    ['c', 3],
  ]);
});
