import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { createServer as createWeb } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { openHome } from '../../edge-node/music/home.ts';
import { openLibrary } from '../../edge-node/music/library.ts';
import { smallDisk } from '../support/small-disk.ts';
import { id3, picture, text } from './id3.ts';
import { song } from './songs.ts';
import { make, openClub, type Club } from './sounds.ts';

/** What an ingest left in the club's music folder. */
function left({ folder }: Pick<Club, 'folder'>): readonly string[] {
  return readdirSync(path.join(folder, 'music'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

/** Programs that still work on something of this folder. */
function processes({ folder }: Pick<Club, 'folder'>): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}

/** A server that nobody may ask; answers how many have. */
async function canary(): Promise<{ readonly url: string; readonly asked: () => number }> {
  let asked = 0;
  const server = createWeb((_request, reply) => reply.end());
  server.on('connection', () => (asked += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

test('a file that grows, or is written over, while it is read waits, and leaves nothing', async () => {
  const club = openClub();
  const changes = [
    (file: string) => appendFileSync(file, 'x'),
    (file: string) => utimesSync(file, new Date(), new Date()),
  ];
  for (const [at, change] of changes.entries()) {
    const file = club.put(`${at}.wav`, Buffer.alloc(24 * 1024 * 1024, 'RIFF'));
    let isDone = false;
    const taken = club.take(file).finally(() => (isDone = true));
    while (!isDone) {
      change(file);
      await setImmediate();
    }
    expect(await taken).toMatchObject({ outcome: 'wait', code: 'FILE_CHANGED', facts: null });
    expect(left(club)).toEqual([]);
  }
});

test('no address is contacted, and nothing beside the file is read, whatever it names', async () => {
  const club = openClub();
  const { url, asked } = await canary();
  const secret = make(club, 'secret.mp3', [...song(3), '-b:a', '128k']);
  const own = readFileSync(make(club, 'own.mp3', [...song(2, { bpm: 90 }), '-b:a', '128k', '-id3v2_version', '0']));
  const cover = id3([text('TIT2', 'Linked'), picture('-->', Buffer.from(`${url}/cover.jpg`))]);
  const m4a = readFileSync(make(club, 'own.m4a', [...song(5, { bpm: 150 }), '-c:a', 'aac']));
  // The data is in the file, but its table says that it is elsewhere.
  const elsewhere = Buffer.from(m4a);
  elsewhere.writeUInt32BE(0, elsewhere.indexOf('url ') + 4);
  const scripts = [
    `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${url}/a.mp3\n#EXT-X-ENDLIST\n`,
    `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.mp3\n#EXT-X-ENDLIST\n`,
    `#EXTM3U\n#EXTINF:9,\nfile://${secret}\n`,
    `ffconcat version 1.0\nfile ${url}/a.mp3\nfile secret.mp3\n`,
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${url}/</BaseURL></MPD>`,
    `[playlist]\nFile1=${url}/a.mp3\n`,
    `\ufeff#EXTM3U\n${url}/a.mp3\n`,
    `concat:${secret}|${url}`,
  ];
  for (const [at, script] of scripts.entries()) {
    const { code } = await club.take(club.put(`script ${at}.mp3`, script));
    expect([script, code]).toEqual([script, 'NOT_AUDIO']);
    const behind = Buffer.concat([id3([text('TIT2', 'x')]), Buffer.from(script)]);
    expect((await club.take(club.put(`tagged ${at}.mp3`, behind))).code).toBe('NO_AUDIO');
  }
  expect(left(club)).toEqual([]);
  const linked = await club.take(club.put('linked.mp3', Buffer.concat([cover, own])));
  expect([linked.outcome, linked.facts?.title, Math.round(linked.facts?.seconds ?? 0)]).toEqual([
    'accept',
    'Linked',
    2,
  ]);
  const apart = await club.take(club.put('elsewhere.m4a', elsewhere));
  expect([apart.outcome, Math.round(apart.facts?.seconds ?? 0)]).toEqual(['accept', 5]);
  expect(asked()).toBe(0);
  expect(processes(club)).toEqual([]);
});

test('the canary of these tests sings when it is asked', async () => {
  const { url, asked } = await canary();
  await fetch(url);
  expect(asked()).toBe(1);
});

test('a pipe, a socket, a device and a folder with the names of songs are refused at once', async () => {
  const club = openClub();
  const named = (name: string): string => path.join(club.folder, name);
  execFileSync('mkfifo', [named('pipe.mp3')]);
  mkdirSync(named('folder.mp3'));
  const socket = createSocket();
  await new Promise<void>((resolve) => socket.listen(named('socket.mp3'), resolve));
  onTestFinished(() => void socket.close());
  for (const file of [named('pipe.mp3'), named('folder.mp3'), named('socket.mp3'), '/dev/zero'])
    expect(await club.take(file)).toMatchObject({ outcome: 'reject', code: 'NOT_AUDIO' });
  expect(left(club)).toEqual([]);
});

test('a name that no file can have waits, and breaks nothing', async () => {
  const club = openClub();
  expect(await club.take(path.join(club.folder, `${'x'.repeat(300)}.mp3`))).toMatchObject({ code: 'UNREADABLE' });
});

test('a refusal in the middle of the work leaves no program and no file behind', async () => {
  const club = openClub();
  const bytes = readFileSync(make(club, 'a.flac', song(20)));
  bytes.fill(0x55, bytes.length >> 1, (bytes.length >> 1) + 9_000);
  const mp3 = readFileSync(make(club, 'a.mp3', [...song(4), '-b:a', '128k']));
  const noise = Buffer.from(Array.from({ length: 30_000 }, (_none, at) => ((at * 7919) ^ (at >> 3)) & 0xff));
  const nan = readFileSync(make(club, 'a.wav', [...song(4), '-c:a', 'pcm_f32le']));
  nan.writeFloatLE(Number.NaN, nan.indexOf('data') + 8);
  const silence = readFileSync(make(club, 'b.mp3', ['-f', 'lavfi', '-i', 'anullsrc=d=3', '-b:a', '128k']));
  for (const [name, content] of Object.entries({
    'corrupt.flac': bytes,
    'nan.wav': nan,
    'silent with a tail.mp3': Buffer.concat([silence, noise]),
    'cut.mp3': mp3.subarray(0, mp3.length >> 1),
  })) {
    expect((await club.take(club.put(name, content))).outcome).toBe('reject');
    expect([name, left(club), processes(club)]).toEqual([name, [], []]);
  }
});

const disk = smallDisk(300);
afterAll(() => disk?.remove());

test.skipIf(disk === null)(
  'a disk that is full, before or while a track is made, waits, keeps no half track, and takes it when there is room (skipped where we are not root, who alone may mount a tmpfs)',
  async () => {
    const mount = disk?.mount ?? '';
    const club = openClub();
    const onDisk = { folder: mount };
    const library = openLibrary(openHome(path.join(mount, 'music')));
    const resize = (size: string): void => void execFileSync('mount', ['-o', `remount,size=${size}`, mount]);
    const file = make(club, 'a.flac', song(20));
    const take = (onProgress: Parameters<typeof club.take>[1] = {}) => club.take(file, { ...onProgress, library });
    resize('3m');
    expect(await take()).toMatchObject({ outcome: 'wait', code: 'DISK_FULL', facts: null });
    expect(left(onDisk)).toEqual([]);
    resize('300m');
    let isFull = false;
    const broken = await take({
      onProgress: ({ step }) => {
        if (step !== 'encoding' || isFull) return;
        isFull = true;
        // No byte more than there are.
        resize(`${Math.ceil(Number(execFileSync('du', ['-sk', mount], { encoding: 'utf8' }).split('\t')[0]))}k`);
      },
    });
    expect(broken).toMatchObject({ outcome: 'wait', code: 'DISK_FULL', facts: null });
    expect(left(onDisk)).toEqual([]);
    resize('300m');
    expect(await take()).toMatchObject({ outcome: 'accept', code: null });
    expect(left(onDisk)).toHaveLength(4);
  },
  60_000,
);
