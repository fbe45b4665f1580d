import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A real wire that can be cut: what is under way when it is cut is lost, new connections are refused. */
export type TcpProxy = {
  readonly url: string;
  readonly cut: () => void;
  readonly restore: () => void;
  readonly close: () => Promise<void>;
};

export async function tcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const open = new Set<Socket>();
  const wire = { cut: false };
  const track = (socket: Socket): void => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    track(near);
    if (wire.cut) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    track(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    return near;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      wire.cut = true;
      drop();
    },
    restore: () => {
      wire.cut = false;
    },
    close: () =>
      new Promise((resolve) => {
        drop();
        server.close(() => resolve());
      }),
  };
}
