import { hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { assert } from '#shared/kit/assert.ts';
import type { Assets } from './assets.ts';

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
  if (!isWhole(file, addon)) unpack(folder, file, addon);
  return createRequire(process.execPath)(file) as object;
}

function isWhole(file: string, addon: Buffer): boolean {
  try {
    return readFileSync(file).equals(addon);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function unpack(folder: string, file: string, addon: Buffer): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  const handle = openSync(aside, 'w', 0o600);
  try {
    writeFileSync(handle, addon);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(aside, file);
}
