import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../edge-node/music/ingest.ts';
import type { Refusal } from '../../edge-node/music/verdict.ts';
import { song } from './songs.ts';
import { make, openClub, type Club } from './sounds.ts';

function left(club: Club): readonly string[] {
  return readdirSync(path.join(club.folder, 'music'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

function part(file: string, share: number): Buffer {
  const whole = readFileSync(file);
  return whole.subarray(0, Math.floor(whole.length * share));
}

type Judged = Pick<Verdict, 'outcome' | 'code'> & { readonly hasSentence: boolean; readonly left: readonly string[] };

async function judged(club: Club, file: string): Promise<Judged> {
  const { outcome, code, message } = await club.take(file);
  return { outcome, code, hasSentence: /^[A-Z].*\.$/.test(message), left: left(club) };
}

function refusedAs(code: Refusal): Judged {
  return { outcome: 'reject', code, hasSentence: true, left: [] };
}

describe('what only looks like music', () => {
  const NEIGHBOUR = 'neighbour.mp3';
  test.each([
    [
      'a playlist that names its neighbour',
      `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${NEIGHBOUR}\n#EXT-X-ENDLIST\n`,
    ],
    ['a concat script that names its neighbour', `ffconcat version 1.0\nfile ${NEIGHBOUR}\n`],
    [
      'a session description',
      'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 5004 RTP/AVP 0\r\n',
    ],
    ['an error page', '<!doctype html><html><body><h1>404 Not Found</h1></body></html>'],
    ['a program', Buffer.concat([Buffer.from('MZ\x90\0'), Buffer.alloc(4000)])],
    ['one byte', 'R'],
    ['noise', Buffer.from(Array.from({ length: 60_000 }, (_none, at) => (at * 7919 + (at >> 3) * 104_729) & 0xff))],
  ])('%s is refused as no music', async (_what, content) => {
    const club = openClub();
    make(club, NEIGHBOUR, [...song(2), '-b:a', '128k']);
    expect(await judged(club, club.put('song.mp3', content))).toEqual(refusedAs('NOT_AUDIO'));
  });

  test('an empty file, and one that is tags alone, say so', async () => {
    const club = openClub();
    expect(await judged(club, club.put('empty.mp3', ''))).toEqual(refusedAs('EMPTY'));
    const tag = Buffer.from('ID3\x04\0\0\0\0\0\x0aTIT2\0\0\0\0\0\0', 'latin1');
    expect(await judged(club, club.put('tags.mp3', tag))).toEqual(refusedAs('NO_AUDIO'));
  });

  test.each(['wma', 'wv', 'tta', 'mka'])('%s is a format that is not taken', async (format) => {
    const club = openClub();
    expect(await judged(club, make(club, `a.${format}`, song(2)))).toEqual(refusedAs('FORMAT_NOT_ALLOWED'));
  });

  test('a video is no track', async () => {
    const club = openClub();
    const video = ['-f', 'lavfi', '-i', 'testsrc=d=2:s=64x64', ...song(2), '-c:v', 'mpeg4', '-c:a', 'aac'];
    expect(await judged(club, make(club, 'a.m4a', ['-y', ...video, '-f', 'mp4']))).toEqual(refusedAs('HAS_VIDEO'));
  });
});

describe('what is broken', () => {
  test.each([
    ['a.wav', [], 0.3],
    ['a.flac', [], 0.5],
    ['a.flac', [], 0.97],
    ['a.ogg', ['-c:a', 'libvorbis'], 0.6],
    ['a.opus', ['-c:a', 'libopus'], 0.6],
    ['a.m4a', ['-c:a', 'aac'], 0.6],
    ['a.m4a', ['-c:a', 'aac', '-movflags', '+faststart'], 0.6],
    ['a.aiff', [], 0.6],
    ['a.mp3', ['-c:a', 'libmp3lame', '-q:a', '2'], 0.6],
  ] as const)('%s %j without its end is cut', async (name, coder, share) => {
    const club = openClub();
    const cut = club.put(`cut-${name}`, part(make(club, name, [...song(6), ...coder]), share));
    expect(await judged(club, cut)).toEqual(refusedAs('TRUNCATED'));
  });

  test.each([
    ['a.flac', []],
    ['a.ogg', ['-c:a', 'libvorbis']],
    ['a.mp3', ['-c:a', 'libmp3lame', '-b:a', '192k']],
  ] as const)('%s with a hole in its middle is damaged', async (name, coder) => {
    const club = openClub();
    const bytes = readFileSync(make(club, name, [...song(6), ...coder]));
    bytes.fill(0, Math.floor(bytes.length / 2), Math.floor(bytes.length * 0.6));
    expect(await judged(club, club.put(`hole-${name}`, bytes))).toEqual(refusedAs('CORRUPT'));
  });

  test('thirty wrong bytes in a FLAC are found, which ffmpeg by itself keeps to itself', async () => {
    const club = openClub();
    const bytes = readFileSync(make(club, 'a.flac', song(6)));
    for (let at = 0; at < 30; at += 1) bytes[Math.floor(bytes.length / 2) + at * 7] = at;
    expect(await judged(club, club.put('wrong.flac', bytes))).toEqual(refusedAs('CORRUPT'));
  });

  test.each([
    ['65,535 channels', 22, 0xffff],
    ['no channel', 22, 0],
    ['no bits', 34, 0],
  ])('a WAV of %s has a broken head', async (_what, at, value) => {
    const club = openClub();
    const bytes = readFileSync(make(club, 'a.wav', [...song(2), '-fflags', '+bitexact']));
    bytes.writeUInt16LE(value, at);
    expect(await judged(club, club.put('b.wav', bytes))).toEqual(refusedAs('BAD_HEADER'));
  });

  test('a protected purchase is called by its name', async () => {
    const club = openClub();
    const bytes = readFileSync(make(club, 'a.m4a', [...song(2), '-c:a', 'aac']));
    bytes.write('drms', bytes.indexOf('mp4a'), 'latin1');
    expect(await judged(club, club.put('b.m4p', bytes))).toEqual(refusedAs('DRM'));
  });
});

describe('what is no track by its sound', () => {
  test.each([
    ['silence', ['-f', 'lavfi', '-i', 'anullsrc=d=3'], 'SILENT'],
    ['two tenths of a second', song(0.2), 'TOO_SHORT'],
  ] as const)('%s is refused', async (_what, args, code) => {
    const club = openClub();
    expect(await judged(club, make(club, 'a.flac', args))).toEqual(refusedAs(code));
  });

  test.each([
    ['says so', true],
    ['has no length in its head', false],
  ])('a day of silence in a small file that %s ends within the limits', { timeout: 180_000 }, async (_what, isSaid) => {
    const club = openClub();
    const day = ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono:d=86400', '-compression_level', '0'];
    const bytes = readFileSync(make(club, 'day.flac', day));
    if (!isSaid) {
      bytes[21] = (bytes[21] ?? 0) & 0xf0;
      bytes.fill(0, 22, 26);
    }
    expect(await judged(club, club.put('bomb.flac', bytes))).toEqual(refusedAs('TOO_LONG'));
  });
});

describe('what is taken with a warning', () => {
  test.each([
    ['one side silent', [...song(3), '-af', 'pan=stereo|c0=c0|c1=0*c1'], 'a.flac', 'ONE_CHANNEL_SILENT'],
    ['sides that cancel out', [...song(3), '-af', 'pan=stereo|c0=c0|c1=-1*c0'], 'a.flac', 'PHASE_INVERTED'],
    ['eight channels', [...song(3), '-ac', '8'], 'a.flac', 'DOWNMIXED'],
    ['8 kHz', [...song(3), '-ar', '8000', '-ac', '1'], 'a.wav', 'LOW_QUALITY'],
    ['32 kbit/s', [...song(3), '-ac', '1', '-b:a', '32k'], 'a.mp3', 'LOW_QUALITY'],
    ['less than a second', song(0.7), 'a.wav', 'SHORT'],
    ['the ending of another format', [...song(3), '-c:a', 'aac', '-f', 'ipod'], 'a.mp3', 'EXTENSION_MISMATCH'],
  ] as const)('%s is told', async (_what, args, name, code) => {
    const club = openClub();
    expect(await club.take(make(club, name, args))).toMatchObject({ outcome: 'accept-warn', code });
  });

  test('something before the first frame is left out and told', async () => {
    const club = openClub();
    const sound = readFileSync(make(club, 'a.mp3', [...song(3), '-b:a', '128k', '-id3v2_version', '0']));
    const { code, facts } = await club.take(club.put('b.mp3', Buffer.concat([Buffer.alloc(700, 0x01), sound])));
    expect(code).toBe('JUNK_PREFIX');
    expect(facts?.seconds).toBeCloseTo(3, 1);
  });
});
