import { expect, test } from 'vitest';
import { askForTags } from '../../edge-node/music/tag-reader.ts';
import { toolsHere } from './sounds.ts';

/** A reader that answers each line with its own process and how many it had, unless a file's name says otherwise. */
const SCRIPT = String.raw`
  n=0
  while read -r line; do
    n=$((n+1))
    case "$line" in
      *die*) exit 1;;
      *second*) [ $n -gt 1 ] && exit 1;;
      *late*) sleep 60;;
      *talk*) yes;;
      *twice*) echo "[0,[0,0]]";;
      *much*) yes '[' | tr -d '\n';;
    esac
    nr=$(echo "$line" | tr -d '[' | cut -d, -f1)
    echo "[$nr,[$$,$n]]"
  done`;
const tools = { ...toolsHere(), tagReader: ['/bin/sh', '-c', SCRIPT] };

async function ask(file: string, signal: AbortSignal | null = null): Promise<readonly number[] | null> {
  const answer = await askForTags(tools, { file, mime: 'audio/mpeg', signal });
  return answer as readonly number[] | null;
}

test('one process reads one file after the other, also where they are asked for at once', async () => {
  const [first, second, third] = await Promise.all(['a', 'b', 'c'].map((file) => ask(file)));
  const [pid = 0, nr = 0] = first ?? [];
  expect([second, third]).toEqual([
    [pid, nr + 1],
    [pid, nr + 2],
  ]);
});

test('a file that it dies of has no tags, and the next one is read', async () => {
  const [pid] = (await ask('a')) ?? [];
  expect(await ask('die')).toBeNull();
  const after = await ask('b');
  expect(after?.[1]).toBe(1);
  expect(after?.[0]).not.toBe(pid);
});

test('what dies of the file before is asked once more', async () => {
  await ask('a');
  expect((await ask('second'))?.[1]).toBe(1);
});

test.each(['talk', 'much'])('one that talks without end is killed, and says nothing (%s)', async (file) => {
  expect(await ask(file)).toBeNull();
  expect((await ask('a'))?.[1]).toBe(1);
});

test('an answer to another question counts for none', async () => {
  const [pid, nr = 0] = (await ask('a')) ?? [];
  expect(await ask('twice')).toEqual([pid, nr + 1]);
  expect(await ask('b')).toEqual([pid, nr + 2]);
});

test('one that is told to stop says nothing', async () => {
  const stop = new AbortController();
  await ask('a');
  const asked = ask('late', stop.signal);
  setTimeout(() => stop.abort(), 50);
  expect(await asked).toBeNull();
  expect((await ask('b'))?.[1]).toBe(1);
});
