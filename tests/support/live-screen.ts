import { inflateRawSync } from 'node:zlib';
import { WebSocket, type ClientOptions, type RawData } from 'ws';
import {
  LIVE_PATH,
  TAIL_LINES_KEPT,
  type RowChange,
  type SealedTail,
  type ServerFrame,
  type Since,
} from '#shared/contract/live.ts';

/** A screen on a node's live hub: says hello, then keeps rows as the contract tells it to. */
export type LiveScreen = {
  readonly frames: readonly ServerFrame[];
  /** Rows by `table/id`, as the frames so far make them. */
  readonly rows: ReadonlyMap<string, unknown>;
  /** The last place that it knows; null before any frame. */
  readonly seq: () => number | null;
  /** The same with the hash there, for a hello that resumes. */
  readonly since: () => Since | null;
  /** The blobs that it keeps for the club, oldest first: those of the last 2,000 lines. */
  readonly tails: readonly SealedTail[];
  /** Resolves once it holds; rejects after ten seconds. */
  readonly until: (what: string, holds: () => boolean) => Promise<void>;
  /** The close code. */
  readonly closed: Promise<number>;
  readonly socket: WebSocket;
  readonly close: () => Promise<number>;
};

export function openScreen(url: string, hello: unknown, options: ClientOptions = {}): LiveScreen {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${LIVE_PATH}`, { perMessageDeflate: false, ...options });
  const frames: ServerFrame[] = [];
  const rows = new Map<string, unknown>();
  const tails: SealedTail[] = [];
  const waiting = new Set<() => void>();
  const state: { since: Since | null } = { since: null };
  socket.on('open', () => {
    if (hello !== null) socket.send(typeof hello === 'string' ? hello : JSON.stringify(hello));
  });
  socket.on('message', (data, isBinary) => {
    const frame = frameOf(data, isBinary);
    frames.push(frame);
    if ('tails' in frame) keepTails(tails, frame.tails);
    state.since = applied(rows, frame) ?? state.since;
    for (const check of waiting) check();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => resolve(code));
    socket.on('error', () => resolve(1006));
  });
  return {
    frames,
    rows,
    tails,
    seq: () => state.since?.seq ?? null,
    since: () => state.since,
    until: (what, holds) => until(waiting, what, holds),
    closed,
    socket,
    close: () => {
      socket.close();
      return closed;
    },
  };
}

function until(waiting: Set<() => void>, what: string, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (then: () => void): void => {
      clearTimeout(late);
      waiting.delete(check);
      then();
    };
    const late = setTimeout(() => done(() => reject(new Error(`The screen waited ten seconds for ${what}.`))), 10_000);
    const check = (): void => {
      if (holds()) done(resolve);
    };
    waiting.add(check);
    check();
  });
}

function frameOf(data: RawData, isBinary: boolean): ServerFrame {
  const bytes = data as Buffer;
  return JSON.parse((isBinary ? inflateRawSync(bytes) : bytes).toString('utf8')) as ServerFrame;
}

/** Rows as the contract says; answers the place that the screen stands at now, null where the frame moves it to none. */
function applied(rows: Map<string, unknown>, frame: ServerFrame): Since | null {
  if (frame.f === 'beat' || frame.f === 'tails') return null;
  if (frame.f === 'snapshot') rows.clear();
  for (const [table, id, row] of frame.f === 'snapshot' ? frame.rows : frame.list) {
    if (row === null) rows.delete(`${table}/${id}`);
    else rows.set(`${table}/${id}`, row);
  }
  return { seq: frame.f === 'snapshot' ? frame.seq : frame.to, hash: frame.hash };
}

/** The newest that fit, as the floor app keeps them (`edge-node/web/tail-list.ts`). */
function keepTails(kept: SealedTail[], more: readonly SealedTail[]): void {
  kept.push(...more);
  let lines = kept.reduce((sum, { n }) => sum + n, 0);
  while (lines > TAIL_LINES_KEPT && kept.length > 1) lines -= kept.shift()?.n ?? 0;
}

/** Rows of the REST view, in the form that a screen keeps them. */
export function rowsOfView(list: readonly RowChange[]): ReadonlyMap<string, unknown> {
  return new Map(list.map(([table, id, row]) => [`${table}/${id}`, row]));
}

/** `since` is a screen's own `since()`: a place without its hash is no place, and gets a snapshot. */
export function helloOf(token: string, since: Since | null = null): object {
  return { f: 'hello', token, since };
}
