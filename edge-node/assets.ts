import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readIfThere } from './whole-file.ts';

/**
 * Files of the program itself: migrations and the built web app. In the single binary they lie inside it,
 * in a checkout beside this file. Keys are paths from the project's top, with slashes.
 */
export type Assets = {
  readonly read: (key: string) => Buffer | null;
  /** Which of the two homes it is. */
  readonly home: 'binary' | 'checkout';
};

type SingleExecutable = { isSea(): boolean; getRawAsset(key: string): ArrayBuffer; getAssetKeys(): string[] };

export function openAssets(): Assets {
  const sea = createRequire(process.execPath)('node:sea') as SingleExecutable;
  if (!sea.isSea()) return checkoutAssets();
  const keys = new Set(sea.getAssetKeys());
  return { home: 'binary', read: (key) => (keys.has(key) ? Buffer.from(sea.getRawAsset(key)) : null) };
}

function checkoutAssets(): Assets {
  const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  return {
    home: 'checkout',
    read: (key) => readIfThere(path.join(top, key)),
  };
}
