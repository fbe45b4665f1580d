import { deflateRawSync } from 'node:zlib';
import type { WebSocket } from 'ws';
import type { BoothBrief } from '#shared/contract/booth-api.ts';
import {
  LIVE_BEAT_MS,
  LIVE_CLOSE,
  type CloudState,
  type RowChange,
  type SealedTail,
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
/** Of a screen: the last place whose rows it shows, and the last whose lines it keeps; null for none. */
export type Stands = { readonly since: Since | null; readonly kept: Since | null };
export type Hub = {
  /** After a commit: to every screen what changed, built once for each sight that anyone has, and the lines to keep. */
  readonly publish: (written: readonly Written[]) => void;
  /** After a joined history, where places and hashes are others than before: every screen begins anew. */
  readonly resync: () => void;
  /** A screen that has signed in. */
  readonly join: (socket: WebSocket, screen: Screen, stands: Stands) => void;
  /** How the booth is from now on: every screen is told at once, and with every beat. */
  readonly booth: (brief: BoothBrief) => void;
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
  /** The lines that were written as blobs for screens to keep: asked once a commit, and never while there is no screen. */
  readonly tails: (written: readonly Written[]) => readonly SealedTail[];
  readonly cloud: () => CloudState;
  readonly clock: Clock;
};

export function openHub(parts: HubParts): Hub {
  const rooms: Record<Sight, Set<WebSocket>> = { money: new Set(), cash: new Set(), booth: new Set() };
  const screens = new WeakMap<WebSocket, Screen>();
  const anew = openAnew(parts);
  const everyone = () => SIGHTS.flatMap((sight) => [...rooms[sight]]);
  const toAll = (sight: Sight, frame: Buffer, binary: boolean): void => {
    for (const socket of rooms[sight]) send(socket, frame, binary);
  };
  const { now, booth, close } = openBeat(parts, (frame) => {
    for (const socket of everyone()) send(socket, frame, false);
  });

  return {
    publish: (written) => {
      const sights = SIGHTS.filter((one) => rooms[one].size > 0);
      if (sights.length === 0) return;
      const rows = rowsOf(written);
      const to = parts.head();
      const tails = parts.tails(written);
      const text = JSON.stringify(tails);
      for (const sight of sights) {
        if (rows !== 'everything') {
          const from = to - written.length + 1;
          toAll(sight, withTails(changes(parts, sight, { rows, from, to }), text), false);
          continue;
        }
        if (tails.length > 0) toAll(sight, withTails({ f: 'tails' }, text), false);
        toAll(sight, anew.snapshot(sight), true);
      }
    },
    resync: () => {
      anew.forget();
      for (const sight of SIGHTS) for (const socket of rooms[sight]) begin(socket, sight, { anew, missed: null });
    },
    join: (socket, screen, stands) => {
      const { sight } = screen;
      rooms[sight].add(socket);
      screens.set(socket, screen);
      socket.once('close', () => rooms[sight].delete(socket));
      const frame = catchUp(parts, sight, stands);
      if (frame) sendFirst(socket, frame, false);
      else begin(socket, sight, { anew, missed: unkept(parts, stands.kept) });
      send(socket, now(), false);
    },
    booth,
    drop: (isGone) => {
      for (const socket of everyone()) {
        const screen = screens.get(socket);
        if (screen && isGone(screen)) socket.close(LIVE_CLOSE.notSignedIn);
      }
    },
    sockets: () => everyone().length,
    close: () => {
      close();
      for (const socket of everyone()) socket.terminate();
    },
  };
}

/** What is not in the log: the clock, the place, the way to the cloud, the booth. */
function openBeat({ clock, head, cloud }: HubParts, toAll: (frame: Buffer) => void) {
  const said: { booth: BoothBrief } = { booth: { rev: 0, alarm: null } };
  const now = () => encode({ f: 'beat', now: clock.wall(), seq: head(), cloud: cloud(), ...said });
  const beat = setInterval(() => toAll(now()), LIVE_BEAT_MS);
  beat.unref();
  return {
    now,
    booth: (brief: BoothBrief): void => {
      said.booth = brief;
      toAll(now());
    },
    close: () => clearInterval(beat),
  };
}

/** What a screen began with and has not taken yet, in bytes: not its fault that it is much. */
const owed = new WeakMap<WebSocket, number>();

/** A socket that does not keep up is let go: it comes back and asks from where it was. */
function send(socket: WebSocket, frame: Buffer, binary: boolean): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > limits.liveSocketQueueBytesMax + (owed.get(socket) ?? 0))
    socket.close(LIVE_CLOSE.tooSlow);
  else socket.send(frame, { binary, compress: false });
}

function sendFirst(socket: WebSocket, frame: Buffer, binary: boolean): void {
  const bytes = frame.length;
  owed.set(socket, (owed.get(socket) ?? 0) + bytes);
  const taken = () => owed.set(socket, Math.max(0, (owed.get(socket) ?? 0) - bytes));
  if (socket.readyState === socket.OPEN) socket.send(frame, { binary, compress: false }, taken);
}

function encode(frame: ServerFrame): Buffer {
  return Buffer.from(JSON.stringify(frame));
}

/** What a screen gets that begins anew: built once for each place, however many screens ask. */
type Anew = {
  /** Compressed, once for each sight. */
  readonly snapshot: (sight: Sight) => Buffer;
  /** What the cloud does not have yet, so that what a screen keeps has no hole; null where there is nothing. */
  readonly unsent: () => Buffer | null;
  readonly forget: () => void;
};

function openAnew(parts: HubParts): Anew {
  const { view, head, hashAt, clock, cloud } = parts;
  const kept = { at: -1, snapshots: new Map<Sight, Buffer>(), unsent: undefined as Buffer | null | undefined };
  const forget = (): void => {
    kept.snapshots.clear();
    kept.unsent = undefined;
  };
  const atHead = (): number => {
    if (kept.at !== head()) forget();
    return (kept.at = head());
  };
  return {
    snapshot: (sight) => {
      const seq = atHead();
      const known = kept.snapshots.get(sight);
      if (known) return known;
      const hash = hashAt(seq) ?? '';
      const made = encode({ f: 'snapshot', seq, hash, now: clock.wall(), rows: view.all(sight), cloud: cloud() });
      const frame = deflateRawSync(made);
      kept.snapshots.set(sight, frame);
      return frame;
    },
    unsent: () => {
      const at = atHead();
      if (kept.unsent === undefined) kept.unsent = unsentFrame(parts, at);
      return kept.unsent;
    },
    forget,
  };
}

function unsentFrame(parts: HubParts, head: number): Buffer | null {
  const most = Math.min(parts.cloud().waiting, head, limits.liveMissedEventsMax);
  const tails = tailsOf(parts, parts.missed(head - most, most) ?? []);
  return tails.length > 0 ? encode({ f: 'tails', tails }) : null;
}

/** The lines since those that a screen keeps; null where that can't be told, or is too much. */
function unkept(parts: HubParts, kept: Since | null): readonly SealedTail[] | null {
  if (kept === null || parts.hashAt(kept.seq) !== kept.hash) return null;
  const missed = parts.missed(kept.seq, limits.liveMissedEventsMax);
  return missed && tailsOf(parts, missed);
}

function begin(
  socket: WebSocket,
  sight: Sight,
  { anew, missed }: { readonly anew: Anew; readonly missed: readonly SealedTail[] | null },
): void {
  const tails = missed === null ? anew.unsent() : missed.length > 0 ? encode({ f: 'tails', tails: missed }) : null;
  if (tails) sendFirst(socket, tails, false);
  sendFirst(socket, anew.snapshot(sight), true);
}

function catchUp(parts: HubParts, sight: Sight, { since, kept }: Stands): Buffer | null {
  if (since === null || parts.hashAt(since.seq) !== since.hash) return null;
  const missed = parts.missed(since.seq, limits.liveMissedEventsMax);
  const rows = missed && rowsOf(missed);
  if (missed === null || rows === null || rows === 'everything') return null;
  const to = parts.head();
  const isKept = kept !== null && parts.hashAt(kept.seq) === kept.hash;
  const tails = tailsOf(parts, isKept ? missed.filter(({ pos }) => pos > kept.seq) : missed);
  return withTails(changes(parts, sight, { rows, from: since.seq + 1, to }), JSON.stringify(tails));
}

/** For a screen that begins; a bounded number of bytes, of which the newest lines are worth most. */
function tailsOf({ tails }: HubParts, written: readonly Written[]): readonly SealedTail[] {
  const all = written.length > 0 ? tails(written) : [];
  let chars = 0;
  return all
    .toReversed()
    .filter(({ blob }) => (chars += blob.length) <= FIRST_TAIL_CHARS_MAX)
    .toReversed();
}

const FIRST_TAIL_CHARS_MAX = 1_000_000;
type Bare<F extends ServerFrame['f']> = Omit<Extract<ServerFrame, { readonly f: F }>, 'tails'>;

function changes(
  { view, hashAt }: HubParts,
  sight: Sight,
  { rows, from, to }: { readonly rows: Exclude<Touched, 'everything'>; readonly from: number; readonly to: number },
): Bare<'events'> {
  const list: readonly RowChange[] = rows.map(([table, id]) => view.row(table, id, sight));
  return { f: 'events', from, to, hash: hashAt(to) ?? '', list };
}

/** The blobs are the same for every sight: written once, and set behind what each sight sees. */
function withTails(frame: Bare<'events'> | Bare<'tails'>, tails: string): Buffer {
  return Buffer.from(`${JSON.stringify(frame).slice(0, -1)},"tails":${tails}}`);
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
