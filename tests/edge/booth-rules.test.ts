import { describe, expect, test } from 'vitest';
import type { Beat } from '#shared/contract/booth-api.ts';
import {
  NO_PLAYBACK,
  QUIET_MS_MAX,
  step,
  type Playback,
  type PlaybackEvent,
  type Step,
} from '../../edge-node/booth/playback.ts';
import {
  NO_PLAN,
  programmeOf,
  reconcile,
  type Facts,
  type Plan,
  type Propose,
  type TurnFact,
} from '../../edge-node/booth/programme.ts';
import { songOf } from '../../edge-node/booth/propose.ts';
import { trackOf } from '../support/tracks.ts';

const song = (track: string) => ({ track, title: `Song ${track}` });
const songs = (tracks: string) => Array.from(tracks).map(song);

describe('the programme', () => {
  const LIBRARY = Array.from('abcdefghijklmnopqrstuvwxyz').map((name) => trackOf(name));
  const waits = (entry: string, planned = '', more: Partial<TurnFact> = {}): TurnFact => ({
    entry,
    dancer: entry,
    name: entry.toUpperCase(),
    songs: songs(planned),
    set: null,
    listed: true,
    ...more,
  });
  const dances = (entry: string, set: string, planned = '') => waits(entry, planned, { set });
  const facts = (...turns: readonly TurnFact[]): Facts => ({
    turns,
    songsPerSet: 3,
    playing: [],
    library: LIBRARY.length,
    now: 0,
  });
  const propose: Propose = ({ count, not }) =>
    LIBRARY.filter(({ track }) => !not.has(track))
      .slice(0, count)
      .map((row) => ({ song: songOf(row), letGo: [] }));
  const bring = (plan: Plan, now: Facts, by = propose) => reconcile(plan, now, by);
  const items = (plan: Plan, now: Facts) => programmeOf(plan, now, (id) => LIBRARY.find(({ track }) => track === id));
  const read = (plan: Plan, now: Facts) =>
    items(plan, now)
      .map(({ song: one }) => one.track)
      .join('');
  const begun = (plan: Plan, ...done: readonly string[]): Plan => ({ ...plan, done: [...plan.done, ...done] });

  test('the set on stage first, then who waits in order, each with what was planned at every position', () => {
    const now = facts(dances('amber', 's1', 'xyz'), waits('bella', 'uvw'), waits('chloe', 'rst'));
    const plan = bring(NO_PLAN, now);
    expect(read(plan, now)).toBe('xyzuvwrst');
    expect(items(plan, now)[4]).toMatchObject({
      item: 'bella.0.1',
      from: 'planned',
      turn: { entry: 'bella', name: 'BELLA', position: 1, live: false },
    });
  });

  test('who has nothing planned gets a full set, and nobody the song of another', () => {
    const now = facts(waits('amber'), waits('bella', 'abc'), waits('chloe'));
    const plan = bring(NO_PLAN, now);
    expect(read(plan, now)).toBe('defabcghi');
    const from = items(plan, now)
      .map((one) => one.from[1])
      .join('');
    expect(from).toBe('rrrlllrrr');
  });

  test('what was chosen stands, however often it is looked at, and goes on stage with her', () => {
    const waiting = facts(waits('amber'), waits('bella'));
    const first = bring(NO_PLAN, waiting);
    const late = () => songs('zzz').map((one) => ({ song: one, letGo: [] }));
    const on = facts(dances('amber', 's1'), waits('bella'));
    const again = bring(bring(first, waiting, late), on, late);
    expect(read(again, on)).toBe(read(first, waiting));
  });

  test('only the end of her set resets it: new songs, and what was put into the old one is gone', () => {
    const on = facts(dances('amber', 's1', 'xyz'), waits('bella'));
    const playing = bring(NO_PLAN, on);
    const over = {
      ...playing,
      turns: playing.turns.map((one) => (one.entry === 'amber' ? { ...one, over: { 1: song('q') } } : one)),
    };
    expect(read(over, on).slice(0, 3)).toBe('xqz');
    const moved = facts(waits('bella'), dances('amber', 's1', 'xyz'));
    expect(read(bring(over, moved), moved)).toContain('xqz');
    const back = facts(waits('bella'), waits('amber'));
    const next = bring(begun(over, 'amber.0.0', 'amber.0.1', 'amber.0.2'), back);
    expect(
      items(next, back)
        .filter(({ turn }) => turn?.entry === 'amber')
        .map(({ item }) => item),
    ).toEqual(['amber.1.0', 'amber.1.1', 'amber.1.2']);
    expect(read(next, back)).not.toMatch(/[xyzq]/);
  });

  test('one dancer alone who goes round has another set each time', () => {
    const first = bring(NO_PLAN, facts(dances('amber', 's1')));
    const again = facts(dances('amber', 's2'));
    const second = bring(begun(first, 'amber.0.0'), again);
    expect(items(second, again)[0]?.item).toBe('amber.1.0');
    expect(read(second, again).slice(0, 3)).not.toBe(read(first, facts(dances('amber', 's1'))).slice(0, 3));
  });

  test('who is in a room is passed over and keeps what was chosen', () => {
    const before = facts(waits('amber'), waits('bella'));
    const plan = bring(NO_PLAN, before);
    const away = facts(waits('amber', '', { listed: false }), waits('bella'));
    const held = bring(plan, away);
    expect(read(held, away)).toBe('def');
    expect(read(bring(held, before), before)).toBe('abcdef');
  });

  test('a change of the songs of a set is seen at once by all who wait, and not by who dances', () => {
    const now = facts(dances('amber', 's1'), waits('bella'));
    const plan = bring(NO_PLAN, now);
    expect(read(bring(plan, { ...now, songsPerSet: 1 }), { ...now, songsPerSet: 1 })).toBe('abcd');
    const more = { ...now, songsPerSet: 4 };
    expect(read(bring(plan, more), more)).toBe('abcdefg');
  });

  test('a set that is planned in part is filled up behind, each at its place, until her turn ends', () => {
    const now = facts(waits('amber', 'z'), waits('bella'));
    const plan = bring(NO_PLAN, now);
    expect(read(plan, now)).toBe('zabcde');
    expect(items(plan, now).map((one) => one.from[1])).toEqual(['l', 'r', 'r', 'r', 'r', 'r']);
    const more = facts(waits('amber', 'zy'), waits('bella', 'x'));
    const fuller = bring(plan, more);
    expect(read(fuller, more)).toBe('zybxde');
    const none = facts(waits('amber'), waits('bella', 'x'));
    expect(read(bring(fuller, none), none)).toBe('fabxde');
    const on = facts(dances('amber', 's1', 'zy'), waits('bella', 'x'));
    const grown = { ...on, songsPerSet: 4 };
    expect(read(bring(bring(fuller, on), grown), grown)).toBe('zybxdef');
    const after = facts(waits('bella', 'x'), waits('amber', 'w'));
    expect(read(bring(bring(fuller, on), after), after)).toBe('xdewfg');
  });

  test('what began is not played again, and what comes next stays in its place', () => {
    const now = facts(waits('amber', 'abc'));
    const plan = begun(bring(NO_PLAN, now), 'amber.0.0');
    expect(read(bring(plan, now), now)).toBe('bc');
  });

  test('by hand: at once in the order they came, or behind what stood last; behind what is gone is last', () => {
    const now = facts(waits('amber', 'abc'), waits('bella', 'def'));
    const extra = (item: string, track: string, after: string | null) => ({ item, song: song(track), after });
    const plan = {
      ...bring(NO_PLAN, now),
      extras: [
        extra('hand.1', 'x', null),
        extra('hand.2', 'y', null),
        extra('hand.3', 'z', 'amber.0.2'),
        extra('hand.4', 'w', 'nobody.0.0'),
      ],
    };
    expect(read(bring(plan, now), now)).toBe('xyabczdefw');
    const played = begun(plan, 'hand.1', 'hand.2', 'amber.0.0', 'amber.0.1', 'amber.0.2');
    expect(read(bring(played, now), now)).toBe('zdefw');
  });

  test('with nobody in the rotation it goes on by itself, and what was chosen for that stands', () => {
    const nobody = facts();
    const plan = bring(NO_PLAN, nobody);
    expect(read(plan, nobody)).toBe('ab');
    const [first] = items(plan, nobody);
    const next = bring(begun(plan, first?.item ?? ''), nobody);
    expect(read(next, nobody)).toBe('bc');
    const now = facts(waits('amber', 'xyz'));
    expect(read(bring(next, now), now)).toBe('xyz');
  });

  test('where no track may be chosen it is tried again later, and not at every look; of an empty library nothing is asked', () => {
    const asked: number[] = [];
    const none: Propose = ({ count }) => {
      asked.push(count);
      return [];
    };
    const empty = { ...facts(waits('amber')), library: 0 };
    const nothing = bring(NO_PLAN, empty, none);
    expect(asked).toEqual([]);
    const now = facts(waits('amber'));
    const plan = bring(bring(nothing, now, none), now, none);
    expect(asked.filter((count) => count === 3)).toHaveLength(1);
    const later = { ...now, now: 5_000 };
    expect(read(bring(plan, later), later)).toBe('abc');
  });

  test('what plays, or has just played, is not chosen again', () => {
    const now = { ...facts(), playing: ['a', 'c'] };
    expect(read(bring(NO_PLAN, now), now)).toBe('bd');
  });

  test('which rules were let go for a song is kept with it and shown, for her turn and by itself, and never of what people set', () => {
    const short: Propose = (asked) => propose(asked).map((one) => ({ ...one, letGo: ['cooldown', 'list'] }));
    const now = facts(waits('amber'), waits('bella', 'xyz'));
    const letGo = (plan: Plan) => items(plan, now).map((one) => one.letGo.join('+'));
    const plan = bring(NO_PLAN, now, short);
    expect(letGo(bring(plan, now))).toEqual([...Array(3).fill('cooldown+list'), '', '', '']);
    expect(items(bring(NO_PLAN, facts(), short), facts())[0]).toMatchObject({ letGo: ['cooldown', 'list'] });
  });

  test('a planned track that the library does not have is shown without one', () => {
    const now = facts(waits('amber', '1a'));
    expect(items(bring(NO_PLAN, now), now).map(({ track }) => track?.track ?? null)).toEqual([null, 'a', 'b']);
  });
});

describe('the song of a track', () => {
  test('a title that no plan could have is made one', () => {
    expect(songOf(trackOf('abcdefghijk', { title: ' \u0007 ' })).title).toBe('abcdefgh');
    expect(songOf(trackOf('a', { title: 'x'.repeat(99) })).title).toHaveLength(80);
  });
});

describe('what plays', () => {
  const page = { page: 'p1', load: 'l1' };
  const other = { page: 'p2', load: 'l2' };
  const beat = (more: Partial<Beat> = {}): Beat => ({
    ...page,
    item: 'amber.0.0',
    track: 'a',
    deck: 'a',
    positionMs: 0,
    level: -12,
    quietMs: 0,
    ...more,
  });
  const item = (name: string, track: string) => ({
    item: name,
    from: 'planned' as const,
    turn: null,
    song: song(track),
    letGo: [],
    track: trackOf(track),
  });
  const does = (playback: Playback, event: PlaybackEvent, now = 0): Step => step(playback, event, now);
  const first = item('amber.0.0', 'a');
  const second = item('amber.0.1', 'b');
  const begin = (): Playback => {
    const { playback } = does(NO_PLAYBACK, { on: 'started', page });
    return does(playback, { on: 'beat', beat: beat(), item: first }, 1_000).playback;
  };

  test('the first page is the player, another one is a remote until it takes over on purpose; then the first one is none', () => {
    const { playback, isPlayer } = does(NO_PLAYBACK, { on: 'started', page });
    expect([playback.player, isPlayer]).toEqual([page, true]);
    expect(does(playback, { on: 'started', page: other })).toMatchObject({ isPlayer: false, playback });
    const taken = does(playback, { on: 'took_over', page: other }).playback;
    expect(taken.player).toEqual(other);
    expect(does(taken, { on: 'beat', beat: beat(), item: first })).toMatchObject({ isPlayer: false, playback: taken });
  });

  test('a reload of the player is the player; the tab that it was is not', () => {
    const before = begin();
    const reloaded = { page: 'p1', load: 'l9' };
    const { playback, isPlayer } = does(before, { on: 'started', page: reloaded }, 2_000);
    expect([isPlayer, playback.now]).toEqual([true, before.now]);
    expect(does(playback, { on: 'beat', beat: beat(), item: first }).isPlayer).toBe(false);
  });

  test('another item ends the one before: one play, from its start to now', () => {
    const { playback, played } = does(
      begin(),
      { on: 'beat', beat: beat({ item: 'amber.0.1', track: 'b', deck: 'b' }), item: second },
      5_000,
    );
    expect(played).toEqual({ item: 'amber.0.0', song: song('a'), startedAt: 1_000, endedAt: 5_000 });
    expect(playback.now).toMatchObject({ item: 'amber.0.1', startedAt: 5_000, deck: 'b', positionMs: 0 });
  });

  test('a page that was away for long did not play on beyond the end of the track', () => {
    const { played } = does(begin(), { on: 'beat', beat: beat({ item: null, track: null }), item: null }, 99_000);
    expect(played).toMatchObject({ startedAt: 1_000, endedAt: 11_000 });
  });

  test('who stops for good ends the play, and nobody waits for its beats', () => {
    const { playback, played } = does(begin(), { on: 'left', page }, 3_000);
    expect(played?.endedAt).toBe(3_000);
    expect(playback).toEqual(NO_PLAYBACK);
    expect(does(playback, { on: 'missed' }).playback.alarm).toBeNull();
    expect(does(begin(), { on: 'left', page: other }).playback.player).toEqual(page);
    expect(does(does(begin(), { on: 'missed' }).playback, { on: 'stopped' }, 3_000)).toMatchObject({
      playback: NO_PLAYBACK,
      played: { endedAt: 3_000 },
    });
  });

  test('silence is an alarm, a pause is none, and sound clears it', () => {
    const quiet = { on: 'beat', beat: beat({ quietMs: QUIET_MS_MAX }), item: first } as const;
    const silent = does(begin(), quiet).playback;
    expect(silent.alarm).toBe('silent');
    expect(does(silent, { on: 'beat', beat: beat(), item: first }).playback.alarm).toBeNull();
    const paused = does(begin(), { on: 'paused' }).playback;
    expect(does(paused, quiet).playback.alarm).toBeNull();
    expect(does(does(paused, { on: 'resumed' }).playback, quiet).playback.alarm).toBe('silent');
    const short = beat({ quietMs: QUIET_MS_MAX - 1 });
    expect(does(begin(), { on: 'beat', beat: short, item: first }).playback.alarm).toBeNull();
  });

  test('a page whose beats stay away is gone until it is heard again', () => {
    const gone = does(begin(), { on: 'missed' }).playback;
    expect(gone.alarm).toBe('page_gone');
    expect(does(gone, { on: 'beat', beat: beat(), item: first }).playback.alarm).toBeNull();
  });

  test('a skip and a place to go to are meant for what plays, and for nothing else', () => {
    const playing = begin();
    expect(does(playing, { on: 'skipped', item: 'amber.0.1' }).playback.orders.skip).toBeNull();
    const skipping = does(playing, { on: 'skipped', item: 'amber.0.0' }).playback;
    expect(skipping.orders.skip).toBe('amber.0.0');
    const on = does(skipping, { on: 'beat', beat: beat({ item: 'amber.0.1' }), item: second }).playback;
    expect(on.orders.skip).toBeNull();
    const seek = { on: 'sought', item: 'amber.0.0', positionMs: 4_000 } as const;
    expect(does(on, seek).playback.orders.seek).toBeNull();
    const sought = does(does(playing, seek).playback, seek).playback;
    expect(sought.orders.seek).toEqual({ item: 'amber.0.0', positionMs: 4_000, nr: 2 });
  });
});
