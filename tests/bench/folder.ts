import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const TMPFS = 0x01021994;

/** A new folder on a real disk, which PostgreSQL's user may pass through: in memory an fsync would cost nothing. */
export function diskFolder(): { readonly path: string; readonly remove: () => void } {
  const cache = path.resolve(import.meta.dirname, '../../.cache');
  const within = statfsSync(tmpdir()).type === TMPFS ? cache : tmpdir();
  mkdirSync(within, { recursive: true });
  const folder = mkdtempSync(path.join(within, 'clubops-bench-'));
  chmodSync(folder, 0o711);
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
