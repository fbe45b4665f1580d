import { mkdirSync } from 'node:fs';
import { cp, rename } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { TrackRow } from '#shared/contract/music-api.ts';
import { openShelf } from '../../edge-node/music/shelf.ts';
import { findTools, NO_FFMPEG } from '../../edge-node/music/tools.ts';
import { startChild, type Child } from './child.ts';
import type { EdgeTasks } from './edge-child.ts';
import { figure, fixed, median, quantile, say, type Figure } from './figure.ts';
import { diskFolder } from './folder.ts';
import { makePiece } from './piece.ts';
import type { TabletsTasks } from './tablets-child.ts';
import { slice, startEdge, type Plan, type Slice } from './tablets.ts';

/** 20 taps a second: twice a club's busiest minute. */
const FLOOR: Plan = { tablets: 20, ms: 12_000, everyMs: 1_000 };
const WARM_UP: Plan = { tablets: 20, ms: 3_000, everyMs: 1_000 };
const ROUNDS = 8;
const FILES = 200;
const BESIDE_SECONDS = 60;
const SONG_SECONDS = 240;
/** One alone, then as many as fill two or three places evenly. */
const SONGS = 13;
const LOOK_MS = 20;
const TRACKS = 25_000;
const SEARCHES = ['a', 'lo', 'love in the', 'zoe', 'deep nig', 'remix 12', 'no such song', ''];

type Parts = {
  readonly ffmpeg: string;
  readonly child: Child<EdgeTasks>;
  readonly drop: string;
  readonly made: string;
};

/** What taking music in costs the floor, how long a DJ waits for a song, and how fast a long list is searched. */
export async function musicFloor(): Promise<readonly Figure[]> {
  const tools = findTools(process.env);
  if (tools === null) throw new Error(NO_FFMPEG);
  const folder = diskFolder();
  const tablets = await startChild<TabletsTasks>('tablets-child.ts', {});
  const edge = await startEdge({ BENCH_FOLDER: `${folder.path}/edge`, BENCH_MUSIC: folder.path });
  const parts: Parts = {
    ffmpeg: tools.ffmpeg,
    child: edge.child,
    drop: path.join(folder.path, 'drop'),
    made: path.join(folder.path, 'made'),
  };
  try {
    mkdirSync(parts.made);
    await slice(tablets, edge, WARM_UP);
    const beside = await besideFloor(parts, () => slice(tablets, edge, FLOOR));
    return [beside, ...(await waiting(parts)), searching()];
  } finally {
    await tablets.stop();
    await edge.stop();
    folder.remove();
  }
}

async function besideFloor(parts: Parts, turn: () => Promise<Slice>): Promise<Figure> {
  say(`\nMusic: ${FILES} files of ${BESIDE_SECONDS} s are taken in while 20 tablets tap 20 times a second`);
  const idle: number[][] = [];
  const busy: number[][] = [];
  let done = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const files = FILES / ROUNDS;
    const made = await makeFiles(parts, { files, seconds: BESIDE_SECONDS, from: round * files });
    idle.push([...(await turn()).waits]);
    for (const file of made) await rename(file, path.join(parts.drop, path.basename(file)));
    await until(async () => (await parts.child.ask('music', undefined)).working.length > 0);
    const before = (await parts.child.ask('music', undefined)).tracks;
    busy.push([...(await turn()).waits]);
    const { tracks } = await parts.child.ask('music', undefined);
    say(`  round ${round + 1}: ${tracks - before} files were taken in beside ${FLOOR.ms / 1_000} s of taps`);
    done += files;
    await until(async () => (await parts.child.ask('music', undefined)).tracks === done);
  }
  return p99Beside(idle, busy);
}

/** The middle of the rounds' own ratios: what the machine does meanwhile hits both sides of a round. */
function p99Beside(idle: readonly (readonly number[])[], busy: readonly (readonly number[])[]): Figure {
  const p99 = (rounds: readonly (readonly number[])[]) => rounds.map((waits) => quantile(waits, 0.99));
  const [alone, beside] = [p99(idle), p99(busy)];
  const ms = (values: readonly number[]) => values.map((one) => fixed(one, 1)).join(' ');
  say(`  p99 of each round, in ms: ${ms(alone)} idle, ${ms(beside)} beside`);
  say(
    `  the longest of all: ${fixed(Math.max(...idle.flat()), 1)} ms idle, ${fixed(Math.max(...busy.flat()), 1)} beside`,
  );
  const ratios = beside.map((one, round) => one / (alone[round] ?? Number.NaN));
  return figure('music.p99 of the floor beside an ingest, to idle', median(ratios), ['<=', 1.5, 'ratio']);
}

/** One song alone, from the end of its copy to its place in the list; then many at once. */
async function waiting(parts: Parts): Promise<readonly Figure[]> {
  const { child, drop } = parts;
  const songs = await makeFiles(parts, { files: SONGS, seconds: SONG_SECONDS, from: FILES });
  const [alone = '', ...rest] = songs;
  const before = (await child.ask('music', undefined)).tracks;
  await cp(alone, path.join(drop, path.basename(alone)));
  const copied = performance.now();
  await until(async () => (await child.ask('music', undefined)).tracks === before + 1);
  const waitedMs = performance.now() - copied;
  const began = performance.now();
  for (const file of rest) await rename(file, path.join(drop, path.basename(file)));
  await until(async () => (await child.ask('music', undefined)).tracks === before + SONGS);
  const eachMs = (performance.now() - began) / rest.length;
  say(`  a song of 4 minutes may be played ${fixed(waitedMs / 1_000, 2)} s after its copy`);
  say(`  ${rest.length} of them: ${fixed(eachMs / 1_000, 2)} s each on ${os.availableParallelism()} cores`);
  return [
    figure('music.a song of 4 minutes, from its copy to playable', waitedMs, ['<=', 5_000, 'ms']),
    figure('music.1,000 songs of 4 minutes, at that pace', eachMs * 1_000, ['<=', 1_800_000, 'ms']),
  ];
}

function searching(): Figure {
  const shelf = openShelf();
  const words = ['love', 'night', 'deep', 'Señorita', 'remix', 'zoë', 'in the', 'fire', 'gold', 'après'];
  const word = (at: number, by: number) => words[(at * 7 + by * by) % words.length] ?? '';
  shelf.put(
    Array.from({ length: TRACKS }, (_none, at) => rowOf(at, `${word(at, 1)} ${word(at, 2)} ${at}`, word(at, 3))),
  );
  const took = Array.from({ length: 10 }, () => SEARCHES)
    .flat()
    .map((text) => {
      const began = performance.now();
      shelf.search(text, 50);
      return performance.now() - began;
    });
  say(`  a search in ${TRACKS} tracks: ${fixed(quantile(took, 0.5), 1)} ms, ${fixed(quantile(took, 1), 1)} at most`);
  return figure(`music.a search in ${TRACKS} tracks`, quantile(took, 1), ['<=', 50, 'ms']);
}

function rowOf(at: number, title: string, artist: string): TrackRow {
  const nothing = { album: null, genre: null, bpm: null, key: null, explicit: null, warnings: [] };
  return { ...nothing, track: String(at), title, artist, seconds: 240, cueIn: 0, cueOut: 240, startsAt: 0, trimDb: 0 };
}

type Wanted = { readonly files: number; readonly seconds: number; readonly from: number };

async function makeFiles({ ffmpeg, made }: Parts, { files, seconds, from }: Wanted): Promise<readonly string[]> {
  const names = Array.from({ length: files }, (_none, at) => path.join(made, `${from + at}.mp3`));
  const rest = [...names.entries()];
  const make = async (): Promise<void> => {
    for (let one = rest.pop(); one; one = rest.pop()) {
      const nr = from + one[0];
      await makePiece(ffmpeg, one[1], { seconds, nr, title: `Song ${nr}` });
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, make));
  return names;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(LOOK_MS);
}
