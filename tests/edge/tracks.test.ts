import { afterEach, expect, test } from 'vitest';
import { AS_THE_FILE_SAYS, MUSIC_UNSET } from '#shared/domain/track.ts';
import type { CrateAnswer, CrateRow, DancerSongs, PlayRow, TrackEditAnswer } from '#shared/contract/track-api.ts';
import { openChoosing } from '../../edge-node/booth/choose.ts';
import { arrive, refusalOf } from '../support/cash.ts';
import { openClub, pass, type Club } from '../support/night.ts';
import { trackOf } from '../support/tracks.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const read = async <T>({ owner }: Club, path: string): Promise<T> => (await owner.ask<T>('GET', `/api/v1${path}`)).body;
const postings = ({ edge }: Club): unknown => edge.sqlite.prepare('SELECT count(*) FROM posting').pluck().get();

function expectSame({ edge }: Club): void {
  expectWhole({ edge });
}

test('what people put right of a track is kept as a whole, taken back by null, and moves no money', async () => {
  const one = (club = await openClub());
  const before = postings(one);
  const dj = await one.tablet('DJ');
  const edit = {
    ...AS_THE_FILE_SAYS,
    title: 'Right',
    trimDb: -2.5,
    cueIn: 1.5,
    cueOut: 9,
    bpm: 127.5,
    key: 'F#m',
    explicit: 'clean',
    energy: 4,
  } as const;
  await dj.must('track.edit', { track: A, ...edit });
  expect(await read<TrackEditAnswer>(one, `/track-edits/${A}`)).toEqual({ track: A, ...edit });
  expect(refusalOf(await dj.give('track.edit', { track: A, ...edit }))).toBe('nothing_changed');
  await dj.must('track.edit', { track: A, ...AS_THE_FILE_SAYS, genre: 'pop' });
  expect(await read<TrackEditAnswer>(one, `/track-edits/${A}`)).toEqual({
    track: A,
    ...AS_THE_FILE_SAYS,
    genre: 'pop',
  });
  for (const wrong of [
    { energy: 6 },
    { energy: 0 },
    { key: 'H' },
    { bpm: 1_000 },
    { trimDb: 6.5 },
    { cueIn: -1 },
    { title: ' ' },
    { track: 'A' },
  ])
    expect(refusalOf(await dj.give('track.edit', { track: A, ...AS_THE_FILE_SAYS, ...wrong }))).toBe('body_invalid');
  expect((await one.owner.ask('GET', `/api/v1/track-edits/${B}`)).status).toBe(404);
  const dora = await one.tablet('Dora');
  expect(refusalOf(await dora.give('track.edit', { track: B, ...edit }))).toBe('not_allowed');
  expect(postings(one)).toBe(before);
  expectSame(one);
});

test('how the club wants its music is a manager’s to set and the booth’s to read, and the choice keeps to it', async () => {
  const one = (club = await openClub());
  const [dj, owner] = [await one.tablet('DJ'), one.owner];
  const wanted = { targetLufs: -10, copy: 'flac', cooldownMin: 60, isCleanOnly: true } as const;
  expect(await read(one, '/music/setting')).toEqual(MUSIC_UNSET);
  expect(refusalOf(await dj.give('music.configure', wanted))).toBe('not_allowed');
  await owner.must('music.configure', wanted);
  expect((await dj.ask('GET', '/api/v1/music/setting')).body).toEqual(wanted);
  expect(refusalOf(await owner.give('music.configure', wanted))).toBe('nothing_changed');
  expect(refusalOf(await owner.give('music.configure', {}))).toBe('body_invalid');
  await owner.must('music.configure', { cooldownMin: 90 });
  expect(await read(one, '/music/setting')).toEqual({ ...wanted, cooldownMin: 90 });
  await owner.must('music.configure', { cooldownMin: 60 });
  for (const wrong of [{ targetLufs: -8 }, { targetLufs: -21 }, { targetLufs: -14.5 }, { cooldownMin: 1_441 }])
    expect(refusalOf(await owner.give('music.configure', { ...wanted, ...wrong }))).toBe('body_invalid');
  expectSame(one);
  one.music.shelf.put([trackOf(A), trackOf(B, { explicit: 'clean' }), trackOf(C, { explicit: 'clean' })]);
  const choose = openChoosing(one.edge, one.music.shelf);
  const chosen = (count: number, number = 0): readonly string[] =>
    choose({ entry: null, dancer: null, number, count, not: new Set() })
      .map(({ song }) => song.track)
      .toSorted();
  expect(chosen(2)).toEqual([B, C]);
  const startedAt = one.clock.wall();
  pass(one.clock, 180_000);
  await owner.must('play.record', { track: B, title: 'Song', startedAt, endedAt: one.clock.wall() });
  pass(one.clock, 59 * 60_000);
  expect(chosen(1)).toEqual([C]);
  await owner.must('music.configure', { ...wanted, cooldownMin: 30, isCleanOnly: false });
  const seen = new Set<string>();
  for (let number = 0; number < 40; number += 1) for (const track of chosen(1, number)) seen.add(track);
  expect([...seen].toSorted()).toEqual([A, B, C]);
});

test('crates are made, filled, renamed and dropped; one is the house playlist', async () => {
  const one = (club = await openClub());
  const dj = await one.tablet('DJ');
  const slow = await dj.must('crate.make', { name: 'Slow ones', use: 'plain' });
  const house = await dj.must('crate.make', { name: 'House', use: 'house' });
  await dj.must('crate.make', { name: 'Fast ones', use: 'plain' });
  for (const track of [C, A, B]) await dj.must('crate.put', { crate: slow, track });
  await dj.must('crate.take', { crate: slow, track: A });
  await dj.must('crate.put', { crate: house, track: A });
  expect(refusalOf(await dj.give('crate.put', { crate: house, track: A }))).toBe('nothing_changed');
  expect(refusalOf(await dj.give('crate.take', { crate: house, track: B }))).toBe('track_not_listed');
  expect(refusalOf(await dj.give('crate.make', { name: 'Another', use: 'house' }))).toBe('crate_use_taken');
  expect(refusalOf(await dj.give('crate.make', { name: 'House', use: 'plain' }))).toBe('name_taken');
  expect(refusalOf(await dj.give('crate.change', { crate: slow, name: 'Slow', use: 'house' }))).toBe('crate_use_taken');
  await dj.must('crate.change', { crate: slow, name: 'Slow', use: 'emergency' });
  expect((await read<readonly CrateRow[]>(one, '/crates')).map(({ name, use, count }) => [name, use, count])).toEqual([
    ['Fast ones', 'plain', 0],
    ['House', 'house', 1],
    ['Slow', 'emergency', 2],
  ]);
  expect(await read<CrateAnswer>(one, `/crates/${slow}`)).toMatchObject({ name: 'Slow', count: 2, tracks: [C, B] });
  await dj.must('crate.drop', { crate: slow });
  expect(one.edge.sqlite.prepare('SELECT track FROM crate_track').pluck().all()).toEqual([A]);
  expect((await one.owner.ask('GET', `/api/v1/crates/${slow}`)).status).toBe(404);
  expect(refusalOf(await dj.give('crate.drop', { crate: slow }))).toBe('crate_unknown');
  await dj.must('crate.make', { name: 'Slow', use: 'emergency' });
  expectSame(one);
});

test('a track is on one of her lists at most, and each dancer has her own', async () => {
  const one = (club = await openClub());
  const [jade = '', ruby = ''] = one.dancers;
  const helen = await one.tablet('Helen');
  for (const track of [B, A]) await helen.must('dancer.list_song', { dancer: jade, track, list: 'hers' });
  await helen.must('dancer.list_song', { dancer: jade, track: C, list: 'never' });
  await helen.must('dancer.list_song', { dancer: ruby, track: C, list: 'hers' });
  const songs = (dancer: string) => read<DancerSongs>(one, `/dancers/${dancer}/songs`);
  expect(await songs(jade)).toEqual({ hers: [B, A], never: [C] });
  await helen.must('dancer.list_song', { dancer: jade, track: B, list: 'never' });
  await helen.must('dancer.unlist_song', { dancer: jade, track: C });
  expect(await songs(jade)).toEqual({ hers: [A], never: [B] });
  expect(await songs(ruby)).toEqual({ hers: [C], never: [] });
  expect(refusalOf(await helen.give('dancer.unlist_song', { dancer: jade, track: C }))).toBe('track_not_listed');
  const dora = await one.tablet('Dora');
  expect(refusalOf(await dora.give('dancer.list_song', { dancer: jade, track: C, list: 'hers' }))).toBe('not_allowed');
  expect((await one.owner.ask('GET', '/api/v1/dancers/nobody/songs')).status).toBe(404);
  expectSame(one);
});

test('who danced to what is told of a night and of a track', async () => {
  const one = (club = await openClub());
  const [jade = '', ruby = ''] = one.dancers;
  const [stage = ''] = one.edge.reads.club.stages().map((row) => row.stage);
  const dances = async (dancer: string, tracks: readonly string[]): Promise<void> => {
    await arrive(one, dancer);
    const entry = await one.owner.must('rotation.add', { stage, dancer });
    const set = await one.owner.must('stage_set.start', { entry });
    for (const track of tracks) {
      const startedAt = one.clock.wall();
      pass(one.clock, 180_000);
      await one.owner.must('play.record', { track, title: 'Song', startedAt, endedAt: one.clock.wall() });
    }
    await one.owner.must('stage_set.end', { set, outcome: 'COMPLETED' });
  };
  await dances(jade, [A, B]);
  await dances(ruby, [A]);
  pass(one.clock, 60_000);
  const startedAt = one.clock.wall();
  pass(one.clock, 60_000);
  await one.owner.must('play.record', { track: null, title: 'Vinyl', startedAt, endedAt: one.clock.wall() });
  const night = one.edge.reads.day.open()?.day ?? '';
  const told = (rows: readonly PlayRow[]) => rows.map(({ track, dancers }) => [track, dancers]);
  expect(told(await read<readonly PlayRow[]>(one, `/nights/${night}/plays`))).toEqual([
    [A, [jade]],
    [B, [jade]],
    [A, [ruby]],
    [null, []],
  ]);
  expect(told(await read<readonly PlayRow[]>(one, `/plays/${A}`))).toEqual([
    [A, [ruby]],
    [A, [jade]],
  ]);
  expect(await read<readonly PlayRow[]>(one, `/plays/${C}`)).toEqual([]);
  expect((await one.owner.ask('GET', '/api/v1/nights/none/plays')).status).toBe(404);
});
