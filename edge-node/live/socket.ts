import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { LIVE_CLOSE, LIVE_PATH, type Since } from '#shared/contract/live.ts';
import { sightOf } from '#shared/domain/rights.ts';
import type { Edge } from '../edge.ts';
import { limits } from '../limits.ts';
import type { Stands } from './hub.ts';

export type LiveSockets = { readonly close: () => void };
type Hello = { readonly token: string; readonly stands: Stands };

/** The screens' sockets: a hello with a session's token, then the hub speaks. */
export function liveSockets(server: Server, edge: Edge, isOurs: (request: IncomingMessage) => boolean): LiveSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.liveFrameBytesMax,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = request.url?.split('?')[0];
    if (path !== LIVE_PATH || !isOurs(request) || sockets.clients.size >= limits.liveSocketsMax) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, greet);
  };
  const greet = (socket: WebSocket): void => {
    const late = setTimeout(() => socket.close(LIVE_CLOSE.notSignedIn), limits.liveHelloMs);
    socket.on('error', () => socket.terminate());
    socket.once('close', () => clearTimeout(late));
    socket.once('message', (data) => {
      clearTimeout(late);
      const hello = parseHello(data);
      if (!hello) return socket.close(LIVE_CLOSE.badFrame);
      const who = edge.signIns.byToken(hello.token);
      if (!who) return socket.close(LIVE_CLOSE.notSignedIn);
      return edge.hub.join(socket, { sight: sightOf(who.roles), device: who.device, token: hello.token }, hello.stands);
    });
  };
  server.on('upgrade', onUpgrade);
  return {
    close: () => {
      server.off('upgrade', onUpgrade);
      // The server waits for its connections, and a screen never ends one by itself.
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function parseHello(data: RawData): Hello | null {
  try {
    const frame: unknown = JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : '');
    if (typeof frame !== 'object' || frame === null || !('f' in frame) || frame.f !== 'hello') return null;
    if (!('token' in frame) || typeof frame.token !== 'string') return null;
    const since = 'since' in frame ? parseSince(frame.since) : null;
    const kept = 'kept' in frame ? parseSince(frame.kept) : null;
    return { token: frame.token, stands: { since, kept } };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function parseSince(since: unknown): Since | null {
  if (typeof since !== 'object' || since === null || !('seq' in since) || !('hash' in since)) return null;
  const { seq, hash } = since;
  return typeof seq === 'number' && Number.isSafeInteger(seq) && typeof hash === 'string' ? { seq, hash } : null;
}
