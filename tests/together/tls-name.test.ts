import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StatusAnswer } from '#shared/contract/api.ts';
import { DEMO_PAIRING_CODE } from '../../edge-node/demo.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { newFolder } from '../support/night.ts';
import { startNode, type NodeProcess } from '../support/node-process.ts';
import { pairTablet } from '../support/tablet.ts';
import { until } from '../support/until.ts';

type Seen = { greeted: number; bytes: number };
let scratch: string;
let folder: string;
let at: ClubCloud;
const knocking = new Set<Socket>();
let front: Server | null = null;
let node: NodeProcess | null = null;
beforeEach(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'clubops-tls-'));
  at = await openClubCloud();
  folder = await newFolder();
  await at.enrol(folder);
});
afterEach(async () => {
  await node?.kill();
  for (const socket of knocking) socket.destroy();
  await new Promise((resolve) => front?.close(resolve));
  await at.close();
  for (const one of [scratch, folder]) rmSync(one, { recursive: true, force: true });
});

/** A certificate that its owner signed for this name. */
function certificateFor(name: string): { readonly key: string; readonly cert: string } | null {
  const [key, cert] = [path.join(scratch, `${name}.key`), path.join(scratch, `${name}.crt`)];
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  ];
  const files = ['-keyout', key, '-out', cert, '-addext', `subjectAltName=DNS:${name}`];
  try {
    execFileSync('openssl', ['req', '-x509', ...made, ...files], { stdio: 'ignore' });
    return { key, cert };
  } catch {
    return null;
  }
}

/** The control plane behind TLS, with whatever certificate; counts who came and what they said in clear. */
async function openFront(of: {
  readonly key: string;
  readonly cert: string;
}): Promise<{ readonly port: number; readonly seen: Seen }> {
  const seen: Seen = { greeted: 0, bytes: 0 };
  const { hostname, port } = new URL(at.url);
  const server = createServer({ key: readFileSync(of.key), cert: readFileSync(of.cert) }, (near) => {
    const far = connect(Number(port), hostname);
    near.on('data', (piece: Buffer) => (seen.bytes += piece.length));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    near.pipe(far).pipe(near);
  });
  server.on('connection', (socket) => {
    seen.greeted += 1;
    knocking.add(socket);
  });
  server.on('tlsClientError', () => undefined);
  front = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The node starts against that cloud and works; answers its tablet once it has knocked so often. */
async function workAgainst(
  name: string,
  { isTrusted, knocks }: { readonly isTrusted: boolean; readonly knocks: number },
) {
  const certificate = certificateFor(name);
  if (!certificate) throw new Error('No certificate was made.');
  const { port, seen } = await openFront(certificate);
  node = await startNode(folder, {
    CLUBOPS_CLOUD_URL: `https://localhost:${port}`,
    ...(isTrusted && { NODE_EXTRA_CA_CERTS: certificate.cert }),
  });
  const tablet = await pairTablet(node.url, { code: DEMO_PAIRING_CODE, name: 'Olivia Owner', pin: '1111' });
  await tablet.must('room.add', { name: 'Red' });
  await until('it to knock', () => seen.greeted >= knocks);
  return { tablet, seen };
}

test.skipIf(!hasOpenssl()).each([
  ['of another name, though of a trusted authority', 'other.example', true],
  ['of its own name, but of nobody who is trusted', 'localhost', false],
])(
  'S12: a cloud with a certificate %s is told nothing, and the floor goes on (skipped where there is no openssl)',
  async (_what, name, isTrusted) => {
    const { tablet, seen } = await workAgainst(name, { isTrusted, knocks: 3 });
    await tablet.must('room.add', { name: 'Blue' });
    const { body } = await tablet.ask<StatusAnswer>('GET', '/api/v1/status');
    expect(body.cloud.link).toBe('down');
    expect(body.cloud.waiting).toBeGreaterThan(1);
    expect(await at.log()).toBe(null);
    expect(seen.bytes).toBe(0);
  },
);

test.skipIf(!hasOpenssl())(
  'S12: a cloud with a certificate of its own name and a trusted authority gets the log (skipped where there is no openssl)',
  async () => {
    const { seen } = await workAgainst('localhost', { isTrusted: true, knocks: 1 });
    await until('the log in the cloud', async () => ((await at.log())?.acked ?? 0) > 0);
    expect(seen.bytes).toBeGreaterThan(0);
  },
);
