import { FEED_WAIT_MS_MAX } from '#shared/contract/feed.ts';
import type { NodeParts } from './app.ts';
import { CHECKS } from './checks.ts';
import type { Edge } from './edge.ts';
import { VERSION } from './open-edge.ts';
import { cloudClient } from './sync/cloud-client.ts';
import { openFeedClient } from './sync/feed.ts';
import { httpLink } from './sync/link.ts';
import { runFeed } from './sync/run-feed.ts';
import { runSender } from './sync/run.ts';
import { openSender, type Sender } from './sync/sender.ts';

/** Both ways between the box and its cloud: the log goes up, the feed comes down. */
export type CloudSide = {
  readonly state: Sender['state'];
  /** New events wait. */
  readonly wake: () => void;
  readonly close: () => Promise<void>;
};

/** Null for a club without a cloud. */
export function openCloudSide(edge: Edge, parts: NodeParts): CloudSide | null {
  const { cloudUrl, key, nodeId, random, clock, receiptKeys } = parts;
  if (cloudUrl === null) return null;
  const chance = (): number => random(4).readUInt32BE() / 2 ** 32;
  const link = httpLink(cloudUrl);
  const sender = openSender({
    ...edge.history,
    db: edge.db,
    log: edge.log,
    cloud: cloudClient(link, key, nodeId),
    newId: () => random(16).toString('hex'),
    clock,
    nodeId,
    receiptKeys,
    version: VERSION,
    checks: CHECKS,
  });
  const sending = runSender(sender, chance);
  const following = follow(edge, parts, { sender, chance });
  return {
    state: sender.state,
    wake: sending.wake,
    close: async () => {
      // The links first: a request to a cloud that hangs would hold up the stop.
      const [sent, followed] = [sending.close(), following?.close()];
      await link.close();
      await sent;
      await followed;
    },
  };
}

/** A link of its own: the cloud holds each question for a while, and a push must not stand behind it. */
function follow(
  edge: Edge,
  { cloudUrl, clubId, key, nodeId, receiptKeys }: NodeParts,
  { sender, chance }: { readonly sender: Sender; readonly chance: () => number },
): { readonly close: () => Promise<void> } | null {
  if (cloudUrl === null || clubId === null) return null;
  const link = httpLink(cloudUrl);
  const client = openFeedClient({
    db: edge.db,
    cloud: cloudClient(link, key, nodeId),
    takeOver: edge.takeOver,
    taken: edge.reads.shared.taken,
    clubId,
    receiptKeys,
    waitMs: FEED_WAIT_MS_MAX,
    ready: () => sender.state().link === 'up' && !edge.box.get().fenced && !edge.recovering.isHolding(),
  });
  const running = runFeed(client, chance);
  return {
    close: async () => {
      const stopped = running.close();
      await link.close();
      await stopped;
    },
  };
}
