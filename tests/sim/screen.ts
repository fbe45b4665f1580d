import { inflateRawSync } from 'node:zlib';
import { WebSocket } from 'ws';
import type { RowChange, SealedTail, ServerFrame, Since } from '#shared/contract/live.ts';
import type { Sight } from '#shared/domain/rights.ts';
import type { Edge } from '../../edge-node/edge.ts';

/** A screen on the node's hub, its wire in memory. It folds frames as the floor app does. */
export type SimScreen = {
  readonly sight: Sight;
  readonly join: (edge: Edge) => void;
  /** The wire breaks: frames are lost until it joins again. */
  readonly drop: () => void;
  readonly isUp: () => boolean;
  /** Rows as JSON, sorted: what a person would see. */
  readonly shown: () => readonly string[];
  /** What it keeps for the club, oldest first. */
  readonly tails: () => readonly SealedTail[];
};

type Wire = {
  readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  send: (frame: Buffer, options: { readonly binary: boolean }) => void;
  once: (name: string, then: () => void) => void;
  close: () => void;
};

export function openSimScreen(sight: Sight, blind: boolean): SimScreen {
  const rows = new Map<string, string>();
  const kept: SealedTail[] = [];
  let seen: Since | null = null;
  let wire: (Wire & { readonly gone: () => void }) | null = null;
  const put = (list: readonly RowChange[]): void => {
    for (const [table, id, row] of list) {
      if (row === null) rows.delete(`${table}/${id}`);
      else rows.set(`${table}/${id}`, JSON.stringify([table, id, row]));
    }
  };
  const take = (frame: ServerFrame): void => {
    if (frame.f === 'events' || frame.f === 'tails') kept.push(...frame.tails);
    if (frame.f === 'beat' || frame.f === 'tails') return;
    if (frame.f === 'snapshot') rows.clear();
    put(frame.f === 'snapshot' ? frame.rows : frame.list);
    seen = { seq: frame.f === 'snapshot' ? frame.seq : frame.to, hash: frame.hash };
  };
  return {
    sight,
    join: (edge) => {
      wire = newWire(take);
      const { pos, hash } = edge.log.head();
      const told = blind && seen !== null ? { seq: pos, hash: hash.toString('hex', 0, 8) } : seen;
      edge.hub.join(
        wire as unknown as WebSocket,
        { sight, device: 'simulated', token: 'simulated' },
        {
          since: told,
          kept: told,
        },
      );
    },
    drop: () => {
      wire?.gone();
      wire = null;
    },
    isUp: () => wire !== null,
    shown: () => [...rows.values()].toSorted(),
    tails: () => kept,
  };
}

function newWire(take: (frame: ServerFrame) => void): Wire & { readonly gone: () => void } {
  const onClose: (() => void)[] = [];
  const wire = {
    readyState: WebSocket.OPEN as number,
    OPEN: WebSocket.OPEN,
    bufferedAmount: 0,
    send: (frame: Buffer, { binary }: { readonly binary: boolean }) =>
      take(JSON.parse((binary ? inflateRawSync(frame) : frame).toString('utf8')) as ServerFrame),
    once: (name: string, then: () => void) => void (name === 'close' && onClose.push(then)),
    close: () => undefined,
    gone: () => {
      wire.readyState = WebSocket.CLOSED;
      for (const then of onClose) then();
    },
  };
  return wire;
}
