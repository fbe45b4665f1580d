import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttendanceFact } from '#shared/domain/attendance.ts';
import type { EventOf } from '#shared/domain/event.ts';
import {
  addToRotation,
  byPlace,
  callEntry,
  missEntry,
  moveEntry,
  removeEntry,
  resumeEntries,
  tailOfNext,
  tailOfRound,
  type EntryFact,
} from '#shared/domain/rotation.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, CLOSING, eventOf, eventsOf, queue, waiting } from '../support/rules.ts';

type Placed = EventOf<'rotation.moved' | 'rotation.resumed' | 'rotation.missed'>;

/** The entries after these events, as the tables would have them. */
function after(entries: readonly EntryFact[], events: readonly Placed[]): readonly EntryFact[] {
  return events.reduce<readonly EntryFact[]>(
    (now, { type, body: { entry, round, rank } }) =>
      now.map((one) =>
        one.entry === entry
          ? { ...one, round, rank, held: type === 'rotation.resumed' ? false : one.held, version: one.version + 1 }
          : one,
      ),
    entries,
  );
}
const names = (entries: readonly EntryFact[]) => [...entries].sort(byPlace).map(({ entry }) => entry);
const move = (entries: readonly EntryFact[], entry: string, afterEntry: string | null) =>
  moveEntry(entries, { entry, afterEntry, version: entries.find((one) => one.entry === entry)?.version ?? 0 });
const JADE: AttendanceFact = { attendance: 'att', dancer: 'jade', state: 'CHECKED_IN', segment: 1 };
const ADDING = { stageKnown: true, stageOpen: true, tonight: JADE, entries: queue('a', 'b'), inRoom: false };

test('the order is by round, then by rank', () => {
  const entries = [
    waiting('late', { round: 2, rank: -5 }),
    waiting('second', { rank: 2 }),
    waiting('first', { rank: 1.5 }),
  ];
  expect(names(entries)).toEqual(['first', 'second', 'late']);
});

test('a dancer who arrives stands at the tail of the round that is danced, before those who danced already', () => {
  const danced = waiting('danced', { round: 2, rank: 1 });
  const added = eventOf(
    addToRotation({ ...ADDING, entries: [...queue('a', 'b'), danced] }, { stage: 'main' }, asking()),
  );
  expect(added).toMatchObject({
    type: 'rotation.added',
    body: { entry: 'born', stage: 'main', attendance: 'att', dancer: 'jade', round: 1, rank: 3 },
  });
});

test('the first dancer of a night is the first', () => {
  expect(tailOfRound([])).toEqual({ round: 1, rank: 1 });
});

test('with everybody else on stage, a dancer who arrives is next', () => {
  const entries = [waiting('live', { state: 'ON_STAGE', round: 3, rank: 1 })];
  expect(tailOfRound(entries)).toEqual({ round: 3, rank: 2 });
});

test('a dancer in a room is added with her place held', () => {
  const [added, held] = eventsOf(addToRotation({ ...ADDING, inRoom: true }, { stage: 'main' }, asking()));
  expect(added?.type).toBe('rotation.added');
  expect(held).toMatchObject({ type: 'rotation.held', body: { entry: 'born' } });
});

test.each([
  [{ stageKnown: false }, 'stage_unknown'],
  [{ stageOpen: false }, 'stage_closed'],
  [{ tonight: undefined }, 'not_checked_in'],
  [{ tonight: { ...JADE, state: 'CHECKED_OUT' } }, 'not_checked_in'],
  [{ entries: [waiting('x', { dancer: 'jade' })] }, 'in_rotation_already'],
] as const)('with %j nobody is added: %s', (over, refusal) => {
  expect(addToRotation({ ...ADDING, ...over }, { stage: 'main' }, asking())).toEqual(refuse(refusal));
});

test('nobody is added without a night, nor while it closes', () => {
  expect(addToRotation(ADDING, { stage: 'main' }, asking({ day: null }))).toEqual(refuse('day_not_open'));
  expect(addToRotation(ADDING, { stage: 'main' }, asking({ day: CLOSING }))).toEqual(refuse('day_closing'));
});

test('a turn that is over goes to the tail of the next round', () => {
  const entries = [...queue('a', 'b'), waiting('c', { round: 2, rank: 7 })];
  expect(tailOfNext(entries, 1)).toEqual({ round: 2, rank: 8 });
  expect(tailOfNext(entries, 2)).toEqual({ round: 3, rank: 1 });
});

test('one dancer alone goes round and round', () => {
  let alone = waiting('a', { state: 'CALLED' });
  for (let turn = 2; turn <= 5; turn += 1) {
    const { body } = eventOf(missEntry([alone], { entry: 'a' }));
    expect(body.round).toBe(turn);
    alone = { ...alone, round: body.round, rank: body.rank };
  }
  expect(names(after([alone], eventsOf(move([{ ...alone, state: 'WAITING' }], 'a', null))))).toEqual(['a']);
});

test('an entry is put behind the one that is named', () => {
  const entries = queue('a', 'b', 'c', 'd');
  const moved = eventOf(move(entries, 'd', 'a'));
  expect(moved.body).toEqual({ entry: 'd', after: 'a', round: 1, rank: 1.5 });
  expect(names(after(entries, [moved]))).toEqual(['a', 'd', 'b', 'c']);
});

test('put behind nobody, she is first of those that wait, behind all who are called', () => {
  const entries = [
    waiting('live', { state: 'ON_STAGE', rank: 0 }),
    waiting('called', { state: 'CALLED', rank: 1 }),
    ...queue('x').map((one) => ({ ...one, rank: 2 })),
    waiting('y', { rank: 3 }),
  ];
  expect(names(after(entries, eventsOf(move(entries, 'y', null))))).toEqual(['live', 'called', 'y', 'x']);
});

test('an intent survives a dancer who was added meanwhile', () => {
  const entries = [...queue('a', 'b', 'c'), waiting('new', { rank: 4 })];
  expect(names(after(entries, eventsOf(move(entries, 'a', 'c'))))).toEqual(['b', 'c', 'a', 'new']);
});

test('an entry put behind the last of a round takes that round', () => {
  const entries = [...queue('a', 'b'), waiting('danced', { round: 2, rank: 1 })];
  const moved = eventOf(move(entries, 'danced', 'b'));
  expect(moved.body).toMatchObject({ round: 1, rank: 3 });
});

test('the mover who saw an older version is refused', () => {
  const entries = queue('a', 'b');
  expect(moveEntry(entries, { entry: 'a', afterEntry: 'b', version: 0 })).toEqual(refuse('entry_changed'));
});

test('nobody is put before one who is called or on stage', () => {
  const entries = [
    waiting('a', { rank: 1 }),
    waiting('called', { rank: 2, state: 'CALLED' }),
    waiting('c', { rank: 3 }),
  ];
  expect(move(entries, 'c', 'a')).toEqual(refuse('above_called'));
  expect(move(entries, 'called', null)).toEqual(refuse('entry_called'));
  expect(move([waiting('live', { state: 'ON_STAGE' })], 'live', null)).toEqual(refuse('entry_called'));
});

test('an entry that is not there is neither moved nor moved to', () => {
  expect(move(queue('a'), 'ghost', null)).toEqual(refuse('entry_unknown'));
  expect(move(queue('a'), 'a', 'ghost')).toEqual(refuse('entry_unknown'));
  expect(move(queue('a'), 'a', 'a')).toEqual(refuse('entry_unknown'));
});

test('two hundred moves into the same gap still order right', () => {
  let entries = queue('a', 'b', 'x', 'y');
  for (let turn = 0; turn < 200; turn += 1) {
    const mover = turn % 2 === 0 ? 'x' : 'y';
    entries = after(entries, eventsOf(move(entries, mover, 'a')));
    expect(names(entries)).toEqual(
      mover === 'x' ? ['a', 'x', ...(turn === 0 ? ['b', 'y'] : ['y', 'b'])] : ['a', 'y', 'x', 'b'],
    );
  }
  expect(new Set(entries.map(({ rank }) => rank)).size).toBe(4);
});

test('any run of moves gives the order that a list would have', () => {
  const moves = fc.array(fc.tuple(fc.nat(7), fc.integer({ min: -1, max: 7 })), { maxLength: 150 });
  fc.assert(
    fc.property(moves, fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }), (stream, rounds) => {
      let entries: readonly EntryFact[] = queue('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h').map((one, at) => ({
        ...one,
        round: 1 + (rounds[at] ?? 0),
      }));
      let list = names(entries);
      for (const [from, to] of stream) {
        const mover = 'abcdefgh'.charAt(from);
        const target = to < 0 ? null : 'abcdefgh'.charAt(to);
        if (mover === target) continue;
        entries = after(entries, eventsOf(move(entries, mover, target)));
        list = list.filter((one) => one !== mover);
        list.splice(target === null ? 0 : list.indexOf(target) + 1, 0, mover);
        expect(names(entries)).toEqual(list);
      }
    }),
    { numRuns: 100 },
  );
});

test('she is called, called nearer, and misses her turn', () => {
  const a = waiting('a');
  expect(eventOf(callEntry(a, { away: 3 })).body).toEqual({ entry: 'a', away: 3 });
  const called: EntryFact = { ...a, state: 'CALLED' };
  expect(eventOf(callEntry(called, { away: 0 })).body).toEqual({ entry: 'a', away: 0 });
  const missed = missEntry([called, ...queue('b').map((one) => ({ ...one, rank: 2 }))], { entry: 'a' });
  expect(eventOf(missed).body).toEqual({ entry: 'a', round: 2, rank: 1 });
});

test('who is in a room or on stage is not called, who was not called did not miss', () => {
  expect(callEntry(waiting('a', { held: true }), { away: 1 })).toEqual(refuse('entry_held'));
  expect(callEntry(waiting('a', { state: 'ON_STAGE' }), { away: 1 })).toEqual(refuse('on_stage'));
  expect(callEntry(undefined, { away: 1 })).toEqual(refuse('entry_unknown'));
  expect(missEntry(queue('a'), { entry: 'a' })).toEqual(refuse('entry_not_called'));
  expect(missEntry([], { entry: 'a' })).toEqual(refuse('entry_unknown'));
});

test('an entry is taken out while it waits or is called, not while she dances', () => {
  expect(eventOf(removeEntry(waiting('a', { state: 'CALLED' }), { reason: 'dj' })).body).toEqual({
    entry: 'a',
    reason: 'dj',
  });
  expect(removeEntry(waiting('a', { state: 'ON_STAGE' }), { reason: 'dj' })).toEqual(refuse('on_stage'));
  expect(removeEntry(undefined, { reason: 'dj' })).toEqual(refuse('entry_unknown'));
});

test('a room that ends just before her call puts her behind the one who is ready', () => {
  const entries = [waiting('a', { held: true, rank: 1 }), waiting('b', { rank: 2 }), waiting('c', { rank: 3 })];
  const resumed = resumeEntries(entries, ['a']);
  expect(resumed).toHaveLength(1);
  expect(names(after(entries, resumed))).toEqual(['b', 'a', 'c']);
  expect(after(entries, resumed).some(({ held }) => held)).toBe(false);
});

test('back from a room with others before her, she keeps her place', () => {
  const entries = [waiting('a', { rank: 1 }), waiting('b', { held: true, rank: 2 }), waiting('c', { rank: 3 })];
  expect(resumeEntries(entries, ['b'])[0]?.body).toEqual({ entry: 'b', round: 1, rank: 2 });
});

test('back from a room and alone, she keeps her place', () => {
  expect(resumeEntries([waiting('a', { held: true, rank: 4 })], ['a'])[0]?.body).toEqual({
    entry: 'a',
    round: 1,
    rank: 4,
  });
});

test('with only the one on stage beside her, nobody is ready to go first', () => {
  const entries = [waiting('live', { state: 'ON_STAGE', rank: 1 }), waiting('a', { held: true, rank: 2 })];
  expect(resumeEntries(entries, ['a'])[0]?.body).toMatchObject({ rank: 2 });
});

test('two who were in one room come back in their order, behind the one who is ready', () => {
  const entries = [
    waiting('a', { held: true, rank: 1 }),
    waiting('b', { held: true, rank: 2 }),
    waiting('c', { rank: 3 }),
    waiting('d', { rank: 4 }),
  ];
  const back = after(entries, resumeEntries(entries, ['b', 'a']));
  expect(names(back)).toEqual(['c', 'a', 'b', 'd']);
  expect(new Set(back.map(({ rank }) => rank)).size).toBe(4);
});

test('someone who is still in another room is passed over and stays where she is', () => {
  const entries = [
    waiting('a', { held: true, rank: 1 }),
    waiting('b', { rank: 2 }),
    waiting('other', { held: true, rank: 2.5 }),
    waiting('c', { rank: 3 }),
  ];
  const back = after(entries, resumeEntries(entries, ['a']));
  expect(names(back)).toEqual(['b', 'a', 'other', 'c']);
  expect(back.find(({ entry }) => entry === 'other')?.held).toBe(true);
});

test('where no number is left between two places, coming back makes room', () => {
  const close = 1 + Number.EPSILON;
  const entries = [waiting('a', { held: true, rank: 0 }), waiting('b', { rank: 1 }), waiting('c', { rank: close })];
  const back = after(entries, resumeEntries(entries, ['a']));
  expect(names(back)).toEqual(['b', 'a', 'c']);
  expect(back.some(({ held }) => held)).toBe(false);
});

test('who was not held does not come back', () => {
  expect(resumeEntries(queue('a', 'b'), ['a'])).toEqual([]);
});

test('whoever comes back, everyone else keeps the order and no two share a place', () => {
  const fact = fc.record({ round: fc.integer({ min: 1, max: 2 }), held: fc.boolean(), returns: fc.boolean() });
  fc.assert(
    fc.property(fc.array(fact, { minLength: 1, maxLength: 8 }), (facts) => {
      const entries = facts.map(({ round, held }, at) => waiting(`e${at}`, { round, held, rank: at }));
      const back = entries.filter(({ held }, at) => held && facts[at]?.returns).map(({ entry }) => entry);
      const now = after(entries, resumeEntries(entries, back));
      const stayed = (list: readonly string[]) => list.filter((one) => !back.includes(one));
      expect(stayed(names(now))).toEqual(stayed(names(entries)));
      expect(names(now).filter((one) => back.includes(one))).toEqual(
        names(entries).filter((one) => back.includes(one)),
      );
      expect(new Set(now.map(({ round, rank }) => `${round}/${rank}`)).size).toBe(entries.length);
      const ready = entries.filter(({ held }) => !held).sort(byPlace)[0]?.entry;
      const first = names(now.filter(({ held }) => !held))[0];
      expect(ready === undefined || first === ready).toBe(true);
    }),
  );
});
