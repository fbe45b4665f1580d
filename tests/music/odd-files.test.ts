import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { frame, id3, picture, text } from './id3.ts';
import { song } from './songs.ts';
import { make, openClub, type Club } from './sounds.ts';

const SECONDS = 4;
const ZIP = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(20_000, 0x5b)]);
const BARE_MP3 = ['-b:a', '128k', '-id3v2_version', '0', '-write_xing', '0'];

function bytesOf(club: Club, name: string, args: readonly string[] = [], seconds = SECONDS): Buffer {
  return readFileSync(make(club, name, [...song(seconds), '-map_metadata', '-1', ...args]));
}

async function judged(club: Club, name: string, content: Buffer): Promise<readonly unknown[]> {
  const { outcome, code, facts } = await club.take(club.put(name, content));
  return [outcome, code, facts === null ? null : Math.round(facts.seconds)];
}

/** A FLAC with one more block of metadata. */
function withBlock(flac: Buffer, kind: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  head[0] = kind;
  return Buffer.concat([flac.subarray(0, 42), head, body, flac.subarray(42)]);
}

function flacPicture(mime: string, content: Buffer): Buffer {
  const words = (...all: readonly number[]): Buffer => {
    const packed = Buffer.alloc(all.length * 4);
    for (const [at, word] of all.entries()) packed.writeUInt32BE(word, at * 4);
    return packed;
  };
  return Buffer.concat([
    words(3, mime.length),
    Buffer.from(mime),
    words(0, 30_000, 30_000, 24, 0, content.length),
    content,
  ]);
}

function withChunk(wav: Buffer, body: Buffer): Buffer {
  const padded = body.length % 2 === 0 ? body : Buffer.concat([body, Buffer.alloc(1)]);
  const head = Buffer.from('id3 \0\0\0\0', 'latin1');
  head.writeUInt32LE(padded.length, 4);
  const whole = Buffer.concat([wav, head, padded]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

describe('a cover that is none keeps no song out', () => {
  const SVG = Buffer.from('<svg><script>alert(1)</script></svg>');
  test.each([
    ['an SVG', 'image/svg+xml', SVG],
    ['a page that says it is a JPEG', 'image/jpeg', Buffer.from('<html></html>')],
    ['nothing', 'image/jpeg', Buffer.alloc(0)],
    ['a kind without a name', '', SVG],
    ['zeros', 'image/png', Buffer.alloc(5_000)],
  ])('%s, in FLAC, WAV and MP3', async (_what, mime, content) => {
    const club = openClub();
    const tag = id3([text('TIT2', 'Covered'), picture(mime, content)]);
    const flac = withBlock(bytesOf(club, 'a.flac'), 6, flacPicture(mime, content));
    expect(await judged(club, 'b.flac', flac)).toEqual(['accept', null, SECONDS]);
    const wav = withChunk(bytesOf(club, 'a.wav', [], 5), tag);
    const taken = await club.take(club.put('b.wav', wav));
    expect([taken.code, taken.facts?.title]).toEqual([taken.like === null ? null : 'DUP_FINGERPRINT', 'Covered']);
    const mp3 = Buffer.concat([tag, bytesOf(club, 'a.mp3', BARE_MP3, 6)]);
    expect((await club.take(club.put('b.mp3', mp3))).facts?.title).toBe('Covered');
  });

  test('thirty wrong bytes of the sound are still found beside such a cover', async () => {
    const club = openClub();
    const flac = withBlock(bytesOf(club, 'a.flac'), 6, flacPicture('image/svg+xml', SVG));
    for (let at = 0; at < 30; at += 1) flac[Math.floor(flac.length / 2) + at * 7] = at;
    expect(await judged(club, 'b.flac', flac)).toEqual(['reject', 'CORRUPT', null]);
  });
});

describe('what lies behind the sound is left out', () => {
  test.each([
    ['a.mp3', BARE_MP3],
    ['a.aac', ['-b:a', '160k']],
    ['a.flac', []],
    ['a.m4a', ['-c:a', 'aac']],
    ['a.m4a', ['-c:a', 'alac', '-movflags', '+faststart']],
    ['a.wav', []],
    ['a.ogg', ['-c:a', 'libvorbis', '-q:a', '10']],
  ] as const)('an archive behind %s %j', async (name, coder) => {
    const club = openClub();
    const sound = bytesOf(club, name, coder);
    expect(await judged(club, `b-${name}`, Buffer.concat([sound, ZIP]))).toEqual(['accept', null, SECONDS]);
  });

  test('noise that could be frames behind an MP3, an old tag behind a FLAC, half a sample behind a WAV', async () => {
    const club = openClub();
    const noise = Buffer.from(Array.from({ length: 30_000 }, (_none, at) => ((at * 7919) ^ (at >> 3)) & 0xff));
    const mp3 = Buffer.concat([bytesOf(club, 'a.mp3', BARE_MP3), noise]);
    expect(await judged(club, 'b.mp3', mp3)).toEqual(['accept', null, SECONDS]);
    const old = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
    expect((await judged(club, 'b.flac', Buffer.concat([bytesOf(club, 'a.flac', [], 6), old])))[0]).toMatch(
      /^accept|^dup/,
    );
    const wav = bytesOf(club, 'a.wav', ['-fflags', '+bitexact'], 8);
    wav.writeUInt32LE(wav.readUInt32LE(40) + 1, 40);
    expect((await judged(club, 'b.wav', Buffer.concat([wav, Buffer.alloc(2)])))[0]).toMatch(/^accept|^dup/);
  });
});

describe('half a download', () => {
  test.each([
    ['a.mp3', BARE_MP3],
    ['a.mp3', ['-b:a', '192k']],
    ['a.mp3', ['-q:a', '2']],
    ['a.aac', ['-b:a', '160k']],
  ] as const)('%s %j whose second half never came is cut', async (name, coder) => {
    const club = openClub();
    const bytes = bytesOf(club, name, coder, 6);
    expect(await judged(club, 'b.mp3', bytes.fill(0, bytes.length >> 1))).toEqual(['reject', 'TRUNCATED', null]);
  });

  test('a second that is missing in the middle of a long song is found before any tool looks at it', async () => {
    const club = openClub();
    const part = bytesOf(club, 'a.mp3', ['-b:a', '320k', '-id3v2_version', '0', '-write_xing', '0'], 10);
    const long = Buffer.concat(Array.from({ length: 24 }, () => part));
    const half = Math.floor(long.length / 2);
    const file = club.put('b.mp3', long.fill(0, half, half + 40_000));
    const none = { ...club.tools, ffmpeg: '/bin/false', ffprobe: '/bin/false' };
    expect((await club.take(file, { tools: none })).code).toBe('CORRUPT');
  });
});

describe('heads that are odd or lie', () => {
  test.each([
    ['that SoX began without knowing the end', 40, 0x7ffff000],
    ['that arecord began without knowing the end', 40, 0x80000000],
  ])('a WAV %s is whole', async (_what, at, value) => {
    const club = openClub();
    const wav = bytesOf(club, 'a.wav', ['-fflags', '+bitexact']);
    wav.writeUInt32LE(value, at);
    expect(await judged(club, 'b.wav', wav)).toEqual(['accept', null, SECONDS]);
  });

  test('a WAV with its bytes the other way round, and one behind an ID3 tag, are taken', async () => {
    const club = openClub();
    const wav = bytesOf(club, 'a.wav', ['-fflags', '+bitexact']);
    const tagged = Buffer.concat([id3([text('TIT2', 'Front')]), wav]);
    expect(await judged(club, 'b.wav', tagged)).toEqual(['accept', null, SECONDS]);
    const big = Buffer.from(bytesOf(club, 'c.wav', ['-fflags', '+bitexact'], 8));
    big.write('RIFX', 'latin1');
    for (const at of [4, 16, 24, 28, 40]) big.writeUInt32BE(big.readUInt32LE(at), at);
    for (const at of [20, 22, 32, 34]) big.writeUInt16BE(big.readUInt16LE(at), at);
    big.subarray(44).swap16();
    expect((await judged(club, 'd.wav', big))[2]).toBe(8);
  });

  test('an M4A that claims to last a day lasts as long as its sound', async () => {
    const club = openClub();
    const m4a = bytesOf(club, 'a.m4a', ['-c:a', 'aac']);
    for (const [box, at] of [
      ['mvhd', 20],
      ['tkhd', 24],
      ['mdhd', 20],
    ] as const)
      m4a.writeUInt32BE(0xe31b_0000, m4a.indexOf(box) + at);
    expect(await judged(club, 'b.m4a', m4a)).toEqual(['accept', null, SECONDS]);
  });

  test('an APE tag that claims to be larger than the file is none', async () => {
    const club = openClub();
    const tag = Buffer.alloc(32, 0xff);
    tag.write('APETAGEX', 'latin1');
    tag.fill(0, 20);
    const mp3 = Buffer.concat([bytesOf(club, 'a.mp3', ['-b:a', '128k', '-id3v2_version', '0']), tag]);
    expect(await judged(club, 'b.mp3', mp3)).toEqual(['accept', null, SECONDS]);
  });

  test('frames for more than two hours are told from a small file before any tool looks at it', async () => {
    const club = openClub();
    const low = bytesOf(club, 'a.mp3', [
      '-ar',
      '8000',
      '-ac',
      '1',
      '-b:a',
      '8k',
      '-id3v2_version',
      '0',
      '-write_xing',
      '0',
    ]);
    const file = club.put('b.mp3', Buffer.concat(Array.from({ length: 1_900 }, () => low)));
    const none = { ...club.tools, ffmpeg: '/bin/false', ffprobe: '/bin/false' };
    expect((await club.take(file, { tools: none })).code).toBe('TOO_LONG');
  });

  test.each([
    ['ADIF', 0],
    ['ajkg', 0],
    ['EA3\x01', 0],
    ['\x57\x90\x75\x36', 4],
    ['8CHN', 1080],
    ['M!K!', 1080],
    ['RSID\0', 0],
  ])('%j at %i is a format that is not taken', async (magic, at) => {
    const club = openClub();
    const bytes = Buffer.alloc(3_000);
    bytes.write(magic, at, 'latin1');
    expect((await judged(club, 'a.mp3', bytes))[1]).toBe('FORMAT_NOT_ALLOWED');
  });

  test('an archive that holds a song is no song', async () => {
    const club = openClub();
    const head = Buffer.alloc(512);
    head.write('song.mp3');
    head.write('ustar', 257);
    const tar = Buffer.concat([head, bytesOf(club, 'a.mp3', BARE_MP3)]);
    expect((await judged(club, 'b.mp3', tar))[1]).toBe('NOT_AUDIO');
  });

  test('moving pictures are a video, however they are coded; twelve channels cannot be played', async () => {
    const club = openClub();
    const video = ['-f', 'lavfi', '-i', 'testsrc=d=2:s=64x64', ...song(2), '-c:v', 'mjpeg', '-c:a', 'aac', '-f', 'mov'];
    expect((await club.take(make(club, 'a.m4a', ['-y', ...video]))).code).toBe('HAS_VIDEO');
    const many = ['-f', 'lavfi', '-i', 'aevalsrc=exprs=sin(t*999)|0|0|0|0|0|0|0|0|0|0|0:d=2'];
    expect((await club.take(make(club, 'a.wav', many))).code).toBe('UNSUPPORTED_CODEC');
  });

  test.each(['wma', 'txt', 'mkv'])('a song whose name ends in .%s is told', async (ending) => {
    const club = openClub();
    expect((await judged(club, `a.${ending}`, bytesOf(club, 'b.mp3', ['-b:a', '128k'])))[1]).toBe('EXTENSION_MISMATCH');
  });
});

describe('sound that is hard to play', () => {
  const floats = (club: Club, at: number, value: number): Buffer => {
    const wav = bytesOf(club, 'a.wav', ['-c:a', 'pcm_f32le', '-fflags', '+bitexact']);
    wav.writeFloatLE(value, wav.indexOf('data') + 8 + at * 4);
    return wav;
  };
  test.each([
    ['no number', 50_000, Number.NaN],
    ['endless', 50_001, Infinity],
    ['endless downwards, in the first sample', 0, -Infinity],
  ])('a sample that is %s is damage', async (_what, at, value) => {
    const club = openClub();
    expect(await judged(club, 'b.wav', floats(club, at, value))).toEqual(['reject', 'CORRUPT', null]);
  });

  test('a song far off the middle is put there and is as loud as the others; nothing but an offset is silence', async () => {
    const club = openClub();
    const off = make(club, 'a.wav', [...song(8), '-af', 'dcshift=0.4']);
    const { code, facts } = await club.take(off);
    expect(code).toBeNull();
    expect(facts?.rendition.loudnessLufs).toBeCloseTo(-14, 1);
    expect(facts?.truePeakDb).toBeLessThan(-3);
    const flat = make(club, 'b.wav', ['-f', 'lavfi', '-i', 'aevalsrc=0.5|0.5:d=3']);
    expect((await club.take(flat)).code).toBe('SILENT');
  });

  test('single clicks can be made as loud as music by no gain, and that is said once for all', async () => {
    const club = openClub();
    const clicks = ['-f', 'lavfi', '-i', "aevalsrc=exprs='0.9*lt(mod(t,1),0.0002)|0.9*lt(mod(t,1),0.0002)':d=6"];
    expect(await club.take(make(club, 'a.wav', clicks))).toMatchObject({ outcome: 'reject', code: 'OFF_TARGET' });
  });
});

test('a tag with a broken text is read as far as it goes, and is no damage of the sound', async () => {
  const club = openClub();
  const tag = id3([frame('TPE1', Buffer.from('\x01N\0o\0')), frame('TCON', Buffer.from('\x01x\0'))], { version: 3 });
  const more = Array.from({ length: 4 }, () => frame('TALB', Buffer.from('\x01N\0')));
  const mp3 = Buffer.concat([id3([...more, tag.subarray(10)], { version: 3 }), bytesOf(club, 'a.mp3', BARE_MP3)]);
  expect(await judged(club, path.basename('b.mp3'), mp3)).toEqual(['accept', null, SECONDS]);
});
