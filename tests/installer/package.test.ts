import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { LIVE_PATH, type ServerFrame } from '#shared/contract/live.ts';
import { isStale } from '../../installer/package/freshness.ts';
import { BINARY, SOURCES } from '../../installer/package/main.ts';
import { pairTablet } from '../support/tablet.ts';

const run = promisify(execFile);
const top = path.resolve(import.meta.dirname, '../..');
const OWNER = { name: 'Olga Owner', pin: '4711' };
const SET_UP = [
  'setup',
  '--name',
  'The Test Room',
  '--tz',
  'America/Denver',
  '--owner',
  OWNER.name,
  '--pin',
  OWNER.pin,
];

/** A folder with the binary and nothing else in it; no other program is in reach of what is started there. */
let alone: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  const sources = SOURCES.map((name) => path.join(top, name));
  if (isStale(path.join(top, BINARY), sources))
    await run(process.execPath, [path.join(top, 'installer/package/main.ts')], { cwd: top });
  alone = mkdtempSync(path.join(tmpdir(), 'clubops-alone-'));
  copyFileSync(path.join(top, BINARY), path.join(alone, 'clubops'));
  mkdirSync(path.join(alone, 'nothing'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(alone, { recursive: true, force: true }));

function bare(more: Readonly<Record<string, string>>): { readonly cwd: string; readonly env: Record<string, string> } {
  return { cwd: alone, env: { PATH: path.join(alone, 'nothing'), ...more } };
}

function clubops(args: readonly string[], env: Readonly<Record<string, string>>): Promise<{ readonly stdout: string }> {
  return run(path.join(alone, 'clubops'), args, bare(env));
}

type Served = { readonly url: string; readonly code: string; readonly stop: () => Promise<number | null> };

/** `clubops serve` as it stands on a shell; ready when it has printed its address. */
async function serve(env: Readonly<Record<string, string>>): Promise<Served> {
  const child = spawn(path.join(alone, 'clubops'), ['serve'], {
    ...bare({ CLUBOPS_PORT: '0', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const said = await new Promise<string>((resolve, reject) => {
    let text = '';
    const hear = (part: Buffer): void => {
      text += part.toString();
      if (text.includes('\n') && text.includes('http://')) resolve(text);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`serve stopped with ${code}: ${text}`)));
  });
  const stop = async (): Promise<number | null> => {
    const exited = once(child, 'exit') as Promise<[number | null]>;
    child.kill('SIGTERM');
    return (await exited)[0];
  };
  return {
    url: /http:\/\/[\d.]+:\d+/.exec(said)?.[0] ?? '',
    code: /pair the first device with ([A-Z2-9]{8})/.exec(said)?.[1] ?? '',
    stop,
  };
}

test('the binary says its version', async () => {
  expect((await clubops(['--version'], {})).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('alone in a folder it serves the page with all its files, out of itself', async () => {
  const { url, stop } = await serve({ CLUBOPS_DATA: 'page' });
  expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: 'ok' });
  const page = await (await fetch(url)).text();
  const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const answer = await fetch(`${url}${file}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/javascript|css/)]);
    expect((await answer.text()).length).toBeGreaterThan(100);
  }
  expect(await (await fetch(`${url}/api/v1/openapi.json`)).json()).toMatchObject({
    info: { title: 'ClubOps edge node' },
  });
  await stop();
});

test('from an empty folder to a screen: set up, pair, sign in, and the floor comes over the live socket', async () => {
  await clubops(SET_UP, { CLUBOPS_DATA: 'club' });
  const { url, code, stop } = await serve({ CLUBOPS_DATA: 'club' });
  const tablet = await pairTablet(url, { code, ...OWNER });
  await tablet.must('room.add', { name: 'VIP 1' });
  const frame = await snapshot(url, tablet.token);
  expect(frame.rows).toContainEqual([
    'club',
    'club',
    expect.objectContaining({ name: 'The Test Room', tz: 'America/Denver' }),
  ]);
  expect(frame.rows).toContainEqual([
    'room',
    expect.any(String),
    expect.objectContaining({ name: 'VIP 1', state: 'AVAILABLE' }),
  ]);
  expect(await stop()).toBe(0);

  const { stdout } = await clubops(['verify', '--replay', '--json'], { CLUBOPS_DATA: 'club' });
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ ok: true, events: frame.seq });
});

test('SIGTERM ends it with 0, and the database is whole and migrated', async () => {
  const { stop } = await serve({ CLUBOPS_DATA: 'stopped' });
  expect(await stop()).toBe(0);
  const files = readdirSync(path.join(alone, 'stopped'));
  expect(files).toContain('club.db');
  expect(files).not.toContain('club.db-wal');
  const database = new Database(path.join(alone, 'stopped', 'club.db'));
  expect(database.pragma('user_version', { simple: true })).toBeGreaterThan(0);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
});

test('a club is set up once, and a time zone that is none is refused in words', async () => {
  await clubops(SET_UP, { CLUBOPS_DATA: 'once' });
  await expect(clubops(SET_UP, { CLUBOPS_DATA: 'once' })).rejects.toMatchObject({
    code: 1,
    stderr: 'The club is set up already.\n',
  });
  const elsewhere = SET_UP.with(SET_UP.indexOf('America/Denver'), 'America/Nowhere');
  await expect(clubops(elsewhere, { CLUBOPS_DATA: 'zone' })).rejects.toMatchObject({
    code: 1,
    stderr: 'There is no such time zone.\n',
  });
});

test('a second node on the same folder is refused', async () => {
  await serve({ CLUBOPS_DATA: 'held' });
  await expect(clubops(['serve', '--port', '0'], { CLUBOPS_DATA: 'held' })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('already runs'),
  });
});

test('an unpacked addon that was damaged is put right', async () => {
  await clubops(SET_UP, { CLUBOPS_DATA: 'damaged' });
  const runtime = path.join(alone, 'damaged', 'runtime');
  const [addon] = readdirSync(runtime, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.node'));
  writeFileSync(path.join(runtime, addon ?? ''), 'not a library');
  const { stop } = await serve({ CLUBOPS_DATA: 'damaged' });
  expect(await stop()).toBe(0);
});

test('NODE_OPTIONS can not put code into it', async () => {
  const script = path.join(alone, 'inject.cjs');
  const mark = path.join(alone, 'injected');
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`);
  await clubops(['--version'], { NODE_OPTIONS: `--require ${script}` });
  expect(existsSync(mark)).toBe(false);
  await run(process.execPath, ['--eval', '0'], bare({ NODE_OPTIONS: `--require ${script}` }));
  expect(existsSync(mark)).toBe(true);
});

async function snapshot(url: string, token: string): Promise<ServerFrame & { readonly f: 'snapshot' }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${LIVE_PATH}`);
  await once(socket, 'open');
  socket.send(JSON.stringify({ f: 'hello', token, since: null }));
  const [data] = (await once(socket, 'message')) as [Buffer];
  socket.terminate();
  const frame = JSON.parse(inflateRawSync(data).toString('utf8')) as ServerFrame;
  if (frame.f !== 'snapshot') throw new Error(`The first frame is ${frame.f}.`);
  return frame;
}
