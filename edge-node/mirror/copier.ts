import { stat } from 'node:fs/promises';
import { assert } from '#shared/kit/assert.ts';
import { headText } from '#shared/log/segment.ts';
import type { Sqlite } from '../db/open.ts';
import { limits } from '../limits.ts';
import { openMainline } from '../log/mainline.ts';
import { openKeyCopy } from './key-copy.ts';
import { openPages, type Page } from './page.ts';
import { openSegmentWriter } from './segment-writer.ts';
import { surveyMirror } from './survey.ts';

/** Writes the mirror, one call at a time. What can't be done is thrown, and then the mirror has to be left. */
export type Copier = {
  /** The last place on the mainline that is on the mirror's disk with all before it; null where that is not known. */
  readonly place: () => number | null;
  /** Finds that place. Answers a sentence where something was put aside. */
  readonly survey: () => Promise<string | null>;
  /** Adds what follows in the database, as much as one write takes. `keysMayBeNew` where it may speak of a new subject. */
  readonly write: (keysMayBeNew: boolean) => Promise<void>;
  /** Throws where the mirror's folder is gone. */
  readonly look: () => Promise<void>;
  /** The box's history is another one now, or its keys: what is there has to be surveyed again. */
  readonly forget: () => void;
  readonly leave: () => Promise<void>;
};
type Parts = {
  readonly folder: string;
  readonly apartFrom: string | null;
  readonly key: Buffer;
  readonly sqlite: Sqlite;
};

export function openCopier({ folder, apartFrom, key, sqlite }: Parts): Copier {
  const mainline = openMainline(sqlite);
  const writer = openSegmentWriter(folder);
  const keys = openKeyCopy(folder, sqlite);
  const nextPage = openPages(sqlite, key);
  let place: number | null = null;
  /** The log of the file that is open, and the highest number of any file. */
  let logId: string | null = null;
  let number = 0;
  let turn = 0;

  const headOf = ({ logId: id, seq }: Page): string => {
    const log = mainline.segments().find((each) => each.logId === id);
    assert(log !== undefined, 'a line that is mirrored is of a log of the mainline');
    const prev = mainline.hashAt(log, seq - 1);
    assert(prev !== null, 'a line that is mirrored stands on the mainline');
    return headText({ genesis: log.genesis, from: seq, prev });
  };

  return {
    place: () => place,
    survey: async () => {
      const mine = (turn += 1);
      await assertApart(folder, apartFrom);
      const { covered, resume, lastNumber, putAside } = await surveyMirror(folder, key, sqlite);
      await keys.bringUp();
      await (resume ? writer.resume(resume.number, resume.size) : writer.close());
      number = lastNumber;
      logId = resume?.logId ?? null;
      if (mine === turn) place = covered;
      return putAside;
    },
    write: async (keysMayBeNew) => {
      const mine = turn;
      assert(place !== null, 'what follows on a place is written');
      const page = nextPage(place);
      if (!page) return;
      const size = writer.size();
      const goesOn = page.logId === logId && size !== null && size + page.bytes.length <= limits.mirrorSegmentBytesMax;
      const head = goesOn ? null : headOf(page);
      if (keysMayBeNew || !keys.isUpToDate()) await keys.bringUp();
      if (head === null) await writer.append(page.bytes);
      else {
        await writer.begin((number += 1), Buffer.concat([Buffer.from(`${head}\n`), page.bytes]));
        logId = page.logId;
      }
      if (mine === turn) place = page.upto;
    },
    look: () => writer.look(),
    forget: () => {
      turn += 1;
      place = null;
    },
    leave: async () => {
      place = null;
      // A disk that is gone can't be closed, and need not be.
      await writer.close().catch(() => undefined);
    },
  };
}

/** A folder where the other disk is mounted is there without the disk, too. */
async function assertApart(folder: string, apartFrom: string | null): Promise<void> {
  if (apartFrom === null) return;
  const [mirror, own] = await Promise.all([stat(folder), stat(apartFrom)]);
  if (mirror.dev !== own.dev) return;
  throw new Error(`${folder} lies on the same disk as the database: is the other disk there?`);
}
