import path from 'node:path';

/** What a process did to a file, or the key of a command that it answered. */
export type Step =
  | { readonly call: 'write'; readonly file: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly call: 'truncate'; readonly file: string; readonly size: number }
  | { readonly call: 'sync'; readonly file: string }
  | { readonly call: 'answer'; readonly key: string };

const FILES = new Set(['club.db', 'club.db-wal']);
const CALL = /^(\w+)\((\d+)<([^>]*)>(?:, "((?:\\x[0-9a-f]{2})*)")?(?:, (\d+))?(?:, (\d+))?\)\s+= (-?\d+)/;

/** Reads what `strace -y -xx` wrote of one thread. Throws where a call on the database is none that it knows, or failed. */
export function readTrace(text: string): readonly Step[] {
  return text.split('\n').flatMap((line) => {
    const isOurs = [...FILES].some((name) => line.includes(`/${name}>`));
    const call = CALL.exec(line);
    if (!call) {
      if (isOurs && !line.startsWith('---')) throw new Error(`This call is not understood: ${line.slice(0, 200)}`);
      return [];
    }
    const [, name = '', fd = '', target = '', hex = '', first = '', second = '', result = ''] = call;
    const bytes = Buffer.from(hex.replaceAll('\\x', ''), 'hex');
    if (name === 'write' && fd === '1') {
      return bytes
        .toString('utf8')
        .split('\n')
        .filter((key) => key !== '')
        .map((key) => ({ call: 'answer', key }) as const);
    }
    const file = path.basename(unescaped(target));
    if (!FILES.has(file)) return [];
    if (Number(result) < 0) throw new Error(`A call failed: ${line.slice(0, 200)}`);
    return [stepOf(name, { file, bytes, first: Number(first), second: Number(second), result: Number(result) })];
  });
}

type Seen = {
  readonly file: string;
  readonly bytes: Buffer;
  readonly first: number;
  readonly second: number;
  readonly result: number;
};

function stepOf(name: string, { file, bytes, first, second, result }: Seen): Step {
  if (name === 'pwrite64') return { call: 'write', file, offset: second, bytes: bytes.subarray(0, result) };
  if (name === 'fsync' || name === 'fdatasync') return { call: 'sync', file };
  if (name === 'ftruncate') return { call: 'truncate', file, size: first };
  throw new Error(`A database is not written by ${name}.`);
}

/** With `-xx` strace writes paths as bytes, too. */
function unescaped(target: string): string {
  return target.replaceAll(/\\x([0-9a-f]{2})/g, (_all, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}
