import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { assert } from '#shared/kit/assert.ts';
import type { Assets } from './assets.ts';
import { readIfThere, writeWhole } from './whole-file.ts';

const ADDON = 'native/better_sqlite3.node';

/**
 * The single binary carries SQLite's addon inside: it is unpacked once under its own hash, whole or not at all, and
 * checked at every start. Null in a checkout, where the package finds its own. The folder must not be mounted noexec.
 */
export function sqliteBinding(assets: Assets, runtimeFolder: string): object | null {
  if (assets.home === 'checkout') return null;
  const addon = assets.read(ADDON);
  assert(addon !== null, 'the binary carries the SQLite addon');
  const folder = path.join(runtimeFolder, hash('sha256', addon, 'hex').slice(0, 16));
  const file = path.join(folder, 'better_sqlite3.node');
  if (!readIfThere(file)?.equals(addon)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeWhole(file, addon);
  }
  return createRequire(process.execPath)(file) as object;
}
