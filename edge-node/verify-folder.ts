import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openAssets } from './assets.ts';
import { openDatabase } from './db/open.ts';
import { openHistory } from './log/history.ts';
import { replayHistory, type Difference } from './log/replay.ts';
import { verifyFiles } from './log/verify-files.ts';
import { verifyHistory, type Verdict } from './log/verify.ts';
import { sqliteBinding } from './sqlite-binding.ts';

export type Finding = Verdict | { readonly ok: false; readonly difference: Difference };

/**
 * Judges the history in a data folder by its files alone, whether a node runs on it or not; or the one in segments: a
 * mirror's folder, or a single file of them. Writes nothing there.
 */
export function verifyFolder(
  folder: string,
  { replay, runtime }: { readonly replay: boolean; readonly runtime: string | null },
): Finding {
  const file = databaseIn(folder);
  return file === null ? judgeFiles(folder, replay) : judgeDatabase(file, { replay, runtime });
}

function judgeFiles(place: string, replay: boolean): Finding {
  const verdict = existsSync(place) ? verifyFiles(place, null) : null;
  if (verdict === null) throw new Error(`There is no club's history in ${place}.`);
  if (replay) throw new Error('Only a database has tables that the log could be compared with.');
  return verdict;
}

function judgeDatabase(
  file: string,
  { replay, runtime }: { readonly replay: boolean; readonly runtime: string | null },
): Finding {
  const scratch = mkdtempSync(path.join(tmpdir(), 'clubops-verify-'));
  try {
    const assets = openAssets();
    const binding = sqliteBinding(assets, runtime ?? scratch);
    const history = openHistory(file, { binding, scratch });
    try {
      const verdict = verifyHistory(history.sqlite);
      if (!verdict.ok || !replay) return verdict;
      const fresh = openDatabase(path.join(scratch, 'replay.db'), assets, binding);
      try {
        const difference = replayHistory(history.sqlite, fresh);
        return difference === null ? verdict : { ok: false, difference };
      } finally {
        fresh.sqlite.close();
      }
    } finally {
      history.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A folder of a whole ClubOps, box and cloud, has the box's in `edge`. */
function databaseIn(folder: string): string | null {
  const places = [folder, path.join(folder, 'edge')].map((place) => path.join(place, 'club.db'));
  return places.find((file) => existsSync(file)) ?? null;
}
