import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseSongs, COOLDOWN_MS, RELAXED, type Candidate, type Choosing } from '#shared/domain/choose-songs.ts';

const NOW = 1_795_400_000_000;
const track = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  track: name,
  title: `Song ${name}`,
  genre: 'pop',
  explicit: 'clean',
  lastPlayedAt: null,
  ...more,
});
const nothingAsked: Choosing = {
  planned: [],
  count: 1,
  candidates: [],
  never: [],
  isCleanOnly: false,
  hers: [],
  genre: null,
  house: [],
  emergency: [],
  elsewhere: [],
  now: NOW,
  cooldownMs: COOLDOWN_MS,
  seed: 'entry 1',
};
const tracksOf = (choosing: Partial<Choosing>): readonly string[] =>
  chooseSongs({ ...nothingAsked, ...choosing }).map(({ song }) => song.track);

test('what is planned by hand stays, in its order, and is only filled up behind', () => {
  const planned = ['b', 'a'].map((name) => ({ track: name, title: `By hand ${name}` }));
  const candidates = ['a', 'b', 'c'].map((name) => track(name));
  const chosen = chooseSongs({ ...nothingAsked, planned, candidates, count: 3, never: ['a'] });
  expect(chosen.map(({ song, by }) => [song.title, by])).toEqual([
    ['By hand b', 'hand'],
    ['By hand a', 'hand'],
    ['Song c', 'rules'],
  ]);
  expect(tracksOf({ planned, candidates, count: 1 })).toEqual(['b', 'a']);
});

test('rules are let go in their order, one after the other, and each song says which', () => {
  const now = { lastPlayedAt: NOW - COOLDOWN_MS + 1 };
  const candidates = [
    track('loop', { genre: 'jingle' }),
    track('any', { genre: 'jazz' }),
    track('house', { genre: 'jazz' }),
    track('house-pop'),
    track('hers-again', now),
    track('hers', { lastPlayedAt: NOW - COOLDOWN_MS }),
  ];
  const rules = { hers: ['hers', 'hers-again'], house: ['house', 'house-pop'], emergency: ['loop'], genre: ' Pop' };
  const chosen = chooseSongs({ ...nothingAsked, ...rules, candidates, count: 6 });
  expect(chosen.map(({ song, letGo }) => [song.track, letGo])).toEqual([
    ['hers', []],
    ['hers-again', ['cooldown']],
    ['house-pop', ['list']],
    ['house', ['list', 'genre']],
    ['any', ['list', 'genre', 'house']],
    ['loop', ['list', 'genre', 'house', 'emergency']],
  ]);
  expect(chosen.some(({ isRepeat }) => isRepeat)).toBe(false);
});

test('where all were played too short a time ago, the one that rested longest comes first', () => {
  const candidates = [3, 1, 2].map((minutes) => track(`${minutes}`, { lastPlayedAt: NOW - minutes * 60_000 }));
  expect(tracksOf({ candidates, count: 3 })).toEqual(['3', '2', '1']);
});

test('what nobody marked clean is not played where only clean songs are, not even in the emergency loop', () => {
  const candidates = [track('dirty', { explicit: 'explicit' }), track('unmarked', { explicit: null })];
  expect(tracksOf({ candidates, isCleanOnly: true, emergency: ['unmarked'] })).toEqual([]);
  expect(tracksOf({ candidates, count: 2 }).toSorted()).toEqual(['dirty', 'unmarked']);
});

test('a song that another entry has is taken before one that is in this set, and that before silence', () => {
  const candidates = ['a', 'b', 'c'].map((name) => track(name));
  const chosen = chooseSongs({ ...nothingAsked, candidates, elsewhere: ['a', 'b'], count: 4 });
  expect(chosen[0]).toMatchObject({ song: { track: 'c' }, isRepeat: false });
  expect(new Set(chosen.slice(0, 3).map(({ song }) => song.track)).size).toBe(3);
  expect(chosen[3]).toMatchObject({ song: { track: 'c' }, isRepeat: true });
});

test('another round is another choice', () => {
  const candidates = Array.from({ length: 50 }, (_, at) => track(`t${at}`));
  const rounds = Array.from({ length: 20 }, (_, round) => tracksOf({ candidates, seed: `entry ${round}` })[0]);
  expect(new Set(rounds).size).toBeGreaterThan(8);
});

const name = fc.constantFrom(...'abcdefghij'.split(''));
const names = fc.uniqueArray(name, { maxLength: 10 });
const anyCandidates = fc.uniqueArray(
  fc.record({
    track: name,
    title: fc.constant('T'),
    genre: fc.constantFrom('pop', 'rock', null),
    explicit: fc.constantFrom('explicit' as const, 'clean' as const, null),
    lastPlayedAt: fc.constantFrom(null, NOW - 1, NOW - COOLDOWN_MS / 2, NOW - COOLDOWN_MS),
  }),
  { selector: (one) => one.track, maxLength: 10 },
);
const anyChoosing: fc.Arbitrary<Choosing> = fc.record({
  planned: fc.array(
    name.map((one) => ({ track: one, title: 'H' })),
    { maxLength: 3 },
  ),
  count: fc.integer({ min: 0, max: 6 }),
  candidates: anyCandidates,
  never: fc.uniqueArray(name, { maxLength: 4 }),
  isCleanOnly: fc.boolean(),
  hers: names,
  genre: fc.constantFrom(null, 'pop', 'Rock'),
  house: names,
  emergency: names,
  elsewhere: names,
  now: fc.constant(NOW),
  cooldownMs: fc.constant(COOLDOWN_MS),
  seed: fc.string({ maxLength: 12 }),
});
const isAllowed = ({ never, isCleanOnly }: Choosing, one: Candidate): boolean =>
  !never.includes(one.track) && (!isCleanOnly || one.explicit === 'clean');

test('any library, any rules: by hand stays, what is forbidden never plays, and it is never empty', () => {
  fc.assert(
    fc.property(anyChoosing, (choosing) => {
      const chosen = chooseSongs(choosing);
      const { planned, count, candidates } = choosing;
      expect(chosen.slice(0, planned.length).map(({ song }) => song)).toEqual(planned);
      const allowed = candidates.filter((one) => isAllowed(choosing, one));
      for (const { song, by } of chosen.slice(planned.length)) {
        expect(by).toBe('rules');
        expect(allowed.map((one) => one.track)).toContain(song.track);
      }
      expect(chosen.length).toBe(allowed.length === 0 ? planned.length : Math.max(planned.length, count));
    }),
  );
});

test('the same seed chooses the same songs, in whatever order the library comes', () => {
  fc.assert(
    fc.property(anyChoosing, (choosing) => {
      const turned = { ...choosing, candidates: choosing.candidates.toReversed() };
      expect(chooseSongs(turned)).toEqual(chooseSongs(choosing));
    }),
  );
});

test('nothing is repeated while something else is left', () => {
  fc.assert(
    fc.property(anyChoosing, (choosing) => {
      const chosen = chooseSongs(choosing);
      for (const [at, { song, isRepeat, by }] of chosen.entries()) {
        if (by === 'hand') continue;
        const before = chosen.slice(0, at).map((one) => one.song.track);
        const taken = new Set([...before, ...choosing.elsewhere]);
        expect(isRepeat).toBe(taken.has(song.track));
        const left = choosing.candidates.filter((one) => isAllowed(choosing, one) && !taken.has(one.track));
        expect(isRepeat && left.length > 0).toBe(false);
      }
    }),
  );
});

test('no rule is let go while a song is left that keeps it', () => {
  /** Told again in plain words, one rule after the other. */
  const keeps = (choosing: Choosing, one: Candidate): readonly boolean[] => {
    const { hers, house, emergency, genre } = choosing;
    const isHome = hers.includes(one.track) || house.includes(one.track);
    return [
      one.lastPlayedAt === null || one.lastPlayedAt <= NOW - COOLDOWN_MS,
      hers.length === 0 || hers.includes(one.track),
      genre === null || one.genre === genre.toLowerCase(),
      house.length === 0 || isHome,
      !emergency.includes(one.track) || isHome,
    ];
  };
  fc.assert(
    fc.property(anyChoosing, (choosing) => {
      const { candidates, elsewhere, planned } = choosing;
      const taken = new Set([...elsewhere, ...planned.map((one) => one.track)]);
      for (const { song, letGo, isRepeat } of chooseSongs(choosing).slice(planned.length)) {
        const its = candidates.find((one) => one.track === song.track) as Candidate;
        expect(letGo).toEqual(RELAXED.filter((_rule, at) => !keeps(choosing, its)[at]));
        if (isRepeat) break;
        const left = candidates.filter((one) => isAllowed(choosing, one) && !taken.has(one.track));
        const last = RELAXED.findLastIndex((rule) => letGo.includes(rule));
        expect(left.filter((one) => keeps(choosing, one).slice(last).every(Boolean)).length > 0 && last >= 0).toBe(
          false,
        );
        taken.add(song.track);
      }
    }),
  );
});
