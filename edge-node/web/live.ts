import {
  LIVE_CLOSE,
  LIVE_PATH,
  LIVE_SILENCE_MS,
  type ClientFrame,
  type CloudState,
  type ServerFrame,
} from '#shared/contract/live.ts';
import type { BoothBrief } from '#shared/contract/booth-api.ts';
import type { Clock } from './clock.ts';
import type { Feed } from './feed.ts';
import { minutesOf } from './loss.ts';
import type { Signal } from './signal.ts';
import type { Tails } from './tails.ts';

const BACKOFF_MS_MIN = 250;
const BACKOFF_MS_MAX = 2_000;
const CONNECT_MS_MAX = 3_000;
const WATCH_EVERY_MS = 250;
/** A blink of the Wi-Fi is not worth a word; this long is. */
const QUIET_MS = 2_000;
const GONE_MS = 10_000;
const OLD_MS = 30_000;

/** How the way to the node is, as it is shown. It changes only when what is shown does. */
export type Link = {
  readonly look: 'live' | 'reconnecting' | 'unreachable';
  readonly staleMinutes: number;
  /** What is on the screen is too old to act on without a thought. */
  readonly isOld: boolean;
  /** Null until the node has said it. */
  readonly cloud: CloudState | null;
};
export const NO_LINK: Link = {
  look: 'reconnecting',
  staleMinutes: 0,
  isOld: false,
  cloud: null,
};

type Wiring = {
  readonly token: string;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly link: Signal<Link>;
  readonly booth: Signal<BoothBrief>;
  readonly tails: Pick<Tails, 'ready' | 'place' | 'take'>;
  readonly onSignedOut: () => void;
};
type Line = {
  socket: WebSocket | null;
  /** When this socket was last heard, or began. */
  since: number;
  /** When any socket was last heard, by this device's clock. */
  heardAt: number;
  heardOnce: boolean;
  open: boolean;
  tries: number;
  retry: number;
  inbox: Promise<void>;
  closed: boolean;
};

/** The socket to the node: comes back by itself, from the last seq it showed, until it is closed or signed out. */
export function openLive(wiring: Wiring): { close: () => void } {
  const now = Date.now();
  const line: Line = {
    socket: null,
    since: now,
    heardAt: now,
    heardOnce: false,
    open: false,
    tries: 0,
    retry: 0,
    inbox: Promise.resolve(),
    closed: false,
  };
  const wake = () => {
    if (document.visibilityState === 'visible' && line.socket === null) connect(line, wiring);
  };
  const watch = setInterval(() => {
    dropIfSilent(line, wiring);
    show(line, wiring, wiring.link.get().cloud);
  }, WATCH_EVERY_MS);
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);
  connect(line, wiring);
  return {
    close() {
      line.closed = true;
      clearInterval(watch);
      clearTimeout(line.retry);
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('online', wake);
      line.socket?.close();
    },
  };
}

function connect(line: Line, wiring: Wiring): void {
  clearTimeout(line.retry);
  const url = new URL(LIVE_PATH, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  line.socket = socket;
  line.since = Date.now();
  socket.addEventListener('open', () => void greet(socket, wiring));
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    line.inbox = line.inbox.then(async () => {
      const frame = await frameOf(data);
      if (line.socket === socket && !line.closed) take(frame, line, wiring);
    });
  });
  socket.addEventListener('close', ({ code }) => {
    if (line.socket !== socket || line.closed) return;
    if (code === LIVE_CLOSE.notSignedIn) wiring.onSignedOut();
    else drop(line, wiring);
  });
}

async function greet(socket: WebSocket, { token, feed, tails }: Wiring): Promise<void> {
  await tails.ready;
  const hello: ClientFrame = { f: 'hello', token, since: feed.since(), kept: tails.place() };
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(hello));
}

/** A snapshot comes deflated; all frames are handled in the order in which they came. */
async function frameOf(data: string | ArrayBuffer): Promise<ServerFrame> {
  if (typeof data === 'string') return JSON.parse(data) as ServerFrame;
  const inflated = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return (await new Response(inflated).json()) as ServerFrame;
}

function take(frame: ServerFrame, line: Line, wiring: Wiring): void {
  line.heardAt = Date.now();
  line.since = line.heardAt;
  line.heardOnce = true;
  line.open = true;
  if ('now' in frame) wiring.clock.setServerNow(frame.now);
  // What comes behind a gap comes again.
  if (wiring.feed.receive(frame) === 'gap') return drop(line, wiring);
  wiring.tails.take(frame);
  if (frame.f === 'beat') takeBooth(frame.booth, wiring.booth);
  line.tries = 0;
  show(line, wiring, 'cloud' in frame ? frame.cloud : wiring.link.get().cloud);
}

/** The same object until something in it changes, so that nothing is drawn every two seconds. */
function takeBooth(brief: BoothBrief, booth: Signal<BoothBrief>): void {
  const { rev, alarm } = booth.get();
  if (rev !== brief.rev || alarm !== brief.alarm) booth.set(brief);
}

function drop(line: Line, wiring: Wiring): void {
  const { socket } = line;
  line.socket = null;
  line.open = false;
  socket?.close();
  const longest = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** line.tries);
  line.tries += 1;
  line.retry = window.setTimeout(() => connect(line, wiring), longest * (0.5 + Math.random() / 2));
}

/** A node that lost power closes nothing: silence is the only sign. */
function dropIfSilent(line: Line, wiring: Wiring): void {
  if (line.socket === null) return;
  const isOpen = line.socket.readyState === WebSocket.OPEN;
  if (Date.now() - line.since > (isOpen ? LIVE_SILENCE_MS : CONNECT_MS_MAX)) drop(line, wiring);
}

function show({ open, heardAt, heardOnce }: Line, { link }: Wiring, cloud: CloudState | null): void {
  const silentMs = Date.now() - heardAt;
  const isLive = heardOnce && (open || silentMs <= QUIET_MS);
  const look = silentMs > GONE_MS ? 'unreachable' : isLive ? 'live' : 'reconnecting';
  const next: Link = { look, staleMinutes: Math.floor(silentMs / 60_000), isOld: silentMs > OLD_MS, cloud };
  const shown = link.get();
  const isSame = shown.look === look && shown.staleMinutes === next.staleMinutes && shown.isOld === next.isOld;
  if (!isSame || !looksSame(shown.cloud, cloud)) link.set(next);
}

function looksSame(one: CloudState | null, other: CloudState | null): boolean {
  if (one === null || other === null) return one === other;
  const isCopySame = one.copy === other.copy && one.review === other.review;
  const isAgeSame = minutesOf(one.oldestMs) === minutesOf(other.oldestMs);
  return one.link === other.link && one.waiting === other.waiting && isCopySame && isAgeSame;
}
