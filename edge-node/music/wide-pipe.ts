import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where a stream of bytes is written to as it comes, without a piece of memory for each part of it. */
export type Vessel = {
  /** What is to be filled next; never empty. Asked for at once when the last was filled. */
  readonly room: () => Uint8Array;
  /** So many bytes of it were filled. */
  readonly filled: (bytes: number) => void;
};

export type WidePipe = {
  /** The program's end, for its `stdio`; whoever started it destroys it. */
  readonly end: Socket;
  /** When the program and all that it started have closed their end. Throws what the vessel throws. */
  readonly drained: Promise<void>;
};

/**
 * A pipe that is read straight into a vessel: a minute of sound is 20 MB, and Node's own pipes make a new buffer for every 64 KB of
 * it. The two ends are sockets that met in a folder which nobody else may enter.
 */
export async function openWidePipe({ room, filled }: Vessel): Promise<WidePipe> {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-pipe-'));
  const server = createServer({ pauseOnConnect: true });
  try {
    const place = path.join(folder, 'pipe');
    await listening(server, place);
    const met = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const ours = connect({ path: place, onread: { buffer: room, callback: (bytes) => take(bytes) } });
    const take = (bytes: number): boolean => {
      try {
        filled(bytes);
      } catch (error) {
        ours.destroy(error instanceof Error ? error : new Error(String(error)));
      }
      return true;
    };
    const drained = new Promise<void>((resolve, reject) => ours.once('error', reject).once('close', () => resolve()));
    const end = await Promise.race([met, drained.then(() => Promise.reject(new Error('The pipe closed at once.')))]);
    return { end, drained };
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function listening(server: Server, place: string): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(place, resolve));
}
