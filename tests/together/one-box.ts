import { randomBytes, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import { parseLine } from '#shared/contract/event-line.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { CHECKS } from '../../edge-node/checks.ts';
import { setClock } from '../../edge-node/clock.ts';
import type { Edge } from '../../edge-node/edge.ts';
import { nodeActor } from '../../edge-node/give.ts';
import type { Answer } from '../../edge-node/log/answers.ts';
import { openEdge } from '../../edge-node/open-edge.ts';
import { cloudClient } from '../../edge-node/sync/cloud-client.ts';
import type { Link } from '../../edge-node/sync/link.ts';
import { newNodeKeyPem, nodeKey } from '../../edge-node/sync/node-identity.ts';
import { openSender, type Next, type Sender } from '../../edge-node/sync/sender.ts';
import { newClub, newCode } from '../cloud/signing-node.ts';
import type { TestCloud } from '../support/cloud.ts';
import { linesOf } from '../support/verify-log.ts';

/** What becomes of a request: all is well, it never arrives, or its answer is lost. */
export type Fate = 'ok' | 'request lost' | 'answer lost';
/** A box with the real write path and sender, stepped by hand, and what its cloud holds. It writes names, and nothing else is looked at. */
export type OneBox = {
  readonly edge: () => Edge;
  readonly write: (name: string) => Promise<Answer>;
  readonly step: (fate: Fate) => Promise<Next['next'] | 'lost'>;
  readonly restart: (image: string | null) => Promise<void>;
  readonly image: () => string;
  readonly names: () => readonly string[];
  readonly namesInCloud: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

const FAST = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export async function openOneBox(cloud: TestCloud, template: string): Promise<OneBox> {
  const { clubId } = await newClub(cloud);
  const key = nodeKey(newNodeKeyPem());
  const nodeId = `n_${randomUUID()}`;
  const payload = { code: await newCode(cloud, clubId), nodeId, publicKey: key.publicJwk, version: 'test' };
  await cloud.app.inject({ method: 'POST', url: UPLINK_PATHS.enrol, payload });
  const folder = mkdtempSync(path.join(FAST, 'clubops-model-'));
  const file = path.join(folder, 'club.db');
  copyFileSync(template, file);
  const { link, fates } = openFatefulLink(cloud);
  const clubKey = randomBytes(32);
  const clock = setClock({ wall: Date.UTC(2026, 10, 22), mono: 1 }, 'b_1');
  const now: { box: { readonly edge: Edge; readonly sender: Sender } | null; images: number } = {
    box: null,
    images: 0,
  };
  const boot = (): void => {
    const edge = openEdge({
      file,
      assets: openAssets(),
      binding: null,
      clock,
      random: randomBytes,
      clubKey,
      node: { nodeId, keyThumbprint: key.thumbprint },
      demoCode: null,
      cloud: () => ({ link: 'off', waiting: 0, oldestMs: null }),
      mirror: null,
      replaces: null,
      checks: CHECKS,
      committed: () => undefined,
      broken: (error) => {
        throw error;
      },
    });
    const parts = { ...edge.history, db: edge.db, log: edge.log, clock, nodeId, receiptKeys: [], checks: CHECKS };
    const sender = openSender({ ...parts, cloud: cloudClient(link, key, nodeId), newId: randomUUID, version: 'test' });
    now.box = { edge, sender };
  };
  boot();
  const on = () => {
    if (!now.box) throw new Error('The box is off.');
    return now.box;
  };
  return {
    edge: () => on().edge,
    write: (name) => on().edge.command('room.add', { name }, { key: `key of ${name}`, actor: nodeActor('model') }),
    step: async (fate) => {
      fates.next = fate;
      try {
        return (await on().sender.step()).next;
      } catch {
        on().sender.lost();
        return 'lost';
      }
    },
    restart: async (image) => {
      await on().edge.close();
      if (image !== null) copyFileSync(image, file);
      clock.set({ wall: clock.wall() + 1_000, mono: 1 });
      boot();
    },
    image: () => {
      now.images += 1;
      const kept = path.join(folder, `image-${now.images}.db`);
      on().edge.sqlite.prepare('VACUUM INTO ?').run(kept);
      return kept;
    },
    names: () => namesIn(linesOf(on().edge.sqlite).map(({ line }) => line)),
    namesInCloud: async () => {
      const url = `/api/v1/clubs/${clubId}/history`;
      const answer = await cloud.app.inject({ url, headers: { authorization: `Bearer ${cloud.adminToken}` } });
      return answer.statusCode === 404
        ? []
        : namesIn(answer.body.split('\n').filter((line) => line.startsWith('{"v":1,')));
    },
    close: async () => {
      await on().edge.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function namesIn(lines: readonly string[]): readonly string[] {
  return lines.map(parseLine).flatMap((event) => (event.type === 'room.added' ? [event.body.name] : []));
}

function openFatefulLink(cloud: TestCloud): { readonly link: Link; readonly fates: { next: Fate } } {
  const fates: { next: Fate } = { next: 'ok' };
  const link: Link = {
    ask: async ({ method, path: url, headers, body }) => {
      const fate = fates.next;
      fates.next = 'ok';
      if (fate === 'request lost') throw new Error('The request is lost.');
      const answer = await cloud.app.inject({ method, url, headers, payload: body });
      if (fate === 'answer lost') throw new Error('The answer is lost.');
      const nonce = answer.headers['clubops-nonce'];
      return {
        status: answer.statusCode,
        nonce: typeof nonce === 'string' ? nonce : null,
        gzip: answer.headers['content-encoding'] === 'gzip',
        body: answer.rawPayload,
      };
    },
    close: () => Promise.resolve(),
  };
  return { link, fates };
}
