import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run, type Job } from '../../edge-node/music/run.ts';
import { findTools, wrapping } from '../../edge-node/music/tools.ts';
import { toolsHere } from './sounds.ts';

const SHELL: Job = { program: '/bin/sh', args: [], wrap: [], wallMs: 20_000, outputBytesMax: 1_000, signal: null };

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'clubops-run-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** One that has ended and that nobody has asked after is no more alive. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

describe('a program that is run', () => {
  test('gets its words as they are, and no variable of ours', async () => {
    const words = ['-c', 'printf "%s|" "$@" "$CLUBOPS_SECRET"', 'sh', '$(id)', '; rm -rf x', 'a b'];
    process.env['CLUBOPS_SECRET'] = 'secret';
    onTestFinished(() => void delete process.env['CLUBOPS_SECRET']);
    const { output, code } = await run({ ...SHELL, args: words });
    expect([code, output.toString()]).toEqual([0, '$(id)|; rm -rf x|a b||']);
  });

  test.runIf(existsSync('/proc/self/autogroup'))(
    'stands behind everybody else, with its whole session (where Linux shares by session)',
    async () => {
      const look = 'until grep "nice 19" /proc/self/autogroup; do sleep 0.05; done';
      const { output } = await run({ ...SHELL, args: ['-c', look] });
      expect(output.toString()).toMatch(/nice 19$/m);
    },
  );

  test('is killed with all that it started when its time is over', async () => {
    const { killed, output } = await run({ ...SHELL, args: ['-c', 'sleep 60 & echo $!; wait'], wallMs: 300 });
    expect(killed).toBe('time');
    expect(isAlive(Number(output.toString()))).toBe(false);
  });

  test('is killed when it says too much, and keeps no more than that', async () => {
    const { killed, output } = await run({ ...SHELL, program: '/usr/bin/yes' });
    expect([killed, output.length]).toEqual(['output', 1_000]);
  });

  test('is killed when it is told to stop', async () => {
    const stop = new AbortController();
    const ended = run({
      ...SHELL,
      args: ['-c', 'echo on; sleep 60'],
      signal: stop.signal,
      vessel: { room: () => new Uint8Array(16), filled: () => stop.abort() },
    });
    expect((await ended).killed).toBe('stopped');
  });

  test('may complain without end, and is still heard out', async () => {
    const { code, complaint } = await run({ ...SHELL, args: ['-c', 'yes no | head -c 3000000 >&2; echo done'] });
    expect([code, complaint.length]).toEqual([0, 64 * 1024]);
  });

  test('may end before it has read what it is fed', async () => {
    const input = Array.from({ length: 64 }, () => new Uint8Array(65_536));
    expect((await run({ ...SHELL, args: ['-c', 'exit 3'], input })).code).toBe(3);
  });

  test('cannot write more than it may, and has no network', async () => {
    const tools = toolsHere();
    const file = path.join(folder(), 'big');
    const big = await run({
      ...SHELL,
      wrap: wrapping(tools, 4096),
      args: ['-c', `head -c 1000000 /dev/zero > ${file}`],
    });
    const size = existsSync(file) ? statSync(file).size : 0;
    expect(tools.prlimit === null || (big.code !== 0 && size <= 4096)).toBe(true);
    const { output } = await run({ ...SHELL, wrap: wrapping(tools, 0), args: ['-c', 'cat /proc/net/route | wc -l'] });
    expect(tools.unshare === null || Number(output.toString()) <= 1).toBe(true);
  });
});

describe('finding ffmpeg', () => {
  function fake(where: string, name: string): string {
    const file = path.join(where, name);
    writeFileSync(file, '#!/bin/sh\nexit 0\n');
    chmodSync(file, 0o755);
    return file;
  }

  test('what is named by the environment goes before what is embedded, and that before the path', () => {
    const [given, embedded, search] = [folder(), folder(), folder()];
    for (const where of [given, embedded, search]) for (const name of ['ffmpeg', 'ffprobe']) fake(where, name);
    const named = { CLUBOPS_FFMPEG: path.join(given, 'ffmpeg'), CLUBOPS_FFPROBE: path.join(given, 'ffprobe') };
    expect(findTools({ ...named, PATH: search }, { embedded })?.ffmpeg).toBe(path.join(given, 'ffmpeg'));
    expect(findTools({ PATH: search }, { embedded })?.ffprobe).toBe(path.join(embedded, 'ffprobe'));
    expect(findTools({ PATH: search })?.ffmpeg).toBe(path.join(search, 'ffmpeg'));
  });

  test('the packages that could be installed go before the path, and behind what is embedded', () => {
    const [packages, embedded, search] = [folder(), folder(), folder()];
    for (const where of [embedded, search]) for (const name of ['ffmpeg', 'ffprobe']) fake(where, name);
    for (const name of ['ffmpeg', 'ffprobe']) {
      const inside = path.join(packages, `${name}-static`);
      mkdirSync(inside);
      const program = JSON.stringify(fake(inside, name));
      // One of the two answers with its path, the other with an object that has it.
      const exported = name === 'ffmpeg' ? program : `{ path: ${program} }`;
      writeFileSync(path.join(inside, 'index.js'), `module.exports = ${exported};`);
    }
    const module = JSON.stringify(new URL('../../edge-node/music/tools.ts', import.meta.url).href);
    const found = (options: object): unknown => {
      const asked = `findTools({ PATH: ${JSON.stringify(search)} }, ${JSON.stringify(options)})`;
      const code = `const { findTools } = await import(${module}); console.log(JSON.stringify(${asked}));`;
      const env = { ...process.env, NODE_PATH: packages };
      return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' }));
    };
    expect(found({})).toMatchObject({
      ffmpeg: path.join(packages, 'ffmpeg-static', 'ffmpeg'),
      ffprobe: path.join(packages, 'ffprobe-static', 'ffprobe'),
    });
    expect(found({ embedded })).toMatchObject({ ffmpeg: path.join(embedded, 'ffmpeg') });
  });

  test('without one of the two there is none, also where a name that was given leads nowhere', () => {
    const search = folder();
    fake(search, 'ffmpeg');
    expect(findTools({ PATH: search })).toBeNull();
    fake(search, 'ffprobe');
    expect(findTools({ PATH: search })).not.toBeNull();
    expect(findTools({ PATH: search, CLUBOPS_FFMPEG: path.join(search, 'gone') })).toBeNull();
  });
});
