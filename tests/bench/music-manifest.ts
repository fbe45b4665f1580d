import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Facts } from '../../edge-node/music/facts.ts';
import { keyName, readKey } from '../../edge-node/music/key-name.ts';
import { shown } from '../../edge-node/music/names.ts';

/** A line of a corpus's MANIFEST.tsv: what a right ingest does with one file. An empty cell asserts nothing. */
export type Row = Readonly<Record<Column, string>>;
type Column = 'file' | 'expect' | 'code' | 'title' | 'artist' | 'album' | 'bpm' | 'key' | 'explicit' | 'duration_s';

const SECONDS_APART_MAX = 0.1;
const BPM_SHARE_APART_MAX = 0.02;

export function readManifest(corpus: string): readonly Row[] {
  const [head = '', ...lines] = readFileSync(path.join(corpus, 'MANIFEST.tsv'), 'utf8').split('\n');
  const names = head.split('\t');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split('\t');
      const cell = (name: Column): string => unescaped(cells[names.indexOf(name)] ?? '');
      return {
        file: cell('file'),
        expect: cell('expect'),
        code: cell('code'),
        title: cell('title'),
        artist: cell('artist'),
        album: cell('album'),
        bpm: cell('bpm'),
        key: cell('key'),
        explicit: cell('explicit'),
        duration_s: cell('duration_s'),
      };
    });
}

function unescaped(cell: string): string {
  const plain: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
  return cell.replace(/\\(x([0-9a-f]{2})|[nrt\\])/gi, (all: string, letter: string, hex: string | undefined) =>
    hex === undefined ? (plain[letter] ?? all) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** What the manifest states of a track that was taken in, and the facts don't have, in words. */
export function differences(row: Row, facts: Facts): readonly string[] {
  const texts = (['title', 'artist', 'album'] as const).flatMap((name) => {
    const expected = shown(row[name]);
    const got = facts[name] ?? '';
    const isNote = /^\(.*\)$/.test(expected);
    return expected === '' || isNote || got === expected ? [] : [`${name} is ${got}, not ${expected}`];
  });
  return [
    ...texts,
    ...lengthDiffers(row, facts),
    ...beatDiffers(row, facts),
    ...keyDiffers(row, facts),
    ...adviceDiffers(row, facts),
  ];
}

function lengthDiffers({ duration_s: said }: Row, { seconds }: Facts): readonly string[] {
  const expected = Number.parseInt(said, 10) + Number(/\.\d+/.exec(said)?.[0] ?? 0);
  if (said === '' || Number.isNaN(expected)) return [];
  return Math.abs(seconds - expected) <= SECONDS_APART_MAX ? [] : [`it is ${seconds} s long, not ${expected}`];
}

/** `92 (or 184/46)` names three tempos; a value that no tempo can be is to be replaced by the analysis. */
function beatDiffers({ bpm: said }: Row, { bpm }: Facts): readonly string[] {
  const expected = (said.match(/\d+(\.\d+)?/g) ?? []).map(Number).filter((one) => one >= 40);
  if (expected.length === 0 || said.startsWith('(')) return [];
  const isNear = expected.some((one) => bpm !== null && Math.abs(bpm.value - one) <= one * BPM_SHARE_APART_MAX);
  return isNear ? [] : [`its tempo is ${bpm?.value ?? 'none'}, not ${said}`];
}

function keyDiffers({ key: said }: Row, { key }: Facts): readonly string[] {
  const expected = said
    .split(/[\s()]+|or/)
    .flatMap((one) => readKey(one) ?? [])
    .map(keyName);
  if (expected.length === 0 || (key !== null && expected.includes(key.value))) return [];
  return [`its key is ${key?.value ?? 'none'}, not ${said}`];
}

function adviceDiffers({ explicit: said }: Row, { explicit }: Facts): readonly string[] {
  return said === '' || said === explicit ? [] : [`it is ${explicit ?? 'neither'}, not ${said}`];
}
