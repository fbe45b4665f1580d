import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  signedText,
  UPLINK_HEADERS,
  UPLINK_PATHS,
  type BatchHeader,
  type BoxStatus,
  type UplinkAnswer,
} from '#shared/contract/uplink.ts';
import { genesisHash, nextHash, type Genesis } from '#shared/log/chain.ts';
import type { TestCloud } from '../support/cloud.ts';

/** A node as the wire sees it: a key, and requests signed with it. */
export type TestNode = {
  readonly orgId: string;
  readonly clubId: string;
  readonly nodeId: string;
  readonly thumbprint: string;
  readonly key: KeyObject;
};
export type Answer = { readonly status: number; readonly body: UplinkAnswer; readonly nonce: string };
export type Written = { readonly logId: string; readonly lines: readonly string[]; readonly hashes: readonly Buffer[] };

export async function admin(cloud: TestCloud, method: 'GET' | 'POST', path: string, payload?: object) {
  const headers = { authorization: `Bearer ${cloud.adminToken}` };
  const response = await cloud.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload ? { payload } : {}) });
  return { status: response.statusCode, body: response.payload === '' ? null : response.json() };
}

/** The organisation's number, from its id. */
export const orgOf = ({ orgId }: TestNode): number => Number(orgId.slice(1));

export async function newClub(cloud: TestCloud): Promise<{ orgId: string; clubId: string }> {
  const { body: org } = await admin(cloud, 'POST', '/orgs', { name: 'Velvet Group' });
  const { body: club } = await admin(cloud, 'POST', '/clubs', { orgId: org.orgId, name: 'Velvet' });
  return { orgId: org.orgId, clubId: club.clubId };
}

export async function newCode(cloud: TestCloud, clubId: string): Promise<string> {
  return (await admin(cloud, 'POST', `/clubs/${clubId}/enrolment-codes`)).body.code;
}

export function newKey(): { key: KeyObject; publicKey: { kty: 'OKP'; crv: 'Ed25519'; x: string }; thumbprint: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const thumbprint = createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url');
  return { key: privateKey, publicKey: { kty: 'OKP', crv: 'Ed25519', x }, thumbprint };
}

export async function enrol(cloud: TestCloud, code: string, publicKey: object, nodeId: string = randomUUID()) {
  const payload = { code, nodeId, publicKey, version: '1.0.0' };
  const response = await cloud.app.inject({ method: 'POST', url: UPLINK_PATHS.enrol, payload });
  return { status: response.statusCode, body: response.json() };
}

export async function newNode(cloud: TestCloud): Promise<TestNode> {
  const { clubId } = await newClub(cloud);
  const { key, publicKey, thumbprint } = newKey();
  const { body } = await enrol(cloud, await newCode(cloud, clubId), publicKey);
  return { orgId: body.orgId, clubId, nodeId: body.nodeId, thumbprint, key };
}

export async function freshNonce(cloud: TestCloud): Promise<string> {
  const response = await cloud.app.inject({ method: 'GET', url: '/healthz' });
  return String(response.headers[UPLINK_HEADERS.nonce]);
}

export type Signed = {
  readonly path: string;
  readonly body: Buffer;
  readonly type: string;
  readonly encoding?: string;
  readonly nonce?: string;
};

export async function signedPost(cloud: TestCloud, node: TestNode, request: Signed): Promise<Answer> {
  const nonce = request.nonce ?? (await freshNonce(cloud));
  const bodySha256Hex = createHash('sha256').update(request.body).digest('hex');
  const text = signedText({ method: 'POST', path: request.path, bodySha256Hex, nonce });
  const headers = {
    'content-type': request.type,
    ...(request.encoding ? { 'content-encoding': request.encoding } : {}),
    [UPLINK_HEADERS.node]: node.nodeId,
    [UPLINK_HEADERS.nonce]: nonce,
    [UPLINK_HEADERS.signature]: sign(null, Buffer.from(text), node.key).toString('base64url'),
  };
  const response = await cloud.app.inject({ method: 'POST', url: request.path, headers, payload: request.body });
  const isZipped = response.headers['content-encoding'] === 'gzip';
  const answer = isZipped ? gunzipSync(response.rawPayload).toString() : response.payload;
  const next = String(response.headers[UPLINK_HEADERS.nonce]);
  return { status: response.statusCode, body: JSON.parse(answer) as UplinkAnswer, nonce: next };
}

export function postJson(cloud: TestCloud, node: TestNode, path: string, body: object): Promise<Answer> {
  return signedPost(cloud, node, { path, body: Buffer.from(JSON.stringify(body)), type: 'application/json' });
}

export function openLog(
  cloud: TestCloud,
  node: TestNode,
  logId: string,
  parent: Genesis['parent'] = null,
): Promise<Answer> {
  return postJson(cloud, node, UPLINK_PATHS.logs, { proto: 1, logId, parent, keyThumbprint: node.thumbprint });
}

export const STATUS: BoxStatus = { version: '1.0.0', waiting: 0, oldestMs: null, secondCopy: 'off' };

/** Says hello as a box does whose log ends at `seq`, or with a hash of the test's own there. */
export function hello(
  cloud: TestCloud,
  node: TestNode,
  written: Written,
  at: { readonly seq: number; readonly hash?: string; readonly status?: BoxStatus },
): Promise<Answer> {
  const hash = at.hash ?? hashHex(written, at.seq);
  const body = { proto: 1, seq: at.seq, hash, status: at.status ?? STATUS };
  return postJson(cloud, node, UPLINK_PATHS.hello(written.logId), body);
}

export const hashHex = ({ hashes }: Written, seq: number): string => hashes[seq]?.toString('hex') ?? '';
/** A place of a log, as a child names it. */
export const placeIn = (written: Written, seq: number) => ({
  logId: written.logId,
  seq,
  hash: hashHex(written, seq),
});

/** Lines 1 to n of a log, chained: hashes[seq] is the hash after `seq`, hashes[0] the genesis. */
export function writeLog(
  node: TestNode,
  logId: string,
  events: readonly object[],
  parent: Genesis['parent'] = null,
): Written {
  const hashes = [genesisHash({ logId, parent, nodeId: node.nodeId, keyThumbprint: node.thumbprint })];
  const lines = events.map((event, index) => {
    const line = JSON.stringify({ v: 1, seq: index + 1, id: `e${index + 1}`, ...event });
    hashes.push(nextHash(hashes[index] ?? Buffer.alloc(0), line));
    return line;
  });
  return { logId, lines, hashes };
}

export const DAY = 'day-2026-11-22';

/** A tenth of them move money: 20 dollars from a dancer into a drawer. */
export function floorEvents(n: number): object[] {
  return Array.from({ length: n }, (_, index) => {
    const postings = [
      { account: 'cash_drawer:front', cents: 2000 },
      { account: `dancer:d${index}`, cents: -2000 },
    ];
    return index % 10 === 0
      ? { type: 'house_fee.paid', day: DAY, body: { fee: `f${index}`, cents: 2000, postings } }
      : { type: 'rotation.called', day: DAY, body: { entry: `r${index}`, away: 2 } };
  });
}

export type Range = { readonly from: number; readonly to: number; readonly header?: Partial<BatchHeader> };

export function batchText({ lines, hashes }: Written, { from, to, header }: Range): string {
  const sent = lines.slice(from - 1, to);
  const prev = (hashes[from - 1] ?? Buffer.alloc(32)).toString('hex');
  return (
    [
      JSON.stringify({ proto: 1, from, prev, n: sent.length, batch: `b${from}`, head: lines.length, ...header }),
      ...sent,
    ].join('\n') + '\n'
  );
}

export type RawPush = { readonly logId: string; readonly body: Buffer; readonly encoding: string };

export function pushBytes(cloud: TestCloud, node: TestNode, { logId, body, encoding }: RawPush): Promise<Answer> {
  return signedPost(cloud, node, { path: UPLINK_PATHS.events(logId), body, type: 'application/x-ndjson', encoding });
}

/** Pushes lines of a log, gzipped, as a node does. */
export function push(cloud: TestCloud, node: TestNode, written: Written, range: Range): Promise<Answer> {
  return pushBytes(cloud, node, { logId: written.logId, body: gzipSync(batchText(written, range)), encoding: 'gzip' });
}

/** A box of another club of the same organisation, with its first log open. */
export async function neighbourOf(cloud: TestCloud, { orgId }: TestNode, logId: string): Promise<TestNode> {
  const { clubId } = (await admin(cloud, 'POST', '/clubs', { orgId, name: 'Next door' })).body;
  const { key, publicKey, thumbprint } = newKey();
  const { body } = await enrol(cloud, await newCode(cloud, clubId), publicKey);
  const node = { orgId, clubId, nodeId: body.nodeId, thumbprint, key };
  await openLog(cloud, node, logId);
  return node;
}

/** The same club's next box: enrolled in the place of the one before, which is fenced from then on. */
export async function replaceNode(cloud: TestCloud, { clubId, orgId }: Pick<TestNode, 'clubId' | 'orgId'>) {
  const { code } = (await admin(cloud, 'POST', `/clubs/${clubId}/enrolment-codes`, { replace: true })).body;
  const { key, publicKey, thumbprint } = newKey();
  const { body } = await enrol(cloud, code, publicKey);
  return { answer: body, node: { orgId, clubId, nodeId: body.nodeId, thumbprint, key } satisfies TestNode };
}

export async function newOpenNode(cloud: TestCloud, logId: string): Promise<TestNode> {
  const node = await newNode(cloud);
  await openLog(cloud, node, logId);
  return node;
}
