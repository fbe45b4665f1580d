import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isIgnored, shown } from '../../edge-node/music/names.ts';
import { readTags, type Tags } from '../../edge-node/music/tags.ts';
import { frame, id3, text } from './id3.ts';
import { song } from './songs.ts';
import { make, openClub } from './sounds.ts';

async function tagsOf(tag: Buffer, tail: Buffer = Buffer.alloc(0)): Promise<Tags> {
  const club = openClub();
  const sound = readFileSync(make(club, 'a.mp3', [...song(1), '-b:a', '128k', '-id3v2_version', '0']));
  const file = club.put('b.mp3', Buffer.concat([tag, sound, tail]));
  return readTags({ file, mime: 'audio/mpeg', name: file, tools: club.tools, signal: null });
}
const named = (id: string, value: string): Buffer => frame('TXXX', Buffer.from(`\x03${id}\0${value}`));

test('thousands of frames before the title hide neither it nor the tempo', async () => {
  const many = Array.from({ length: 3_000 }, (_none, at) => named(`key ${at}`, 'x'.repeat(1_000)));
  const tags = await tagsOf(id3([...many, text('TIT2', 'After All'), text('TBPM', '133'), text('TKEY', '8A')]));
  expect(tags).toMatchObject({ title: 'After All', bpm: 133, key: { tonic: 9, isMinor: true } });
});

test('a name with a stroke in an older tag is one name', async () => {
  expect((await tagsOf(id3([text('TPE1', 'AC/DC')], { version: 3 }))).artist).toBe('AC/DC');
  expect((await tagsOf(id3([text('TPE1', 'One\0Two')]))).artist).toBe('One; Two');
});

test('an ID3v2 tag goes before an APE tag, and an APE tag before the old one of thirty letters', async () => {
  const item = (name: string, value: string): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(value.length);
    return Buffer.concat([head, Buffer.from(`${name}\0${value}`)]);
  };
  const items = Buffer.concat([item('Title', 'Ape'), item('Artist', 'Monkey')]);
  const foot = Buffer.alloc(32);
  foot.write('APETAGEX', 'latin1');
  for (const [at, value] of [2_000, items.length + 32, 2, 0].entries()) foot.writeUInt32LE(value, 8 + at * 4);
  const old = Buffer.concat([Buffer.from('TAGOld'), Buffer.alloc(122)]);
  const tail = Buffer.concat([items, foot, old]);
  expect(await tagsOf(id3([text('TIT2', 'New')]), tail)).toMatchObject({ title: 'New', artist: 'Monkey' });
  expect(await tagsOf(Buffer.alloc(0), tail)).toMatchObject({ title: 'Ape', artist: 'Monkey' });
});

test('a whole tag that was unsynchronised is read as it was meant', async () => {
  const plain = frame('TIT2', Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from('Unsync\u00ff', 'utf16le')]));
  const after = text('TPE1', 'After');
  const spread = [...plain.subarray(10)].flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte]));
  const body = Buffer.concat([plain.subarray(0, 10), Buffer.from(spread), after]);
  expect(await tagsOf(id3([body], { version: 3, flags: 0x80 }))).toMatchObject({
    title: 'Unsync\u00ff',
    artist: 'After',
  });
});

test.each([
  ['128 BPM', 128],
  ['128,00', 128],
  ['122.5', 122.5],
  ['0', null],
  ['999', null],
  ['-128', null],
  ['125/126', null],
])('the tempo %j is read as %j', async (said, bpm) => {
  expect((await tagsOf(id3([text('TBPM', said)]))).bpm).toBe(bpm);
});

test.each([
  [named('ITUNESADVISORY', '1'), 'explicit'],
  [named('iTunesAdvisory', 'Explicit'), 'explicit'],
  [named('ITUNESADVISORY', 'clean'), 'clean'],
  [frame('COMM', Buffer.from('\x03eng\0Explicit')), 'explicit'],
  [frame('COMM', Buffer.from('\x03engITUNESADVISORY\x002')), 'clean'],
  [frame('COMM', Buffer.from('\x03eng\x001')), null],
  [named('ITUNESADVISORY', '0'), null],
])('advice %#: %j', async (tag, explicit) => {
  expect((await tagsOf(id3([tag]))).explicit).toBe(explicit);
});

test('what is not seen in a text is left out, blank letters too', () => {
  expect(['\u3164\u3164', 'Hi\u{e0041}', 'a\ud800b', '\u202egnp\u2069', 'x\u2028y'].map(shown)).toEqual([
    '',
    'Hi',
    'ab',
    'gnp',
    'x y',
  ]);
});

test('files that other programs have not finished or keep for themselves are left alone, and names like theirs are not', () => {
  const theirs = ['song.mp3~', 'song.mp3.!qB', '#song.mp3#', 'ehthumbs.db', '@eaDir/song.mp3', '__MACOSX/song.mp3'];
  expect(theirs.filter((name) => !isIgnored(`/music/${name}`))).toEqual([]);
  expect(['partial eclipse.mp3', 'tmp.mp3', 'my.part.mp3', '# 1.mp3'].filter(isIgnored)).toEqual([]);
});
