import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export type CountingProxy = {
  readonly url: string;
  readonly bytesUp: () => number;
  readonly bytesDown: () => number;
  readonly close: () => void;
};

/** Stands between a node and its cloud and counts what goes over the wire, headers and all. */
export async function countingProxy(cloudUrl: string): Promise<CountingProxy> {
  const { hostname: host, port } = new URL(cloudUrl);
  let [up, down] = [0, 0];
  const server = createServer((near) => {
    const far = connect({ host, port: Number(port), noDelay: true });
    near.on('data', (bytes) => (up += bytes.length));
    far.on('data', (bytes) => (down += bytes.length));
    near.pipe(far).pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => other.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No TCP port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    bytesUp: () => up,
    bytesDown: () => down,
    close: () => void server.close(),
  };
}
