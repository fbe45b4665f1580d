import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { CopyKind } from '#shared/domain/track-events.ts';

/**
 * The folder in which the music of a club lies. A track's facts are written last, so whatever has no facts is not there yet:
 * a kill at any moment leaves at most files without facts, which the same ingest takes up again.
 */
export type Home = {
  readonly folder: string;
  /** The file as the DJ gave it, under its hash. */
  readonly original: (sha256: string) => string;
  /** The playable copy; `aac` where no kind is named. */
  readonly rendition: (sha256: string, copy?: CopyKind) => string;
  /** Two signed bytes (lowest and highest) for each fiftieth of a second, for the waveform. */
  readonly peaks: (sha256: string) => string;
  readonly facts: (sha256: string) => string;
  /** A new name for a file that is being made; the next start removes what stays there. */
  readonly aside: (what: string) => string;
};

const FOLDERS = ['originals', 'renditions', 'peaks', 'tracks', 'aside'] as const;

const ENDS: Readonly<Record<CopyKind, string>> = { aac: 'm4a', flac: 'flac' };

/** Makes the folders that are not there. */
export function openHome(folder: string): Home {
  for (const name of FOLDERS) mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
  return {
    folder,
    original: (sha256) => path.join(folder, 'originals', sha256),
    rendition: (sha256, copy = 'aac') => path.join(folder, 'renditions', `${sha256}.${ENDS[copy]}`),
    peaks: (sha256) => path.join(folder, 'peaks', sha256),
    facts: (sha256) => path.join(folder, 'tracks', `${sha256}.json`),
    aside: (what) => path.join(folder, 'aside', `${what}-${randomUUID()}`),
  };
}

/**
 * Removes what a killed ingest left: files that were being made, and whatever belongs to no track. Only for a moment when nothing
 * is being ingested.
 */
export function sweep(home: Home): void {
  for (const name of FOLDERS.filter((folder) => folder !== 'tracks')) {
    for (const file of readdirSync(path.join(home.folder, name))) {
      const isTracks = name !== 'aside' && existsSync(home.facts(path.parse(file).name));
      if (!isTracks) rmSync(path.join(home.folder, name, file), { force: true });
    }
  }
}
