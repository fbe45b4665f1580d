import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { HOUSE_RULES, type Source } from './house-rules.ts';

const top = path.resolve(import.meta.dirname, '..');
const OUTSIDE = new Set(['node_modules', 'dist', '.git', '.types', '.cache', '.data']);
const CARD = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'edge-node',
  'control-plane',
  'shared',
  'installer',
  'tests',
  'README.md',
  'LICENSE',
];

function filesIn(folder: string): readonly string[] {
  return readdirSync(path.join(top, folder), { withFileTypes: true })
    .filter(({ name }) => !OUTSIDE.has(name))
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(path.join(folder, entry.name)) : [path.join(folder, entry.name)],
    );
}

const sources: readonly Source[] = filesIn('')
  .filter((file) => /\.(ts|tsx|mjs|md|css|html|sql|json)$/.test(file) && !file.endsWith('package-lock.json'))
  .map((file) => ({ path: file.split(path.sep).join('/'), text: readFileSync(path.join(top, file), 'utf8') }));

describe('house rules', () => {
  for (const { rule, breaches, breach } of HOUSE_RULES) {
    test(`${rule}`, () => expect(breaches(sources)).toEqual([]));
    test(`a breach is found: ${rule}`, () => expect(breaches([breach])).toEqual([breach.path]));
  }
});

test('the top level is the card and nothing else', () => {
  const names = readdirSync(top).filter((name) => !name.startsWith('.') && !OUTSIDE.has(name));
  expect(names.filter((name) => !CARD.includes(name))).toEqual([]);
});

test('every version is exact', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(path.join(top, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>;
  const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[a-z0-9.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('the lockfile names no host', () => {
  expect(readFileSync(path.join(top, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/);
});

test('the map in the README names every folder that is there', () => {
  const readme = readFileSync(path.join(top, 'README.md'), 'utf8');
  const folders = ['shared', 'edge-node', 'control-plane', 'installer', 'tests'].flatMap((program) =>
    readdirSync(path.join(top, program), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${program}/${name}`),
  );
  expect(folders.filter((folder) => !readme.includes(`\`${folder}\``))).toEqual([]);
});

test('nothing is tracked that a program made', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: top, encoding: 'utf8' }).split('\n');
  expect(
    tracked.filter((file) => /^(dist|node_modules|\.types|\.cache|\.data)\/|\.(db|db-wal|db-shm|pem|key)$/.test(file)),
  ).toEqual([]);
});
