import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CopyWanted } from '#shared/domain/track-events.ts';
import type { Facts, Rendition } from './facts.ts';
import type { Home } from './home.ts';

/** Which playable copies are as the club wants them, and which are to be made again. */
export type Copies = {
  /** Null until somebody said it. */
  readonly wanted: () => CopyWanted | null;
  /** Looks at every copy anew where something else is wanted than before. */
  readonly want: (wanted: CopyWanted) => void;
  /** A track that is there, as its facts have it. */
  readonly put: (facts: Track) => void;
  /** A track whose copy is to be made now, until one of the three below is told. */
  readonly next: () => string | null;
  readonly done: (facts: Track) => void;
  /** It can't be made; it is tried again after a start, or where something else is wanted. */
  readonly fail: (sha256: string) => void;
  readonly putBack: (sha256: string) => void;
  readonly left: () => number;
  readonly failed: () => number;
};

type Track = Pick<Facts, 'sha256' | 'rendition'>;

export function openCopies(home: Home): Copies {
  const made = new Map<string, Rendition>();
  const queue = new Set<string>();
  const failed = new Set<string>();
  const making = new Map<string, CopyWanted>();
  let wanted: CopyWanted | null = null;
  const judge = (sha256: string, rendition: Rendition): void => {
    if (wanted === null || making.has(sha256)) return;
    failed.delete(sha256);
    if (isAsWanted(home, sha256, rendition, wanted)) queue.delete(sha256);
    else queue.add(sha256);
  };
  const put = ({ sha256, rendition }: Track): void => {
    made.set(sha256, rendition);
    judge(sha256, rendition);
  };
  return {
    put,
    wanted: () => wanted,
    want: (now) => {
      if (wanted?.targetLufs === now.targetLufs && wanted.copy === now.copy) return;
      if (wanted === null) dropOthers(home, made);
      wanted = now;
      failed.clear();
      for (const [sha256, rendition] of made) judge(sha256, rendition);
    },
    done: (facts) => {
      const { sha256, rendition } = facts;
      const before = made.get(sha256);
      making.delete(sha256);
      if (before && before.copy !== rendition.copy) rmSync(home.rendition(sha256, before.copy), { force: true });
      put(facts);
    },
    next: () => {
      const [sha256 = null] = queue;
      if (sha256 === null || wanted === null) return null;
      queue.delete(sha256);
      making.set(sha256, wanted);
      return sha256;
    },
    fail: (sha256) => {
      if (making.get(sha256) === wanted) failed.add(sha256);
      else queue.add(sha256);
      making.delete(sha256);
    },
    putBack: (sha256) => {
      making.delete(sha256);
      queue.add(sha256);
    },
    left: () => queue.size + making.size,
    failed: () => failed.size,
  };
}

function isAsWanted(home: Home, sha256: string, { targetLufs, copy, bytes }: Rendition, wanted: CopyWanted): boolean {
  if (targetLufs !== wanted.targetLufs || copy !== wanted.copy) return false;
  return statSync(home.rendition(sha256, copy), { throwIfNoEntry: false })?.size === bytes;
}

/** A kill between two kinds of a copy leaves both: the one that the facts name is the track's. */
function dropOthers(home: Home, made: ReadonlyMap<string, Rendition>): void {
  const folder = path.dirname(home.rendition('x'));
  for (const name of readdirSync(folder)) {
    const sha256 = path.parse(name).name;
    const rendition = made.get(sha256);
    if (rendition && name !== path.basename(home.rendition(sha256, rendition.copy)))
      rmSync(path.join(folder, name), { force: true });
  }
}
