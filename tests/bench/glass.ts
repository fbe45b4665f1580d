import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { LIVE_PATH } from '#shared/contract/live.ts';

/** What came to one screen since it opened. */
export type Glass = {
  readonly snapshots: number;
  readonly snapshotBytes: number;
  readonly events: number;
  readonly eventsBytes: number;
  /** Answers when so many `events` frames are there. */
  readonly seen: (events: number) => Promise<void>;
  readonly close: () => void;
};

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
/** `{"f":"events"…`: the first letter of the frame's name. */
const NAME_AT = 6;
const EVENTS = 'e'.charCodeAt(0);

/** A bare WebSocket (RFC 6455) that counts frames and reads nothing else, so that 200 of them cost little. */
export async function openGlass(host: string, port: number, token: string): Promise<Glass> {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, 'connect');
  const glass = { snapshots: 0, snapshotBytes: 0, events: 0, eventsBytes: 0 };
  let wanted = { events: Number.POSITIVE_INFINITY, resolve: (): void => undefined };
  let first = (): void => undefined;
  const readFrame = (opcode: number, payload: Buffer): void => {
    if (opcode === BINARY) {
      glass.snapshots += 1;
      glass.snapshotBytes = payload.length;
      first();
    } else if (opcode === TEXT && payload[NAME_AT] === EVENTS) {
      glass.events += 1;
      glass.eventsBytes = payload.length;
      if (glass.events >= wanted.events) wanted.resolve();
    } else if (opcode === CLOSE) throw new Error('The node closed a screen.');
  };
  await upgrade(socket, `${host}:${port}`);
  const snapshot = new Promise<void>((resolve) => (first = resolve));
  socket.on('data', frames(readFrame));
  socket.write(masked(JSON.stringify({ f: 'hello', token, since: null })));
  await snapshot;
  return Object.assign(glass, {
    seen: (events: number) =>
      new Promise<void>((resolve) => {
        if (glass.events >= events) resolve();
        else wanted = { events, resolve };
      }),
    close: () => void socket.destroy(),
  });
}

async function upgrade(socket: Socket, host: string): Promise<void> {
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET ${LIVE_PATH} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error('The node took no WebSocket.');
}

function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126 ? [0x81, 0x80 | payload.length] : [0x81, 0xfe, payload.length >> 8, payload.length & 0xff];
  // A mask of zeros is a mask.
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}

/** Cuts a server's unmasked, unfragmented frames out of what arrives. */
function frames(each: (opcode: number, payload: Buffer) => void): (data: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (data) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    for (let frame = cut(rest); frame !== null; frame = cut(rest)) {
      each(frame.opcode, rest.subarray(frame.start, frame.end));
      rest = rest.subarray(frame.end);
    }
  };
}

function cut(data: Buffer): { readonly opcode: number; readonly start: number; readonly end: number } | null {
  if (data.length < 2) return null;
  const opcode = data.readUInt8(0) & 0x0f;
  const short = data.readUInt8(1);
  if (short < 126) return data.length < 2 + short ? null : { opcode, start: 2, end: 2 + short };
  if (data.length < 4) return null;
  if (short === 126) {
    const end = 4 + data.readUInt16BE(2);
    return data.length < end ? null : { opcode, start: 4, end };
  }
  throw new Error('A frame over 64 KB.');
}
