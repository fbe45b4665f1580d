import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Beat, BeatAnswer, BoothAlarm, BoothAnswer, PlayerAnswer } from '#shared/contract/booth-api.ts';
import { openChoosing } from '../../edge-node/booth/choose.ts';
import { helloOf, openScreen, type LiveScreen } from '../support/live-screen.ts';
import { newFolder, openClub, pass, type Club } from '../support/night.ts';
import type { Reply, Tablet } from '../support/tablet.ts';
import { trackOf } from '../support/tracks.ts';
import { until } from '../support/until.ts';

/** The node's side of the booth over real HTTP: the programme, the one player, its beats, the alarms, the plays in the log. */
const ROWS = Array.from('abcdefghijklmnopqrst').map((name) => trackOf(name));
const page = { page: 'p1', load: 'l1' };
const other = { page: 'p2', load: 'l2' };

async function openHouse(options: Parameters<typeof openClub>[0] = {}): Promise<Club> {
  const opened = await openClub(options);
  opened.music.shelf.put(ROWS);
  return opened;
}
let club: Club;
let dj: Tablet;
const screens: LiveScreen[] = [];
beforeEach(async () => {
  club = await openHouse();
  dj = await club.tablet('DJ');
});
afterEach(async () => {
  await Promise.all(screens.splice(0).map((screen) => screen.close()));
  await club.close();
});

const booth = async (who = dj) => (await who.ask<BoothAnswer>('GET', '/api/v1/booth')).body;
const post = <T = BoothAnswer>(what: string, body: object, who = dj): Promise<Reply<T>> =>
  who.ask<T>('POST', `/api/v1/booth/${what}`, body);
const play = async (who: object, want = 'play', by = dj) =>
  (await post<PlayerAnswer>('player', { ...who, want }, by)).body;
const beat = async (more: Partial<Beat> = {}, by = dj) => {
  const said = { ...page, item: null, track: null, deck: 'a', positionMs: 0, level: -12, quietMs: 0, ...more };
  return (await post<BeatAnswer>('beats', said, by)).body;
};
const shown = ({ programme }: BoothAnswer) => programme.map(({ song }) => song.track).join('');
const plays = () =>
  club.edge.reads.desk.plays(0, Number.MAX_SAFE_INTEGER).map(({ startedAt, endedAt }) => endedAt - startedAt);

async function onFloor(...names: readonly number[]): Promise<readonly string[]> {
  const entries: string[] = [];
  for (const at of names) {
    const dancer = club.dancers[at] ?? '';
    await club.owner.must('attendance.check_in', { dancer });
    entries.push(await club.owner.must('rotation.add', { stage: club.stage, dancer }));
  }
  return entries;
}
async function watching(who: string): Promise<LiveScreen> {
  const { token } = await club.tablet(who);
  const screen = openScreen(club.url, helloOf(token));
  screens.push(screen);
  await screen.until('the snapshot', () => screen.seq() !== null);
  return screen;
}
const alarmOf = (screen: LiveScreen) => {
  const last = screen.frames.findLast((frame) => frame.f === 'beat');
  return last?.f === 'beat' ? last.booth.alarm : null;
};
const alarm = (screen: LiveScreen, what: BoothAlarm | null) =>
  screen.until(`the alarm ${what}`, () => alarmOf(screen) === what);

test('what the DJ set is in the programme at every position, for who is on stage and for who waits; the rest is filled', async () => {
  const [amber = '', bella = ''] = await onFloor(0, 1, 2);
  const songs = (tracks: string) => Array.from(tracks).map((track) => ({ track, title: track }));
  await dj.must('rotation.plan', { entry: amber, songs: songs('xp') });
  await dj.must('rotation.plan', { entry: bella, songs: songs('qrs') });
  await dj.must('stage_set.start', { entry: amber });
  await until('the set', async () => (await booth()).programme[0]?.turn?.live === true);
  const all = shown(await booth());
  expect(all).toMatch(/^xp[a-t]qrs[a-t]{3}$/);
  expect(new Set(all).size).toBe(9);
  const [first] = (await booth()).programme;
  expect(first).toMatchObject({ item: `${amber}.0.0`, track: null, turn: { live: true, position: 0 } });
});

test('a song is put at any place of a set: planned by a command where she waits, for this set alone where she dances', async () => {
  const [amber = '', bella = ''] = await onFloor(0, 1);
  await dj.must('stage_set.start', { entry: amber });
  await until('the set', async () => (await booth()).programme[0]?.turn?.live === true);
  const chosen = shown(await booth());
  expect(new Set(chosen).size).toBe(6);
  const [one = '', , three = ''] = chosen;
  await Promise.all(['k', 'l', 'm'].map((track, position) => post('songs', { entry: bella, position, track })));
  expect(shown(await booth())).toBe(`${chosen.slice(0, 3)}klm`);
  expect(club.edge.reads.rotation.entry(bella)?.songs.map(({ track }) => track)).toEqual(['k', 'l', 'm']);
  await post('songs', { entry: amber, position: 1, track: 's' });
  await post('songs', { entry: amber, position: 7, track: 't' });
  expect(shown(await booth())).toBe(`${one}s${three}tklm`);
  const { set = '' } = club.edge.reads.rotation.liveOnStage(club.stage) ?? {};
  await dj.must('stage_set.end', { set, outcome: 'COMPLETED' });
  await until('her next turn', async () => (await booth()).programme[3]?.item === `${amber}.1.0`);
  expect((await booth()).programme.map(({ from }) => from[1]).join('')).toBe('lllrrr');
  const refused = async (body: object) => (await post<{ readonly code: string }>('songs', body)).body.code;
  expect(await refused({ entry: amber, position: 0, track: 'zz' })).toBe('track_unknown');
  expect(await refused({ entry: 'nobody', position: 0, track: 'a' })).toBe('entry_unknown');
  expect(await refused({ entry: bella, position: 3, track: 'a' })).toBe('set_too_long');
  await play(page);
  await beat({ item: `${bella}.0.0`, track: 'k' });
  expect(await refused({ entry: bella, position: 0, track: 'a' })).toBe('song_played');
});

test('a track by hand is next or last, and what is taken out does not play', async () => {
  await onFloor(0);
  const chosen = shown(await booth());
  await post('extras', { track: 't', place: 'last' });
  await post('extras', { track: 's', place: 'next' });
  expect(shown(await booth())).toBe(`s${chosen}t`);
  const { programme } = await booth();
  await post('drops', { item: programme[1]?.item });
  expect(shown(await booth())).toBe(`s${chosen.slice(1)}t`);
  expect((await post<{ readonly code: string }>('extras', { track: 'zz', place: 'next' })).body.code).toBe(
    'track_unknown',
  );
});

test('every play that ended is in the log once, with its times', async () => {
  await onFloor(0);
  await play(page);
  const [first, second, third] = (await booth()).programme;
  await beat({ item: first?.item ?? '', track: first?.song.track ?? '' });
  pass(club.clock, 7_000);
  await beat({ item: first?.item ?? '', track: first?.song.track ?? '', positionMs: 7_000 });
  pass(club.clock, 1_000);
  await beat({ item: second?.item ?? '', track: second?.song.track ?? '', deck: 'b' });
  await until('the play in the log', () => plays().length === 1);
  expect(plays()).toEqual([8_000]);
  expect(await booth()).toMatchObject({ now: { item: second?.item, deck: 'b', song: second?.song } });
  const next = shown(await booth());
  expect(next[0]).toBe(third?.song.track);
  // By itself nothing is played that was just heard.
  const heard = [first, second, third].map((item) => item?.song.track);
  expect([next.length, heard.includes(next[1])]).toEqual([2, false]);
  pass(club.clock, 2_000);
  await play(page, 'leave');
  await until('the other play', () => plays().length === 2);
  expect(plays().toSorted((a, b) => a - b)).toEqual([2_000, 8_000]);
});

test('a second page is a remote until it takes over on purpose; the first one is told to stop', async () => {
  const manager = await club.tablet('Max');
  expect((await play(page)).isPlayer).toBe(true);
  expect(await play(other, 'play', manager)).toMatchObject({ isPlayer: false, booth: { player: page } });
  expect((await beat({ ...other }, manager)).isPlayer).toBe(false);
  expect((await beat()).isPlayer).toBe(true);
  expect((await play(other, 'take_over', manager)).isPlayer).toBe(true);
  expect((await beat()).isPlayer).toBe(false);
  expect(await booth()).toMatchObject({ player: other });
});

test('a reload of the page goes on where it was, and so does a node that was started again', async () => {
  await onFloor(0);
  await play(page);
  const [first] = (await booth()).programme;
  await beat({ item: first?.item ?? '', track: 'a', positionMs: 4_200 });
  const reloaded = { page: 'p1', load: 'l9' };
  expect(await play(reloaded)).toMatchObject({
    isPlayer: true,
    booth: { now: { item: first?.item, positionMs: 4_200, deck: 'a' } },
  });
  expect((await beat()).isPlayer).toBe(false);
  const before = await booth();
  const { folder } = club;
  await club.stop();
  club = await openHouse({ folder, openDay: false, boot: 'b_again', mono: 0 });
  dj = await club.tablet('DJ');
  const { rev, alarm: _alarm, ...after } = await booth();
  expect(after).toEqual({ ...after, player: reloaded, now: before.now, programme: before.programme });
  expect(rev).toBeGreaterThan(0);
  expect((await beat({ ...reloaded, item: first?.item ?? '', track: 'a', positionMs: 4_900 })).isPlayer).toBe(true);
  expect(existsSync(path.join(folder, 'booth.json'))).toBe(true);
});

test('a page that goes silent, and one that is gone, are an alarm on the screens of DJ and manager within 3 s, which clears by itself', async () => {
  const both = [await watching('DJ'), await watching('Max')];
  const all = (what: BoothAlarm | null) => Promise.all(both.map((screen) => alarm(screen, what)));
  await play(page);
  const last = performance.now();
  await beat();
  await all('page_gone');
  expect(performance.now() - last).toBeLessThan(3_000);
  await beat();
  await all(null);
  const quiet = performance.now();
  await beat({ level: -120, quietMs: 1_600 });
  await all('silent');
  expect(performance.now() - quiet).toBeLessThan(1_000);
  await beat();
  await all(null);
  await post('orders', { order: 'pause' });
  await beat({ level: -120, quietMs: 60_000 });
  expect((await booth()).alarm).toBeNull();
});

test('a remote pauses, skips and seeks: the player is told by the next thing that it hears', async () => {
  await onFloor(0);
  await play(page);
  const screen = await watching('DJ');
  const [first] = (await booth()).programme;
  const { rev } = await beat({ item: first?.item ?? '', track: 'a' });
  await post('orders', { order: 'seek', item: first?.item, positionMs: 3_000 });
  await post('orders', { order: 'skip', item: first?.item });
  await post('orders', { order: 'pause' });
  await screen.until('the orders', () =>
    screen.frames.some((frame) => frame.f === 'beat' && frame.booth.rev >= rev + 3),
  );
  expect(await booth()).toMatchObject({
    paused: true,
    orders: { skip: first?.item, seek: { item: first?.item, positionMs: 3_000, nr: 1 } },
  });
});

test('a kept file that was cut off, that does not fit or that another program wrote is as none, and the node starts', async () => {
  const folder = await newFolder();
  const empty = '{"v":1,"plan":null,"playback":null,"unlogged":[]}';
  for (const text of ['{"v":1,"plan":{"turns":[{"ent', '', 'null', empty, '{"v":99}']) {
    writeFileSync(path.join(folder, 'booth.json'), text);
    const again = await openHouse({ folder, openDay: false });
    expect((await booth(await again.tablet('DJ'))).player).toBeNull();
    await again.stop();
  }
  rmSync(folder, { recursive: true });
});

test('a choice can be told again: for the same turn the same songs, whenever it is asked, and others for another', () => {
  const choose = openChoosing(club.edge, club.music.shelf);
  const ask = (number: number) =>
    choose({ entry: 'amber', dancer: null, number, count: 3, not: new Set('a') }).map(({ song }) => song.track);
  const first = ask(0);
  expect([new Set(first).size, first.includes('a')]).toEqual([3, false]);
  pass(club.clock, 60_000);
  expect(ask(0)).toEqual(first);
  expect(ask(1)).not.toEqual(first);
});

test('what the rules had to let go is told with every song that they chose', async () => {
  const dancer = club.dancers[0] ?? '';
  const track = 'f'.repeat(64);
  await dj.must('dancer.list_song', { dancer, track, list: 'hers' });
  club.music.shelf.put([trackOf(track)]);
  await onFloor(0);
  const { programme } = await booth();
  expect(programme.map(({ song, letGo }) => [song.track === track, letGo])).toEqual([
    [true, []],
    [false, ['list']],
    [false, ['list']],
  ]);
});

test('who waits for songs gets them when the first tracks come into the library', async () => {
  const empty = await openClub();
  const who = await empty.tablet('DJ');
  const dancer = empty.dancers[0] ?? '';
  await empty.owner.must('attendance.check_in', { dancer });
  await empty.owner.must('rotation.add', { stage: empty.stage, dancer });
  expect((await booth(who)).programme).toEqual([]);
  empty.music.shelf.put(ROWS);
  expect((await booth(who)).programme).toHaveLength(3);
  await empty.close();
});
