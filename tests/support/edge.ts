import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildEdge, type EdgeNode, type NodeParts } from '../../edge-node/app.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { systemClock, type Clock } from '../../edge-node/clock.ts';
import { openDataFolder } from '../../edge-node/data-folder.ts';
import { DEMO_PAIRING_CODE, DEMO_STAFF, seedDemoClub } from '../../edge-node/demo.ts';
import { nodeKey } from '../../edge-node/sync/node-identity.ts';
import type { Sounds } from './sounds.ts';
import { until } from './until.ts';
import { pairTablet, type Tablet } from './tablet.ts';

export type TestEdge = EdgeNode & {
  readonly url: string;
  readonly folder: string;
  /** A tablet of one of the demo's staff, by first name: Olivia, Max, Dora, Victor, DJ, Helen, Ben. */
  readonly tablet: (firstName: string) => Promise<Tablet>;
  /** Stops the node; the folder stays, so that another may be started on it. */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type TestEdgeOptions = {
  readonly folder?: string;
  readonly clock?: Clock;
  readonly cloudUrl?: string | null;
  readonly clubId?: string;
  readonly receiptKeys?: NodeParts['receiptKeys'];
  readonly mirror?: NodeParts['mirror'];
  /** It takes another box's place; `clubKey` is that one's, as its recovery code gives it. */
  readonly replaces?: NodeParts['replaces'];
  readonly clubKey?: Buffer;
  readonly port?: number;
  /** A library of a test's own, in place of the club's. */
  readonly sounds?: Sounds;
  readonly demo?: boolean;
  readonly music?: NodeParts['music'];
};

/** A real node on a real file, with the demo club in it, listening on a port of its own. */
export async function buildTestEdge(options: TestEdgeOptions = {}): Promise<TestEdge> {
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'clubops-edge-'));
  const data = openDataFolder(folder, randomBytes, null);
  const replaces = options.replaces ?? data.node.replaces ?? null;
  const node = await buildEdge({
    file: data.database,
    assets: openAssets(),
    binding: null,
    clock: options.clock ?? systemClock(),
    random: randomBytes,
    clubKey: options.clubKey ?? data.clubKey,
    demoCode: DEMO_PAIRING_CODE,
    key: nodeKey(data.nodeKeyPem),
    nodeId: data.node.nodeId,
    cloudUrl: options.cloudUrl ?? null,
    clubId: options.clubId ?? data.node.cloud?.clubId ?? null,
    receiptKeys: options.receiptKeys ?? data.node.cloud?.receiptKeys ?? [],
    mirror: options.mirror ?? null,
    replaces,
    hosts: ['localhost', '127.0.0.1'],
    logLevel: 'silent',
    // Without tools nothing is taken in, and no further process runs.
    music: options.sounds?.music ??
      options.music ?? { home: path.join(folder, 'music'), folder: null, runtime: '', env: {} },
  });
  if ((options.demo ?? true) && !replaces && node.edge.log.head().seq === 0) await seedDemoClub(node.edge);
  const tracks = options.sounds?.rows.length ?? 0;
  await until('the library', () => node.music.shelf.size() >= tracks);
  const url = await node.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const stop = async (): Promise<void> => {
    await node.close();
    data.release();
  };
  return {
    ...node,
    url,
    folder,
    tablet: async (firstName) => {
      const person = DEMO_STAFF.find(({ name }) => name.startsWith(firstName));
      if (!person) throw new Error(`Nobody in the demo is called ${firstName}.`);
      return pairTablet(url, { code: DEMO_PAIRING_CODE, name: person.name, pin: person.pin });
    },
    stop,
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
