import { randomBytes } from 'node:crypto';
import { openAssets } from '../../edge-node/assets.ts';
import { CHECKS } from '../../edge-node/checks.ts';
import { systemClock } from '../../edge-node/clock.ts';
import { openDataFolder } from '../../edge-node/data-folder.ts';
import type { Edge } from '../../edge-node/edge.ts';
import { openEdge } from '../../edge-node/open-edge.ts';
import { cloudClient } from '../../edge-node/sync/cloud-client.ts';
import { httpLink } from '../../edge-node/sync/link.ts';
import { nodeKey } from '../../edge-node/sync/node-identity.ts';
import { runSender } from '../../edge-node/sync/run.ts';
import { openSender } from '../../edge-node/sync/sender.ts';

/** A node on a data folder without its HTTP face, so that its process is up soon; with its sender where a cloud is named. */
export function openBareNode(folder: string, cloudUrl: string | null): Edge {
  const data = openDataFolder(folder, randomBytes, null);
  const key = nodeKey(data.nodeKeyPem);
  const { nodeId } = data.node;
  const clock = systemClock();
  const sending: { wake: () => void } = { wake: () => undefined };
  const edge = openEdge({
    file: data.database,
    assets: openAssets(),
    binding: null,
    clock,
    random: randomBytes,
    clubKey: data.clubKey,
    node: { nodeId, keyThumbprint: key.thumbprint },
    demoCode: null,
    cloud: () => ({ link: 'off', waiting: 0, oldestMs: null }),
    mirror: null,
    replaces: null,
    checks: CHECKS,
    committed: () => sending.wake(),
    broken: (error) => {
      throw error;
    },
  });
  if (cloudUrl === null) return edge;
  const sender = openSender({
    ...edge.history,
    db: edge.db,
    log: edge.log,
    cloud: cloudClient(httpLink(cloudUrl), key, nodeId),
    newId: () => randomBytes(16).toString('hex'),
    clock,
    nodeId,
    receiptKeys: data.node.cloud?.receiptKeys ?? [],
    version: 'test',
    checks: CHECKS,
  });
  Object.assign(sending, runSender(sender, Math.random));
  return edge;
}
