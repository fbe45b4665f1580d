import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openHome } from '../../edge-node/music/home.ts';
import { openLibrary } from '../../edge-node/music/library.ts';
import { remeasure, song } from './songs.ts';
import { make, openClub, type Club } from './sounds.ts';

const TARGET = -14;

function files(club: Club): readonly string[] {
  return readdirSync(path.join(club.folder, 'music'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

function hash(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

describe('a track that is taken in', () => {
  test.each([
    ['a.mp3', 'mono at 22 kHz', ['-ac', '1', '-ar', '22050'], 'accept-warn'],
    ['b.mp3', 'stereo at 48 kHz', ['-ac', '2', '-ar', '48000'], 'accept'],
    ['c.flac', 'another format', [], 'reject'],
  ])('is probed by its own frames where all of them are read: %s, %s', async (name, _what, args, outcome) => {
    const club = openClub();
    const file = make(club, name, [...song(3), ...args]);
    const said = (await club.take(file)).facts;
    const fresh = openClub();
    const taken = await fresh.take(file, { tools: { ...fresh.tools, ffprobe: '/bin/false' } });
    expect(taken.outcome).toBe(outcome);
    if (outcome === 'reject') return;
    expect(said).toMatchObject({ codec: 'mp3', channels: Number(args[1]), sampleRate: Number(args[3]) });
    expect(taken.facts).toEqual(said);
  });

  test('keeps what its tags say, its length, tempo and key, and its original bit for bit', async () => {
    const club = openClub();
    const tags = [
      '-metadata',
      'title=No\u0308ir \u202eevil',
      '-metadata',
      'artist=DJ Fixture',
      '-metadata',
      'TBPM=122.5',
    ];
    const file = make(club, 'a.mp3', [...song(10), '-c:a', 'libmp3lame', '-b:a', '192k', ...tags]);
    const before = { hash: hash(file), mtimeMs: statSync(file).mtimeMs };
    const { outcome, code, facts } = await club.take(file);
    expect([outcome, code]).toEqual(['accept', null]);
    expect(facts).toMatchObject({
      title: 'N\u00f6ir evil',
      artist: 'DJ Fixture',
      format: 'mp3',
      codec: 'mp3',
      warnings: [],
    });
    expect(facts?.bpm).toEqual({ value: 122.5, from: 'tag', confidence: 1 });
    expect(facts?.seconds).toBeCloseTo(10, 1);
    expect({ hash: hash(file), mtimeMs: statSync(file).mtimeMs }).toEqual(before);
    expect(hash(club.library.home.original(before.hash))).toBe(before.hash);
  });

  test('has a tempo and a key by analysis where its tags have none, and is called after its file', async () => {
    const club = openClub();
    const { facts } = await club.take(make(club, 'My Song.wav', song(20, { bpm: 126 })));
    expect(facts?.title).toBe('My Song');
    expect(facts?.bpm?.from).toBe('analysis');
    expect(facts?.bpm?.value).toBeCloseTo(126, 0);
    expect(['Am', 'C']).toContain(facts?.key?.value);
  });

  test.each([
    ['a hot one', song(12, { gain: 1 }), false],
    ['a quiet one whose peaks leave room', song(12, { gain: 0.2 }), false],
    ['a quiet one with high peaks', song(12, { gain: 0.1, accent: 9 }), true],
    ['a mono one', [...song(12), '-ac', '1'], false],
    ['one of 48 kHz', [...song(12), '-ar', '48000'], false],
  ] as const)('%s is played within 0.1 LU of the target and below -1 dBTP', async (_what, sound, isLimited) => {
    const club = openClub();
    const { facts } = await club.take(make(club, 'a.flac', sound));
    const { lufs, peak } = remeasure(club.tools, club.library.home.rendition(facts?.sha256 ?? ''));
    expect(Math.abs(lufs - TARGET)).toBeLessThanOrEqual(0.1);
    expect(peak).toBeLessThanOrEqual(-1);
    expect(facts?.rendition.isLimited).toBe(isLimited);
  });

  test('is as loud as the club wants it', async () => {
    const club = openClub();
    const { facts } = await club.take(make(club, 'a.flac', song(12)), { target: -10 });
    const { lufs } = remeasure(club.tools, club.library.home.rendition(facts?.sha256 ?? ''));
    expect(Math.abs(lufs - -10)).toBeLessThanOrEqual(0.1);
  });

  test('has its silence told as cue points; only digital silence is cut, at the ends, in the copy', async () => {
    const club = openClub();
    const padded = ['-af', 'adelay=2000:all=1,apad=pad_dur=3'];
    const { facts } = await club.take(make(club, 'a.flac', [...song(6), ...padded]));
    expect(facts?.seconds).toBeCloseTo(11, 2);
    expect(facts?.cueIn).toBeGreaterThan(1.9);
    expect(facts?.cueIn).toBeLessThanOrEqual(2);
    expect(facts?.cueOut).toBeCloseTo(8, 0);
    expect(facts?.rendition.startsAt).toBeCloseTo(1.75, 1);
    expect(facts?.rendition.seconds).toBeCloseTo(6.5, 1);
  });

  test('is told step by step, and never backwards', async () => {
    const club = openClub();
    const shares: number[] = [];
    await club.take(make(club, 'a.flac', song(8)), { onProgress: ({ share }) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1, 1);
  });
});

describe('what is there already', () => {
  test('the same bytes under another name are the same track, also after a restart', async () => {
    const club = openClub();
    const file = make(club, 'a.mp3', [...song(8), '-b:a', '128k']);
    const first = await club.take(file);
    copyFileSync(file, path.join(club.folder, 'b.mp3'));
    const restarted = { ...club, library: openLibrary(openHome(path.join(club.folder, 'music'))) };
    for (const { take } of [club, restarted]) {
      const again = await take(path.join(club.folder, 'b.mp3'));
      expect([again.outcome, again.code]).toEqual(['duplicate', 'DUP_BYTES']);
      expect(again.facts).toEqual(first.facts);
    }
    expect(files(club)).toHaveLength(4);
  });

  test('the same sound with other tags, or without the frame that tells its length, is a duplicate, and leaves nothing', async () => {
    const club = openClub();
    const file = make(club, 'a.mp3', [...song(8), '-b:a', '128k']);
    await club.take(file);
    const retagged = make(club, 'b.mp3', ['-i', file, '-c', 'copy', '-metadata', 'title=Another']);
    expect(await club.take(retagged)).toMatchObject({ outcome: 'duplicate', code: 'DUP_AUDIO' });
    const bare = make(club, 'c.mp3', ['-i', file, '-c', 'copy', '-write_xing', '0', '-id3v2_version', '0']);
    expect(await club.take(bare)).toMatchObject({ outcome: 'duplicate', code: 'DUP_AUDIO' });
    expect(files(club)).toHaveLength(4);
  });

  test('the same recording in another format is taken, and shown to a person', async () => {
    const club = openClub();
    const file = make(club, 'a.flac', song(30));
    const first = await club.take(file);
    const other = await club.take(make(club, 'b.mp3', ['-i', file, '-b:a', '160k']));
    const expected = club.tools.fingerprints ? ['duplicate?', first.facts?.sha256] : ['accept', null];
    expect([other.outcome, other.like]).toEqual(expected);
    expect(other.facts).not.toBeNull();
  });
});

describe('what is not a track yet', () => {
  test.each(['.hidden.mp3', '._song.mp3', '.song.mp3.Xa3f9Q', '~$song.mp3', 'song.mp3.filepart', 'song.crdownload'])(
    'the name %s is left alone',
    async (name) => {
      const club = openClub();
      expect(await club.take(club.put(name, 'x'))).toMatchObject({ outcome: 'ignore', code: 'IGNORED_NAME' });
    },
  );

  test('a file that is gone, and a link to one, are not followed', async () => {
    const club = openClub();
    const link = path.join(club.folder, 'link.mp3');
    symlinkSync(make(club, 'a.mp3', [...song(2), '-b:a', '128k']), link);
    expect(await club.take(path.join(club.folder, 'none.mp3'))).toMatchObject({ outcome: 'wait', code: 'FILE_GONE' });
    expect(await club.take(link)).toMatchObject({ outcome: 'reject', code: 'NOT_AUDIO' });
    expect(files(club)).toEqual([]);
  });

  test('work that is stopped while it encodes leaves nothing behind', async () => {
    const club = openClub();
    const stop = new AbortController();
    const stopped = await club.take(make(club, 'a.flac', song(20)), {
      signal: stop.signal,
      onProgress: ({ step }) => step === 'encoding' && stop.abort(),
    });
    expect(stopped).toMatchObject({ outcome: 'wait', code: 'STOPPED', facts: null });
    expect(files(club)).toEqual([]);
  });
});
