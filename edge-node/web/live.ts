import { LIVE_CLOSE, LIVE_PATH, LIVE_SILENCE_MS, type ClientFrame, type CloudState, type ServerFrame } from '#shared/contract/live.ts';
import type { Clock } from './clock.ts';
import type { Feed } from './feed.ts';
import type { Signal } from './signal.ts';

const BACKOFF_MS_MIN = 250;
const BACKOFF_MS_MAX = 2_000;
const CONNECT_MS_MAX = 3_000;
const WATCH_EVERY_MS = 500;

/** How the way to the node is. `heardAt` is by this device's clock; null before the first frame. */
export type Link = { readonly open: boolean; readonly heardAt: number | null; readonly openedAt: number; readonly cloud: CloudState };
export const NO_LINK: Link = { open: false, heardAt: null, openedAt: 0, cloud: { link: 'off', waiting: 0 } };

type Wiring = {
  readonly token: string;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly link: Signal<Link>;
  readonly onSignedOut: () => void;
};
type Line = { socket: WebSocket | null; since: number; tries: number; retry: number; inbox: Promise<void>; closed: boolean };

/** The socket to the node: comes back by itself, from the last seq it showed, until it is closed or signed out. */
export function openLive(wiring: Wiring): { close: () => void } {
  const line: Line = { socket: null, since: 0, tries: 0, retry: 0, inbox: Promise.resolve(), closed: false };
  const wake = () => {
    if (document.visibilityState === 'visible' && line.socket === null) connect(line, wiring);
  };
  const watch = setInterval(() => dropIfSilent(line, wiring), WATCH_EVERY_MS);
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
  socket.addEventListener('open', () => {
    const hello: ClientFrame = { f: 'hello', token: wiring.token, since: wiring.feed.seq() };
    socket.send(JSON.stringify(hello));
  });
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    line.inbox = line.inbox.then(async () => {
      const frame = await frameOf(data);
      if (line.socket === socket) take(frame, line, wiring);
    });
  });
  socket.addEventListener('close', ({ code }) => {
    if (line.socket !== socket) return;
    if (code === LIVE_CLOSE.notSignedIn && !line.closed) wiring.onSignedOut();
    else drop(line, wiring);
  });
}

/** A snapshot comes deflated; all frames are handled in the order in which they came. */
async function frameOf(data: string | ArrayBuffer): Promise<ServerFrame> {
  if (typeof data === 'string') return JSON.parse(data) as ServerFrame;
  const inflated = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return (await new Response(inflated).json()) as ServerFrame;
}

function take(frame: ServerFrame, line: Line, wiring: Wiring): void {
  const { link, clock, feed } = wiring;
  const known = link.get();
  const heardAt = Date.now();
  if (frame.f !== 'events') clock.setServerNow(frame.now);
  const cloud = frame.f === 'events' ? known.cloud : frame.cloud;
  link.set({ open: true, heardAt, openedAt: known.open ? known.openedAt : heardAt, cloud });
  line.since = heardAt;
  if (feed.receive(frame) === 'gap') drop(line, wiring);
  else line.tries = 0;
}

function drop(line: Line, { link, ...rest }: Wiring): void {
  const { socket } = line;
  line.socket = null;
  socket?.close();
  link.set({ ...link.get(), open: false });
  if (line.closed) return;
  const longest = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** line.tries);
  line.tries += 1;
  line.retry = window.setTimeout(() => connect(line, { link, ...rest }), longest * (0.5 + Math.random() / 2));
}

/** A node that lost power closes nothing: silence is the only sign. */
function dropIfSilent(line: Line, wiring: Wiring): void {
  if (line.socket === null) return;
  const isOpen = line.socket.readyState === WebSocket.OPEN;
  if (Date.now() - line.since > (isOpen ? LIVE_SILENCE_MS : CONNECT_MS_MAX)) drop(line, wiring);
}
