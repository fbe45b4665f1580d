import { desc } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import type { Genesis } from '#shared/log/chain.ts';
import { dataKey, log as logTable } from './db/schema.ts';
import type { Db, Opened } from './db/open.ts';
import type { Edge } from './edge.ts';
import type { NewId } from './ids.ts';
import { openJoin } from './log/join.ts';
import { openLog, type Log, type Written } from './log/log.ts';
import { openMainline, type Mainline } from './log/mainline.ts';
import { applyAll } from './log/replay.ts';
import { openMirror, type Mirror } from './mirror/mirror.ts';
import { readMirror, readPutAside } from './mirror/read-mirror.ts';
import type { EdgeParts } from './open-edge.ts';
import { openTails, type Tails, type WrappedKey } from './seal/tails.ts';
import { openApply } from './state/apply.ts';
import { openBoxBook } from './sync/book.ts';
import { beginRecovery, isHolding, openRecovering, type Recovering } from './sync/recovery.ts';

/** The club's history on this box, whoever wrote it, and those who keep it beside: the second copy and the screens. */
export type History = Pick<Edge, 'log' | 'box' | 'recovering' | 'tails' | 'takeTails'> & {
  readonly own: Mainline;
  readonly join: Edge['history']['join'];
  readonly mirror: Mirror | null;
  readonly carried: (written: readonly Written[]) => void;
  readonly keysCame: () => void;
};

/** `committed` is told of events that came from elsewhere. */
export function openHistory(
  opened: Opened,
  parts: EdgeParts,
  { newId, committed }: { readonly newId: NewId; readonly committed: (written: readonly Written[]) => void },
): History {
  const { db, sqlite } = opened;
  const { node, checks, clubKey, random, broken } = parts;
  beginLog(db, { newId, node });
  const { apply, review, wipe } = openApply(db);
  const log = openLog(db, { newId, apply, review });
  const own = openMainline(sqlite);
  const box = openBoxBook(db);
  if (parts.replaces) beginRecovery(box);
  const tails = openTails(db, { clubKey, random, genesisOf: openGenesisOf(log, own) });
  const held = (): boolean => isHolding(box);
  const mirror = parts.mirror && openMirror({ ...parts.mirror, db, clubKey, held, broken });
  const carried = (written: readonly Written[]): void => {
    void mirror?.committed(written);
    committed(written);
  };
  const replay = (): void => {
    wipe();
    applyAll(sqlite, review);
  };
  const join = openJoin({ sqlite, log, review, checks, newId, node, replay });
  const historyCame = (): void => takeMirror(db, parts, recovering);
  const recovering = openRecovering({ box, own, carry: join.carry, carried, historyCame });
  const takeTails = openTakeTails(db, { tails, recovering });
  const keysCame = (): void => mirror?.keysChanged();
  return { log, own, box, join, mirror, recovering, tails, takeTails, carried, keysCame };
}

/** Begins a first log where this box has none. It is its own as long as no other history is joined. */
function beginLog(db: Db, { newId, node }: { readonly newId: NewId; readonly node: EdgeParts['node'] }): void {
  const last = db.select().from(logTable).orderBy(desc(logTable.nth)).limit(1).get();
  const own = last && last.nodeId === node.nodeId && last.keyThumbprint === node.keyThumbprint;
  assert(!last || own === true, 'the log in this folder is written by this node, with this key');
  if (last) return;
  const root = { base: 0, parentLog: null, parentSeq: null, parentHash: null, nth: 0 };
  db.insert(logTable)
    .values({ logId: newId(), ...root, ...node })
    .run();
}

/** Tails are opened here, so that whoever brings them learns nothing; keys go beside the lines that need them. */
function openTakeTails(
  db: Db,
  { tails, recovering }: { readonly tails: Tails; readonly recovering: Recovering },
): Edge['takeTails'] {
  return (device, sealed) => {
    const opened = sealed.flatMap((tail) => tails.open(tail) ?? []);
    keepKeys(
      db,
      opened.flatMap(({ keys }) => keys),
    );
    recovering.takeTails(device, opened);
  };
}

/** What the second copy of the old box holds beyond what the cloud had. */
export function takeMirror(db: Db, { replaces, clubKey }: EdgeParts, recovering: Recovering): void {
  const folder = replaces?.mirror ?? null;
  if (folder === null) return;
  const kept = [readMirror(folder, clubKey), ...readPutAside(folder, clubKey)];
  keepKeys(
    db,
    kept.flatMap(({ keys }) => [...keys].map(([subject, wrapped]) => ({ subject, wrapped }))),
  );
  recovering.takeMirror(kept.flatMap(({ stretches }) => stretches));
}

/** Keys of joined lines; one that is here stays. */
function keepKeys(db: Db, keys: readonly WrappedKey[]): void {
  for (const { subject, wrapped } of keys)
    db.insert(dataKey)
      .values({ subject, wrapped: Buffer.from(wrapped, 'base64'), escrowed: false })
      .onConflictDoNothing()
      .run();
}

function openGenesisOf(log: Log, own: Mainline): (logId: string) => Genesis | null {
  return (logId) =>
    logId === log.logId ? log.genesis : (own.segments().find((one) => one.logId === logId)?.genesis ?? null);
}
