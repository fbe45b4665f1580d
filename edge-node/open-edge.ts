import type { CloudState } from '#shared/contract/live.ts';
import { event as made } from '#shared/domain/event.ts';
import type { Assets } from './assets.ts';
import type { Checks } from './checks.ts';
import type { Clock } from './clock.ts';
import { openDatabase } from './db/open.ts';
import type { Edge } from './edge.ts';
import { openGiving } from './give.ts';
import { openPairingCodes, openSignIns } from './http/sign-in.ts';
import { idMaker, pooled, type Random } from './ids.ts';
import { openHub } from './live/hub.ts';
import { openView } from './live/view.ts';
import { forgetOldAnswers } from './log/answers.ts';
import { openCommandQueue } from './log/command-queue.ts';
import type { Written } from './log/log.ts';
import { lastWall, openMissed, openShortHash } from './log/missed.ts';
import type { MirrorParts } from './mirror/mirror.ts';
import { openHistory, takeMirror, type History } from './open-history.ts';
import { openSeal } from './seal/seal.ts';
import { openReads } from './state/reads.ts';

export const VERSION = '0.1.0';

export type EdgeParts = {
  readonly file: string;
  readonly assets: Assets;
  /** The unpacked SQLite addon of the single binary; null in a checkout. */
  readonly binding: object | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly clubKey: Buffer;
  readonly node: { readonly nodeId: string; readonly keyThumbprint: string };
  /** In a demo only: a pairing code that any number of devices may use. */
  readonly demoCode: string | null;
  /** Set by whoever runs the sender; a node without a cloud says `off`. */
  readonly cloud: () => Pick<CloudState, 'link' | 'waiting' | 'oldestMs'>;
  /** The second copy of the log: a folder on another disk, and whether an answer waits for it. Null for none. */
  readonly mirror: Pick<MirrorParts, 'folder' | 'mode' | 'apartFrom'> | null;
  /** This box takes another's place, whose second copy is in this folder, or there is none. */
  readonly replaces: { readonly mirror: string | null } | null;
  readonly checks: Checks;
  /** Told of what was written; of nothing where a joined history changed it all. */
  readonly committed: (written: readonly Written[]) => void;
  readonly broken: (error: unknown, what: string) => void;
};

/** Opens a club's node on its database: everything but HTTP and the way to the cloud. */
export function openEdge(parts: EdgeParts): Edge {
  const opened = openDatabase(parts.file, parts.assets, parts.binding);
  const { db, sqlite } = opened;
  const { clock, random } = parts;
  const newId = idMaker(clock.wall, pooled(random));
  const told: Told = { of: () => undefined };
  const history = openHistory(opened, parts, { newId, committed: (written) => told.of(written) });
  const { log, own, box, mirror, recovering, tails, takeTails } = history;
  const reads = openReads(db);
  const seal = openSeal(db, parts.clubKey, random);
  const signIns = openSignIns({ db, reads, seal, clock, random });
  const view = openView(reads);
  const copy = () => mirror?.state() ?? 'off';
  const cloud = (): CloudState => ({ ...parts.cloud(), copy: copy(), review: reads.review.count() });
  const hub = openHub({
    view,
    head: () => log.head().pos,
    hashAt: openShortHash(db, log),
    missed: openMissed(db, own),
    tails: tails.seal,
    cloud,
    clock,
  });
  forgetOldAnswers(db, log.head().pos);
  told.of = openTell({ hub, signIns, committed: parts.committed });
  // Cut off while it took another box's place: what was taken is not taken twice.
  if (recovering.isHolding() && !recovering.wantsHistory()) takeMirror(db, parts, recovering);
  const whole = { ...opened, log, reads, clock, newId };
  const queue = openCommandQueue({
    ...whole,
    committed: told.of,
    broken: parts.broken,
    fingerprint: seal.fingerprint,
    lastWall: lastWall(db),
    closed: () => (box.get().fenced ? 'box_fenced' : recovering.isHolding() ? 'box_recovering' : null),
    boot: made('node.started', { version: VERSION, boot: clock.boot }),
    copied: (written) => mirror?.committed(written) ?? null,
  });

  return {
    ...whole,
    view,
    hub,
    signIns,
    pairing: openPairingCodes(clock, random, parts.demoCode),
    ...openGiving({ reads, seal }, queue, { ...parts, newId, signIns, nodeId: parts.node.nodeId }),
    cloud,
    box,
    recovering,
    tails,
    takeTails,
    history: { ...history, rewritten: openRewritten({ hub, mirror, committed: parts.committed }), secondCopy: copy },
    close: async () => {
      hub.close();
      await queue.close();
      await mirror?.close();
      // The last connection brings the -wal into the database by itself; where a full disk forbids it, the next start does.
      sqlite.close();
    },
  };
}

/** After a joined history: the second copy and every screen begin anew where it changed. */
function openRewritten({
  hub,
  mirror,
  committed,
}: Pick<Edge, 'hub'> & Pick<History, 'mirror'> & Pick<EdgeParts, 'committed'>): () => void {
  return () => {
    mirror?.rewritten();
    hub.resync();
    committed([]);
  };
}

type Told = { of: (written: readonly Written[]) => void };

/** Whoever is to hear of what was written: screens, devices that were revoked, the way to the cloud. */
function openTell({
  hub,
  signIns,
  committed,
}: Pick<Edge, 'hub' | 'signIns'> & Pick<EdgeParts, 'committed'>): Told['of'] {
  return (written) => {
    hub.publish(written);
    for (const { event: one } of written) {
      if (one.type !== 'device.revoked') continue;
      signIns.forgetDevice(one.body.device);
      hub.drop(({ device }) => device === one.body.device);
    }
    committed(written);
  };
}
