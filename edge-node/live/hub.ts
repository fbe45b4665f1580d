import { deflateRawSync } from 'node:zlib';
import type { WebSocket } from 'ws';
import {
  LIVE_BEAT_MS,
  LIVE_CLOSE,
  type CloudState,
  type RowChange,
  type ServerFrame,
  type Since,
} from '#shared/contract/live.ts';
import { SIGHTS, type Sight } from '#shared/domain/rights.ts';
import type { Clock } from '../clock.ts';
import { limits } from '../limits.ts';
import type { Written } from '../log/log.ts';
import { touched, type Touched } from './touched.ts';
import type { View } from './view.ts';

export type Screen = { readonly sight: Sight; readonly device: string; readonly token: string };
export type Hub = {
  /** After a commit: to every screen what changed, built once for each sight that anyone has. */
  readonly publish: (written: readonly Written[]) => void;
  /** A screen that has signed in. `since` is the last place that it knows, null for none. */
  readonly join: (socket: WebSocket, screen: Screen, since: Since | null) => void;
  /** Closes the screens of a device or a person that may see nothing any more. */
  readonly drop: (isGone: (screen: Screen) => boolean) => void;
  readonly sockets: () => number;
  readonly close: () => void;
};

export type HubParts = {
  readonly view: View;
  readonly head: () => number;
  /** The hash at a place as screens know it; null where the log does not reach. */
  readonly hashAt: (pos: number) => string | null;
  /** What happened after a place on the mainline, oldest first, at most so many; null where that is too much. */
  readonly missed: (since: number, most: number) => readonly Written[] | null;
  readonly cloud: () => CloudState;
  readonly clock: Clock;
};

export function openHub(parts: HubParts): Hub {
  const rooms: Record<Sight, Set<WebSocket>> = { money: new Set(), cash: new Set(), booth: new Set() };
  const screens = new WeakMap<WebSocket, Screen>();
  const snapshot = openSnapshots(parts);
  const everyone = () => SIGHTS.flatMap((sight) => [...rooms[sight]]);
  const toAll = (sight: Sight, frame: Buffer, binary: boolean): void => {
    for (const socket of rooms[sight]) send(socket, frame, binary);
  };
  const beat = setInterval(() => {
    const frame = encode({ f: 'beat', now: parts.clock.wall(), seq: parts.head(), cloud: parts.cloud() });
    for (const socket of everyone()) send(socket, frame, false);
  }, LIVE_BEAT_MS);
  beat.unref();

  return {
    publish: (written) => {
      const rows = rowsOf(written);
      const to = parts.head();
      for (const sight of SIGHTS.filter((one) => rooms[one].size > 0)) {
        if (rows === 'everything') toAll(sight, snapshot(sight), true);
        else toAll(sight, encode(changes(parts, sight, { rows, from: to - written.length + 1, to })), false);
      }
    },
    join: (socket, screen, since) => {
      const { sight } = screen;
      rooms[sight].add(socket);
      screens.set(socket, screen);
      socket.once('close', () => rooms[sight].delete(socket));
      const frame = since === null ? null : catchUp(parts, sight, since);
      if (frame) send(socket, encode(frame), false);
      else send(socket, snapshot(sight), true);
      send(socket, encode({ f: 'beat', now: parts.clock.wall(), seq: parts.head(), cloud: parts.cloud() }), false);
    },
    drop: (isGone) => {
      for (const socket of everyone()) {
        const screen = screens.get(socket);
        if (screen && isGone(screen)) socket.close(LIVE_CLOSE.notSignedIn);
      }
    },
    sockets: () => everyone().length,
    close: () => {
      clearInterval(beat);
      for (const socket of everyone()) socket.terminate();
    },
  };
}

/** A socket that does not keep up is let go: it comes back and asks from where it was. */
function send(socket: WebSocket, frame: Buffer, binary: boolean): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > limits.liveSocketQueueBytesMax) socket.close(LIVE_CLOSE.tooSlow);
  else socket.send(frame, { binary, compress: false });
}

function encode(frame: ServerFrame): Buffer {
  return Buffer.from(JSON.stringify(frame));
}

/** Built and compressed once for each sight and place, however many screens ask. */
function openSnapshots({ view, head, hashAt, clock, cloud }: HubParts): (sight: Sight) => Buffer {
  const kept = new Map<Sight, { readonly at: number; readonly frame: Buffer }>();
  return (sight) => {
    const at = head();
    const known = kept.get(sight);
    if (known?.at === at) return known.frame;
    const frame = deflateRawSync(
      encode({
        f: 'snapshot',
        seq: at,
        hash: hashAt(at) ?? '',
        now: clock.wall(),
        rows: view.all(sight),
        cloud: cloud(),
      }),
    );
    kept.set(sight, { at, frame });
    return frame;
  };
}

function catchUp(parts: HubParts, sight: Sight, since: Since): ServerFrame | null {
  const to = parts.head();
  if (parts.hashAt(since.seq) !== since.hash) return null;
  const missed = parts.missed(since.seq, limits.liveMissedEventsMax);
  const rows = missed && rowsOf(missed);
  if (rows === null || rows === 'everything') return null;
  return changes(parts, sight, { rows, from: since.seq + 1, to });
}

function changes(
  { view, hashAt }: HubParts,
  sight: Sight,
  { rows, from, to }: { readonly rows: Exclude<Touched, 'everything'>; readonly from: number; readonly to: number },
): ServerFrame {
  const list: readonly RowChange[] = rows.map(([table, id]) => view.row(table, id, sight));
  return { f: 'events', from, to, hash: hashAt(to) ?? '', list };
}

/** Each touched row once, however often it was touched. */
function rowsOf(written: readonly Written[]): Touched {
  const rows = new Map<string, readonly [RowChange[0], string]>();
  for (const { event } of written) {
    const found = touched(event);
    if (found === 'everything') return 'everything';
    for (const row of found) rows.set(row.join('/'), row);
  }
  return [...rows.values()];
}
