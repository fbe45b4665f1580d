import { open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Sqlite } from '../db/open.ts';
import { replaceFile } from './segment-writer.ts';

export const KEYS_FILE = 'keys.ndjson';
/** Subject to its data key, wrapped by the club's key (base64). */
export type WrappedKeys = ReadonlyMap<string, string>;

/** The mirror's data keys: without them a restored history could not be read. */
export type KeyCopy = {
  /** Makes the file say what the table says. A key that was destroyed is gone from it, and from what was put aside, too. */
  readonly bringUp: () => Promise<void>;
  /** False where there are more or fewer keys than the file has: one was destroyed, say. */
  readonly isUpToDate: () => boolean;
};
type Row = { readonly subject: string; readonly wrapped: Buffer };

export function openKeyCopy(folder: string, sqlite: Sqlite): KeyCopy {
  const file = path.join(folder, KEYS_FILE);
  const all = sqlite.prepare<[], Row>('SELECT subject, wrapped FROM data_key ORDER BY subject');
  const count = sqlite.prepare<[], number>('SELECT count(*) FROM data_key').pluck();
  let known: WrappedKeys = new Map();
  return {
    isUpToDate: () => count.get() === known.size,
    bringUp: async () => {
      const wanted = new Map(all.all().map(({ subject, wrapped }) => [subject, wrapped.toString('base64')]));
      const { keys: there, isWhole } = keysIn(await textOf(file));
      const destroyed = [...there.keys()].filter((subject) => !wanted.has(subject));
      if (destroyed.length > 0) await destroyAside(folder, new Set(destroyed));
      const fits = isWhole && [...there].every(([subject, wrapped]) => wanted.get(subject) === wrapped);
      const missing = new Map([...wanted].filter(([subject]) => !there.has(subject)));
      if (!fits || (there.size === 0 && missing.size > 0)) await replaceFile(file, textFor(wanted));
      else if (missing.size > 0) await append(file, textFor(missing));
      known = wanted;
    },
  };
}

async function append(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Where a mirror's own keys lie in folders of what was put aside. */
async function destroyAside(folder: string, destroyed: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.startsWith(ASIDE)) continue;
    const file = path.join(folder, entry.name, KEYS_FILE);
    const { keys } = keysIn(await textOf(file));
    const left = new Map([...keys].filter(([subject]) => !destroyed.has(subject)));
    if (left.size < keys.size) await replaceFile(file, textFor(left));
  }
}

/** Folders in the mirror with what did not join. */
export const ASIDE = 'aside-';

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function textFor(keys: WrappedKeys): string {
  return [...keys].map(([subject, wrapped]) => `${JSON.stringify({ subject, wrapped })}\n`).join('');
}

/** The last line of a subject counts. `isWhole` is false where a line is torn or none of ours. */
export function keysIn(text: string): { readonly keys: WrappedKeys; readonly isWhole: boolean } {
  const keys = new Map<string, string>();
  const lines = text.split('\n');
  const last = lines.pop();
  let isWhole = last === '';
  for (const line of lines) {
    const key = keyIn(line);
    if (key) keys.set(key.subject, key.wrapped);
    else isWhole = false;
  }
  return { keys, isWhole };
}

function keyIn(line: string): { readonly subject: string; readonly wrapped: string } | null {
  try {
    const key = JSON.parse(line) as { readonly subject?: unknown; readonly wrapped?: unknown } | null;
    const { subject, wrapped } = key ?? {};
    return typeof subject === 'string' && typeof wrapped === 'string' ? { subject, wrapped } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
