import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What is wrong with a wire. Bytes that it does not name go through. */
export type Fault =
  /** Each piece, either way, is lost with its connection; `next` is chance in [0, 1). */
  | { readonly kind: 'loss'; readonly of: number; readonly next: () => number }
  | { readonly kind: 'late'; readonly ms: number }
  /** The connection is reset once it has carried so many bytes towards the cloud. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** Accepts and takes, and never answers. */
  | { readonly kind: 'half-open' }
  /** What is asked arrives; its answer does not. */
  | { readonly kind: 'answer-lost'; readonly to: RegExp }
  /** The answer comes a byte at a time, from its beginning on or behind its headers. */
  | { readonly kind: 'drip'; readonly everyMs: number; readonly from: 'headers' | 'body' }
  /** A request larger than this never arrives. */
  | { readonly kind: 'small-only'; readonly bytesMax: number }
  | { readonly kind: 'narrow'; readonly bytesPerSecond: number };

/** A real wire that can be cut: what is under way when it is cut is lost, new connections are refused. */
export type TcpProxy = {
  readonly url: string;
  readonly cut: () => void;
  readonly restore: () => void;
  /** From now on, also for connections that are open; null heals it. */
  readonly spoil: (fault: Fault | null) => void;
  /** How often a fault struck, and what went towards the cloud and back. */
  readonly struck: () => number;
  readonly bytesUp: () => number;
  /** Addresses that were asked for, in order. */
  readonly asked: () => readonly string[];
  readonly close: () => Promise<void>;
};

type Wire = {
  cut: boolean;
  fault: Fault | null;
  struck: number;
  bytesUp: number;
  readonly asked: string[];
  /** When what is on a narrow wire has gone through. */
  freeAt: number;
};
type Line = { readonly near: Socket; readonly far: Socket; lastAsked: string; sent: number; sinceAnswer: number };

export async function tcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const open = new Set<Socket>();
  const wire: Wire = { cut: false, fault: null, struck: 0, bytesUp: 0, asked: [], freeAt: 0 };
  const track = (socket: Socket): void => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    track(near);
    if (wire.cut) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    track(far);
    const line: Line = { near, far, lastAsked: '', sent: 0, sinceAnswer: 0 };
    carry(near, far, (piece) => up(wire, line, piece));
    carry(far, near, (piece) => down(wire, line, piece));
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
    spoil: (fault) => {
      wire.fault = fault;
    },
    struck: () => wire.struck,
    bytesUp: () => wire.bytesUp,
    asked: () => wire.asked,
    close: () =>
      new Promise((resolve) => {
        drop();
        server.close(() => resolve());
      }),
  };
}

/** Piece by piece, each when the one before has gone. */
function carry(from: Socket, to: Socket, go: (piece: Buffer) => Promise<void>): void {
  let before = Promise.resolve();
  from.on('data', (piece: Buffer) => {
    from.pause();
    before = before.then(() => go(piece)).then(() => void from.resume());
  });
  from.on('end', () => void before.then(() => to.end()));
}

const ASKED = /^(?:POST|GET) (\S+) HTTP/;

async function up(wire: Wire, line: Line, piece: Buffer): Promise<void> {
  const { fault } = wire;
  const asked = ASKED.exec(piece.subarray(0, 512).toString('latin1'))?.[1];
  if (asked !== undefined) {
    wire.asked.push(asked);
    line.lastAsked = asked;
    line.sinceAnswer = 0;
  }
  line.sinceAnswer += piece.length;
  if (fault?.kind === 'half-open') return strike(wire);
  if (fault?.kind === 'small-only' && line.sinceAnswer > fault.bytesMax) return lose(wire, line);
  if (fault?.kind === 'reset') {
    const left = fault.afterBytes - line.sent;
    if (piece.length >= left) return reset(wire, line, piece.subarray(0, Math.max(0, left)));
  }
  if (!(await through(wire, line, piece))) return;
  line.sent += piece.length;
  wire.bytesUp += piece.length;
  line.far.write(piece);
}

async function down(wire: Wire, line: Line, piece: Buffer): Promise<void> {
  const { fault } = wire;
  if (fault?.kind === 'answer-lost' && fault.to.test(line.lastAsked)) return lose(wire, line);
  if (!(await through(wire, line, piece))) return;
  if (fault?.kind !== 'drip') {
    line.near.write(piece);
    return;
  }
  strike(wire);
  const end = piece.indexOf('\r\n\r\n');
  const whole = fault.from === 'body' && end >= 0 ? end + 4 : 0;
  line.near.write(piece.subarray(0, whole));
  for (const byte of piece.subarray(whole)) {
    if (line.near.destroyed) return;
    line.near.write(Buffer.of(byte));
    await pause(fault.everyMs);
  }
}

/** What strikes either way; false where the piece is gone. */
async function through(wire: Wire, line: Line, piece: Buffer): Promise<boolean> {
  const { fault } = wire;
  if (fault?.kind === 'loss' && fault.next() < fault.of) {
    lose(wire, line);
    return false;
  }
  if (fault?.kind === 'late') {
    strike(wire);
    await pause(fault.ms);
  }
  if (fault?.kind === 'narrow') {
    wire.freeAt = Math.max(wire.freeAt, performance.now()) + (piece.length * 1_000) / fault.bytesPerSecond;
    await pause(Math.max(1, wire.freeAt - performance.now()));
  }
  return !line.far.destroyed && !line.near.destroyed;
}

function strike(wire: Wire): void {
  wire.struck += 1;
}

function lose(wire: Wire, { near, far }: Line): void {
  strike(wire);
  near.destroy();
  far.destroy();
}

function reset(wire: Wire, { near, far }: Line, last: Buffer): void {
  strike(wire);
  if (last.length > 0) far.write(last);
  near.resetAndDestroy();
  far.resetAndDestroy();
}
