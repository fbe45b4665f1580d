import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { event } from '#shared/domain/event.ts';
import type { Genesis } from '#shared/log/chain.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase, type Db } from '../../edge-node/db/open.ts';
import { openLog, type Log, type Meta, type Written } from '../../edge-node/log/log.ts';
import { openMainline } from '../../edge-node/log/mainline.ts';
import { openApply } from '../../edge-node/state/apply.ts';

/** A box's history without its rules: a real database and a real log, to which anything may be written. */
export type BareHistory = {
  readonly db: Db;
  readonly log: Log;
  readonly folder: string;
  /** So many events in one commit. */
  readonly write: (count: number, about?: string) => readonly Written[];
  /** Leaves the end of what is there (0 for nothing), and goes on in a new log behind it. */
  readonly leaveAt: (pos: number, carry: boolean) => void;
  readonly addKey: (subject: string) => void;
  readonly lines: () => readonly string[];
  readonly close: () => void;
};

export function openBareHistory(options: { readonly folder?: string; readonly nodeId?: string } = {}): BareHistory {
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'clubops-history-'));
  const node = { nodeId: options.nodeId ?? 'node-1', keyThumbprint: 'thumbprint' };
  const { db, sqlite } = openDatabase(path.join(folder, 'club.db'), openAssets(), null);
  const mainline = openMainline(sqlite);
  const made = { ids: Number(sqlite.prepare('SELECT count(*) FROM event').pluck().get()), logs: 0 };
  const beginLog = (parent: Genesis['parent'], base: number): void => {
    const nth = Number(sqlite.prepare('SELECT coalesce(max(nth) + 1, 0) FROM log').pluck().get());
    const logId = `log-${(made.logs += 1)}-${node.nodeId}`;
    mainline.add({ logId, genesis: { logId, parent, ...node }, base, nth });
  };
  if (sqlite.prepare('SELECT count(*) FROM log').pluck().get() === 0) beginLog(null, 0);
  const { review } = openApply(db);
  const log = openLog(db, { newId: () => `${node.nodeId}-${(made.ids += 1)}`, apply: () => undefined, review });
  const commit = <T>(work: () => T): T => sqlite.transaction(work).immediate();
  return {
    db,
    log,
    folder,
    write: (count, about) =>
      commit(() =>
        log.append(
          Array.from({ length: count }, () => oneEvent(about)),
          META,
        ),
      ),
    leaveAt: (pos, carry) =>
      commit(() => {
        const left = sqlite
          .prepare<[number], string>('SELECT line FROM event WHERE pos > ? ORDER BY pos')
          .pluck()
          .all(pos);
        const at = mainline.segments().findLast(({ base }) => base < pos || left.length === 0 || base === 0);
        if (!at) throw new Error('A box always has a log.');
        sqlite.prepare('DELETE FROM event WHERE pos > ?').run(pos);
        sqlite.prepare('DELETE FROM log WHERE nth > ?').run(at.nth);
        const seq = pos - at.base;
        beginLog({ logId: at.logId, seq, hash: mainline.hashAt(at, seq) ?? '' }, pos);
        log.reload();
        if (carry) for (const line of left) log.place(line);
      }),
    addKey: (subject) =>
      void sqlite.prepare('INSERT INTO data_key (subject, wrapped) VALUES (?, ?)').run(subject, Buffer.from(subject)),
    lines: () => sqlite.prepare<[], string>('SELECT line FROM event ORDER BY pos').pluck().all(),
    close: () => {
      sqlite.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const META: Meta = {
  at: { wall: Date.parse('2026-11-21T21:00:00Z'), off: -480, mono: 1, boot: 'b_bare', clk: 'simulated' },
  actor: { kind: 'node', id: 'node-1', dev: null, auth: 'node' },
  cmd: 'bare',
  day: null,
};

/** With `about`, it has a sealed field of that person. */
function oneEvent(about: string | undefined) {
  const added = event('room.added', { room: 'r', name: 'Séparée \u{1F378}' });
  return about === undefined ? added : { ...added, sub: [about], pii: { [about]: { note: 'v1.c2VhbGVk' } } };
}
