import path from 'node:path';
import process from 'node:process';
import { backlog } from './backlog.ts';
import { commandLayer } from './command-layer.ts';
import { draining } from './draining.ts';
import { say, show, type Figure } from './figure.ts';
import { inspection } from './inspection.ts';
import { joining } from './joining.ts';
import { keeping } from './keeping.ts';
import { musicFloor } from './music-floor.ts';
import { corpusRows } from './music-corpus.ts';
import { music } from './music.ts';
import { screens } from './screens.ts';
import { uplink } from './uplink.ts';
import { writePath } from './write-path.ts';

type Bench = () => Promise<readonly Figure[]>;
const BENCHES: Readonly<Record<string, readonly Bench[]>> = {
  'write-path': [writePath, commandLayer, screens, uplink],
  'command-layer': [commandLayer],
  screens: [screens],
  uplink: [uplink],
  sync: [backlog, draining, keeping, joining],
  backlog: [backlog],
  draining: [draining],
  keeping: [keeping],
  joining: [joining],
  inspection: [inspection],
  music: [music, musicFloor],
  'music-floor': [musicFloor],
};

/** `npm run bench -- NAME… [--json]`: readable lines, then the figures; with --json the last line is one JSON array. */
async function main(words: readonly string[]): Promise<void> {
  const at = words.indexOf('--corpus');
  if (at >= 0) return corpus(words[at + 1] ?? '', words.includes('--json'));
  const names = words.filter((word) => !word.startsWith('--'));
  const benches = names.flatMap((name) => BENCHES[name] ?? []);
  if (benches.length === 0 || names.some((name) => !(name in BENCHES)))
    throw new Error(`Name what to measure: ${Object.keys(BENCHES).join(', ')}`);
  const figures: Figure[] = [];
  for (const bench of new Set(benches)) figures.push(...(await bench()));
  say('');
  for (const one of figures) say(show(one));
  if (words.includes('--json')) say(JSON.stringify(figures));
  process.exitCode = figures.every(({ ok }) => ok) ? 0 : 1;
}

/** `npm run bench -- music --corpus DIR [--json]`: a row for each file of DIR's manifest. */
async function corpus(folder: string, isJson: boolean): Promise<void> {
  const rows = await corpusRows(path.resolve(folder));
  say(`${rows.filter(({ ok }) => ok).length} of ${rows.length} rows are right`);
  if (isJson) say(JSON.stringify(rows));
  process.exitCode = rows.length > 0 && rows.every(({ ok }) => ok) ? 0 : 1;
}

await main(process.argv.slice(2));
