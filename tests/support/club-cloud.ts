import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { openDataFolder } from '../../edge-node/data-folder.ts';
import { enrol } from '../../edge-node/sync/enrol.ts';
import { nodeKey } from '../../edge-node/sync/node-identity.ts';
import { buildTestCloud, type TestCloud, type TestCloudOptions } from './cloud.ts';

export type LogStatus = {
  readonly logId: string;
  readonly state: string;
  readonly acked: number;
  readonly headHash: string;
  readonly unprojected: number;
  readonly quarantined: number;
  readonly salvageWaits: boolean;
};
export type BoxWord = {
  readonly logId: string;
  readonly head: number;
  readonly waiting: number;
  readonly oldestMs: number | null;
};
export type Alert = { readonly kind: string; readonly about: string };
export type CloudNight = { readonly day: string; readonly totalsCents: Record<string, number> };

/** A real control plane that listens, with one club in it, as its operator sees it over HTTP. */
export type ClubCloud = {
  readonly cloud: TestCloud;
  readonly url: string;
  readonly clubId: string;
  /** The organisation's number in the database. */
  readonly org: number;
  /** Null while the club has no log. */
  readonly log: () => Promise<LogStatus | null>;
  /** Null before its box has spoken. */
  readonly boxWord: () => Promise<BoxWord | null>;
  readonly alerts: () => Promise<readonly Alert[]>;
  readonly nights: () => Promise<readonly CloudNight[]>;
  /** The club's one history, as the cloud exports it: the event lines alone. */
  readonly mainline: () => Promise<readonly string[]>;
  /** The newest revision of what goes down to the box; 0 for none. */
  readonly feedRev: () => Promise<number>;
  readonly sayRestored: () => Promise<void>;
  readonly newCode: (replace: boolean) => Promise<string>;
  /** Binds the node of a data folder to the club. */
  readonly enrol: (folder: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function openClubCloud(host = '127.0.0.1', options: TestCloudOptions = {}): Promise<ClubCloud> {
  const cloud = await buildTestCloud(options);
  await cloud.app.listen({ host, port: 0 });
  const url = `http://${host}:${(cloud.app.server.address() as AddressInfo).port}`;
  const owner = new pg.Client({ connectionString: cloud.ownerUrl });
  await owner.connect();
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<Response> => {
    const headers = { authorization: `Bearer ${cloud.adminToken}`, 'content-type': 'application/json' };
    return fetch(`${url}/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
  const must = async <T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> => {
    const answer = await ask(method, path, body);
    if (!answer.ok) throw new Error(`The control plane refused ${method} ${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const orNull = async <T>(path: string): Promise<T | null> => {
    const answer = await ask('GET', path);
    return answer.status === 404 ? null : ((await answer.json()) as T);
  };
  const { orgId } = await must<{ readonly orgId: string }>('POST', '/orgs', { name: 'Velvet Group' });
  const { clubId } = await must<{ readonly clubId: string }>('POST', '/clubs', { orgId, name: 'Velvet' });
  const newCode = async (replace: boolean): Promise<string> =>
    (await must<{ readonly code: string }>('POST', `/clubs/${clubId}/enrolment-codes`, { replace })).code;
  return {
    cloud,
    url,
    clubId,
    org: Number(orgId.slice(1)),
    log: () => orNull(`/clubs/${clubId}/log`),
    boxWord: () => orNull(`/clubs/${clubId}/status`),
    alerts: async () => (await must<{ readonly alerts: readonly Alert[] }>('GET', `/clubs/${clubId}/alerts`)).alerts,
    nights: async () =>
      (await must<{ readonly nights: readonly CloudNight[] }>('GET', `/clubs/${clubId}/nights`)).nights,
    mainline: async () => {
      const answer = await ask('GET', `/clubs/${clubId}/history`);
      if (answer.status === 404) return [];
      return (await answer.text()).split('\n').filter((line) => line.startsWith('{"v":1,"seq":'));
    },
    feedRev: async () => {
      const { rows } = await owner.query<{ readonly rev: string }>('SELECT coalesce(max(rev), 0) AS rev FROM feed');
      return Number(rows[0]?.rev);
    },
    sayRestored: async () => void (await must('POST', '/cloud/restored', { why: 'A test put it back.' })),
    newCode,
    enrol: async (folder) => {
      const data = openDataFolder(folder, randomBytes, null);
      try {
        const { nodeId } = data.node;
        const { publicJwk } = nodeKey(data.nodeKeyPem);
        const code = await newCode(false);
        const { orgId: org, receiptKeys } = await enrol(url, { code, nodeId, publicKey: publicJwk, version: 'test' });
        data.saveNode({ nodeId, cloud: { url, clubId, orgId: org, receiptKeys } });
      } finally {
        data.release();
      }
    },
    close: async () => {
      await owner.end();
      // A node that was killed behind a cable that is pulled never says goodbye.
      cloud.app.server.closeAllConnections();
      await cloud.close();
    },
  };
}
