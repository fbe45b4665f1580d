import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { analyse } from '../../edge-node/music/analyse.ts';
import type { Facts } from '../../edge-node/music/facts.ts';
import { openHome } from '../../edge-node/music/home.ts';
import { ingest } from '../../edge-node/music/ingest.ts';
import { openLibrary } from '../../edge-node/music/library.ts';
import { probe } from '../../edge-node/music/probe.ts';
import { FORMATS } from '../../edge-node/music/sniff.ts';
import { findTools, NO_FFMPEG, type Tools } from '../../edge-node/music/tools.ts';
import { remeasure, song } from '../music/songs.ts';
import { figure, fixed, median, say, sum, type Figure } from './figure.ts';
import { makePiece } from './piece.ts';
import { treeCpuUs } from './processes.ts';

const TARGET = -14;
const ROUNDS = 5;
const SECONDS = 240;
const GOALS = { twoPass: 4.5, bare: 1.3, errorLu: 0.1, peakDb: -1, otherScanner: 1 };

/** The ingest beside what others do with the same file, by the same ffmpeg, in turns; and what comes out, measured by ffmpeg. */
export async function music(): Promise<readonly Figure[]> {
  const tools = findTools(process.env);
  if (tools === null) throw new Error(NO_FFMPEG);
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-bench-music-'));
  try {
    const track = path.join(folder, 'track.mp3');
    const bench = { tools, folder, track: await makePiece(tools.ffmpeg, track, { seconds: SECONDS, nr: 1 }) };
    const scanner = await besideScanner(bench);
    return [...(await besideOthers(bench)), ...(await accuracy(bench)), ...scanner];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Bench = { readonly tools: Tools; readonly folder: string; readonly track: string };

function ffmpeg({ tools }: Pick<Bench, 'tools'>, args: readonly string[]): string {
  const given = ['-nostdin', '-hide_banner', '-y', ...args];
  const { stderr, status } = spawnSync(tools.ffmpeg, given, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${stderr.slice(-500)}`);
  return stderr;
}

async function takeIn(
  { tools, folder }: Bench,
  file: string,
): Promise<{ readonly facts: Facts; readonly copy: string }> {
  const library = openLibrary(openHome(mkdtempSync(path.join(folder, 'home-'))));
  const verdict = await ingest(file, { library, tools, target: TARGET, signal: null, onProgress: () => undefined });
  if (verdict.facts === null) throw new Error(`${file}: ${verdict.message}`);
  return { facts: verdict.facts, copy: library.home.rendition(verdict.facts.sha256) };
}

async function cpuMs(work: () => unknown): Promise<number> {
  const before = treeCpuUs(process.pid);
  await work();
  return (treeCpuUs(process.pid) - before) / 1000;
}

async function besideOthers(bench: Bench): Promise<readonly Figure[]> {
  const { folder, track } = bench;
  const out = path.join(folder, 'out.m4a');
  const coder = ['-vn', '-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '320k', '-movflags', '+faststart', out];
  const ways = {
    ingest: () => takeIn(bench, track),
    twoPass: () => twoPass(bench, out),
    decode: () => ffmpeg(bench, ['-v', 'error', '-i', track, '-f', 'null', '-']),
    encode: () => ffmpeg(bench, ['-v', 'error', '-i', track, ...coder]),
  };
  await ways.ingest();
  const took: Record<keyof typeof ways, number[]> = { ingest: [], twoPass: [], decode: [], encode: [] };
  for (let round = 0; round < ROUNDS; round += 1)
    for (const way of ['ingest', 'decode', 'encode', 'twoPass'] as const) took[way].push(await cpuMs(ways[way]));
  say(`\nA track of ${SECONDS} s, CPU in ms, the middle of ${ROUNDS} turns`);
  for (const [way, all] of Object.entries(took)) say(`  ${way.padEnd(8)} ${fixed(median(all), 0)}`);
  const bare = took.decode.map((one, at) => one + (took.encode[at] ?? 0));
  return [
    figure('music.two-pass loudnorm to the whole ingest, CPU', sum(took.twoPass) / sum(took.ingest), [
      '>=',
      GOALS.twoPass,
      'ratio',
    ]),
    figure('music.whole ingest to bare decode and encode, CPU', sum(took.ingest) / sum(bare), [
      '<=',
      GOALS.bare,
      'ratio',
    ]),
  ];
}

/** What is usually done: probe, loudnorm twice, a search for silence, and peaks; the coder as it comes. */
function twoPass(bench: Bench, out: string): void {
  const { tools, track } = bench;
  execFileSync(tools.ffprobe, ['-v', 'error', '-show_format', '-show_streams', track], { stdio: 'ignore' });
  const aim = `I=${TARGET}:TP=-1:LRA=11`;
  const said = ffmpeg(bench, ['-i', track, '-af', `loudnorm=${aim}:print_format=json`, '-f', 'null', '-']);
  const read = JSON.parse(said.slice(said.lastIndexOf('{'), said.lastIndexOf('}') + 1)) as Record<string, string>;
  const known = `measured_I=${read['input_i']}:measured_TP=${read['input_tp']}:measured_LRA=${read['input_lra']}:measured_thresh=${read['input_thresh']}`;
  const filter = `loudnorm=${aim}:${known}:linear=true`;
  ffmpeg(bench, [
    '-v',
    'error',
    '-i',
    track,
    '-vn',
    '-af',
    filter,
    '-ar',
    '44100',
    '-c:a',
    'aac',
    '-b:a',
    '320k',
    '-movflags',
    '+faststart',
    out,
  ]);
  ffmpeg(bench, ['-i', track, '-af', 'silencedetect=n=-60dB:d=0.5', '-f', 'null', '-']);
  const peaks = `${out}.peaks`;
  ffmpeg(bench, ['-v', 'error', '-i', track, '-ac', '1', '-ar', '8000', '-f', 's16le', peaks]);
}

/** Tracks that need turning down, turning up, the limiter, another rate, and two channels made of one. */
async function accuracy(bench: Bench): Promise<readonly Figure[]> {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    hot: song(20, { gain: 1 }),
    quiet: song(20, { gain: 0.15 }),
    peaky: song(20, { gain: 0.1, accent: 6 }),
    'at 48 kHz': [...song(20), '-ar', '48000'],
    mono: [...song(20), '-ac', '1'],
  };
  const errors: number[] = [];
  const peaks: number[] = [];
  say('\nPlayable copies, measured by ffmpeg\u2019s ebur128');
  for (const [kind, args] of Object.entries(kinds)) {
    const file = path.join(bench.folder, `${kind}.flac`);
    ffmpeg(bench, [...args, file]);
    const { facts, copy } = await takeIn(bench, file);
    const { lufs, peak } = remeasure(bench.tools, copy);
    errors.push(Math.abs(lufs - TARGET));
    peaks.push(peak);
    const how = facts.rendition.isLimited ? 'limited' : 'plain gain';
    say(
      `  ${kind.padEnd(10)} ${fixed(facts.loudnessLufs, 1)} to ${fixed(lufs, 2)} LUFS, ${fixed(peak, 2)} dBTP, ${how}`,
    );
  }
  return [
    figure('music.copy off its target at worst', Math.max(...errors), ['<=', GOALS.errorLu, 'LU']),
    figure('music.true peak of a copy at worst', Math.max(...peaks), ['<=', GOALS.peakDb, 'dBTP']),
  ];
}

/** Where one of the two is on this machine. They give no peaks and no silence. */
async function besideScanner({ tools, track }: Bench): Promise<readonly Figure[]> {
  const scanners = { loudgain: ['-q', track], rsgain: ['custom', '-q', '-t', track] };
  const format = FORMATS.mp3;
  const probed = await probe({ file: track, format, tools, signal: null });
  const figures: Figure[] = [];
  for (const [name, args] of Object.entries(scanners)) {
    const program = (process.env['PATH'] ?? '')
      .split(path.delimiter)
      .map((one) => path.join(one, name))
      .find(existsSync);
    if (program === undefined) continue;
    const took: { readonly own: number[]; readonly theirs: number[] } = { own: [], theirs: [] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const began = performance.now();
      await analyse({ file: track, format, probed, tools, signal: null, onShare: () => undefined });
      const between = performance.now();
      execFileSync(program, args, { stdio: 'ignore' });
      took.own.push(between - began);
      took.theirs.push(performance.now() - between);
    }
    // The first turn warms both up.
    const ratio = median(took.own.slice(1)) / median(took.theirs.slice(1));
    figures.push(figure(`music.analysis to ${name}, wall`, ratio, ['<=', GOALS.otherScanner, 'ratio']));
  }
  if (figures.length === 0) say('\nNeither loudgain nor rsgain is on this machine: the analysis is not compared.');
  return figures;
}
