import type { Edge } from '../../edge-node/edge.ts';
import { hot } from '../../edge-node/db/hot.ts';
import { event } from '../../edge-node/db/schema.ts';
import { openHub } from '../../edge-node/live/hub.ts';
import type { Log } from '../../edge-node/log/log.ts';
import { openMainline } from '../../edge-node/log/mainline.ts';
import { openMissed, openShortHash } from '../../edge-node/log/missed.ts';
import { openApply } from '../../edge-node/state/apply.ts';
import { values } from '../../edge-node/state/values.ts';

/** What a bare log keeps of an event: a row with nothing in it, or not even that. */
export type Bare = 'row' | 'nothing';
const NOTHING = Buffer.alloc(0);

/**
 * From now on the node's log makes no line, no id for it and no hash. All else stays: the queue, the commit, the tables,
 * the answers by key. Only to be measured against: such a node can't be started again.
 */
export function withoutLines(edge: Edge, bare: Bare): void {
  const { db, log } = edge;
  const { logId } = log;
  const { apply } = openApply(db);
  const put = hot(db, db.insert(event).values(values(event)));
  let head = log.head();
  const append: Log['append'] = (events, meta) =>
    events.map((one) => {
      const day = one.type === 'day.opened' ? one.body.day : meta.day;
      head = { seq: head.seq + 1, pos: head.pos + 1, hash: NOTHING };
      if (bare === 'row') put.run({ ...head, logId, line: '' });
      apply(one, { pos: head.pos, wall: meta.at.wall, day });
      return { ...head, prev: NOTHING, event: one, day, logId, line: '' };
    });
  const backTo: Log['backTo'] = (earlier) => {
    head = earlier;
  };
  Object.assign(log, { append, backTo, head: () => head });
}

/** From now on screens get what they see, and nothing to keep. */
export function withoutTails(edge: Edge): void {
  const { db, sqlite, log, hub, view, cloud, clock } = edge;
  const missed = openMissed(db, openMainline(sqlite));
  const hashAt = openShortHash(db, log);
  Object.assign(hub, openHub({ view, head: () => log.head().pos, hashAt, missed, tails: () => [], cloud, clock }));
}
