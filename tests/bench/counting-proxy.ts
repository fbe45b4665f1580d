import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type CountingProxy = {
  readonly url: string;
  readonly bytesUp: () => number;
  readonly bytesDown: () => number;
  /** What goes towards the cloud waits here, and nothing of it is lost. */
  readonly hold: () => void;
  readonly letGo: () => void;
  readonly close: () => void;
};

/** Stands between a node and its cloud and counts what goes over the wire, headers and all. */
export async function countingProxy(cloudUrl: string): Promise<CountingProxy> {
  const { hostname: host, port } = new URL(cloudUrl);
  let [up, down] = [0, 0];
  let held = false;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host, port: Number(port), noDelay: true });
    open.add(near);
    near.on('close', () => open.delete(near));
    if (held) near.pause();
    near.on('data', (bytes) => {
      up += bytes.length;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      down += bytes.length;
      near.write(bytes);
    });
    near.on('end', () => far.end());
    far.on('end', () => near.end());
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
    hold: () => {
      held = true;
      for (const socket of open) socket.pause();
    },
    letGo: () => {
      held = false;
      for (const socket of open) socket.resume();
    },
    close: () => void server.close(),
  };
}
