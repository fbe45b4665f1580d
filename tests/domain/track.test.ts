import { expect, test } from 'vitest';
import {
  AS_THE_FILE_SAYS,
  changeCrate,
  dropCrate,
  editTrack,
  listSong,
  makeCrate,
  putInCrate,
  takeFromCrate,
  unlistSong,
} from '#shared/domain/track.ts';
import { asking, eventOf } from '../support/rules.ts';

const track = 'a'.repeat(64);
const none = { named: undefined, ofUse: undefined };
const slow = { crate: 'slow', name: 'Slow ones', use: 'plain' } as const;
const house = { crate: 'house', name: 'House', use: 'house' } as const;

test('an edit stands as a whole, and all null is the file’s own again', () => {
  const edit = {
    ...AS_THE_FILE_SAYS,
    title: 'Right',
    bpm: 127.5,
    trimDb: -2,
    cueIn: 1,
    explicit: 'clean',
    energy: 4,
  } as const;
  expect(eventOf(editTrack(undefined, { track, ...edit })).body).toEqual({ track, ...edit });
  expect(eventOf(editTrack(edit, { track, ...AS_THE_FILE_SAYS })).body).toEqual({ track, ...AS_THE_FILE_SAYS });
});

test('an edit that changes nothing is refused', () => {
  const edit = { ...AS_THE_FILE_SAYS, genre: 'pop' };
  expect(editTrack(edit, { track, ...edit })).toMatchObject({ refusal: 'nothing_changed' });
  expect(editTrack(undefined, { track, ...AS_THE_FILE_SAYS })).toMatchObject({ refusal: 'nothing_changed' });
});

test('a crate has a name of its own; one is the house playlist, plain ones are as many as there are', () => {
  const { name, use } = slow;
  expect(eventOf(makeCrate(none, { name, use }, asking())).body).toEqual({ crate: 'born', name, use });
  expect(makeCrate({ ...none, named: slow }, { name, use }, asking())).toMatchObject({ refusal: 'name_taken' });
  expect(makeCrate({ ...none, ofUse: house }, { name: 'Another', use: 'house' }, asking())).toMatchObject({
    refusal: 'crate_use_taken',
  });
  expect(makeCrate({ ...none, ofUse: slow }, { name: 'Another', use: 'plain' }, asking())).toMatchObject({ ok: true });
});

test('a crate is renamed and given another use, but never the name or the use of another', () => {
  const facts = { ...none, crate: slow };
  const { crate } = slow;
  expect(eventOf(changeCrate(facts, { name: 'Slower', use: 'house' })).body).toEqual({
    crate,
    name: 'Slower',
    use: 'house',
  });
  expect(changeCrate({ ...facts, named: slow }, { name: slow.name, use: 'emergency' })).toMatchObject({ ok: true });
  expect(changeCrate({ ...none, crate: undefined }, slow)).toMatchObject({ refusal: 'crate_unknown' });
  expect(changeCrate({ ...facts, named: slow }, slow)).toMatchObject({ refusal: 'nothing_changed' });
  expect(changeCrate({ ...facts, named: house }, { name: 'House', use: 'plain' })).toMatchObject({
    refusal: 'name_taken',
  });
  expect(changeCrate({ ...facts, ofUse: house }, { name: 'Slower', use: 'house' })).toMatchObject({
    refusal: 'crate_use_taken',
  });
  const own = changeCrate({ crate: house, named: undefined, ofUse: house }, { name: 'The house', use: 'house' });
  expect(eventOf(own).body.name).toBe('The house');
});

test('a crate that is not there is not dropped', () => {
  expect(eventOf(dropCrate(slow)).body).toEqual({ crate: 'slow' });
  expect(dropCrate(undefined)).toMatchObject({ refusal: 'crate_unknown' });
});

test('a track is in a crate once, and is taken out only where it is in', () => {
  const body = { crate: 'slow', track };
  expect(eventOf(putInCrate({ crate: slow, isIn: false }, track)).body).toEqual(body);
  expect(putInCrate({ crate: slow, isIn: true }, track)).toMatchObject({ refusal: 'nothing_changed' });
  expect(putInCrate({ crate: undefined, isIn: false }, track)).toMatchObject({ refusal: 'crate_unknown' });
  expect(eventOf(takeFromCrate({ crate: slow, isIn: true }, track)).body).toEqual(body);
  expect(takeFromCrate({ crate: slow, isIn: false }, track)).toMatchObject({ refusal: 'track_not_listed' });
  expect(takeFromCrate({ crate: undefined, isIn: true }, track)).toMatchObject({ refusal: 'crate_unknown' });
});

test('a song goes onto one of her lists, from the one to the other, and off', () => {
  const hers = { dancer: 'jade', track, list: 'hers' } as const;
  const listed = eventOf(listSong({ dancerKnown: true, list: 'never' }, hers));
  expect([listed.body, listed.sub]).toEqual([hers, ['jade']]);
  expect(listSong({ dancerKnown: true, list: 'hers' }, hers)).toMatchObject({ refusal: 'nothing_changed' });
  expect(listSong({ dancerKnown: false, list: undefined }, hers)).toMatchObject({ refusal: 'dancer_unknown' });
  expect(eventOf(unlistSong({ dancerKnown: true, list: 'never' }, hers)).sub).toEqual(['jade']);
  expect(unlistSong({ dancerKnown: true, list: undefined }, hers)).toMatchObject({ refusal: 'track_not_listed' });
  expect(unlistSong({ dancerKnown: false, list: undefined }, hers)).toMatchObject({ refusal: 'dancer_unknown' });
});
