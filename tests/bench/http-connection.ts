import { newKey } from '../support/key.ts';
import { once } from 'node:events';
import { connect } from 'node:net';

export type Asked = { readonly host: string; readonly port: number; readonly path: string; readonly token: string };
export type Connection = {
  /** Sends one command and answers its HTTP status, when the whole answer is there. */
  readonly post: (body: string) => Promise<number>;
  readonly close: () => void;
};

/** One keep-alive connection that posts one address: the least a client can do, so that the server is what is measured. */
export async function openConnection({ host, port, path, token }: Asked): Promise<Connection> {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, 'connect');
  let waiting: { readonly resolve: (status: number) => void; readonly reject: (error: Error) => void } | null = null;
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (data: string) => {
    received += data;
    const status = wholeAnswer(received);
    if (status === null) return;
    received = '';
    waiting?.resolve(status);
  });
  socket.on('error', (error) => waiting?.reject(error));
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\n`;
  return {
    post: (body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(`${head}Content-Length: ${body.length}\r\nIdempotency-Key: ${newKey()}\r\n\r\n${body}`, 'latin1');
      }),
    close: () => void socket.destroy(),
  };
}

function wholeAnswer(received: string): number | null {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const length = /content-length: (\d+)/i.exec(received)?.[1];
  if (received.length < headEnd + 4 + Number(length ?? 0)) return null;
  return Number(received.slice(9, 12));
}
