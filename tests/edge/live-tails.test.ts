import { inflateRawSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { afterEach, expect, test, vi } from 'vitest';
import {
  LIVE_CLOSE,
  type CloudState,
  type RowChange,
  type SealedTail,
  type ServerFrame,
  type Since,
} from '#shared/contract/live.ts';
import { event, type ClubEvent } from '#shared/domain/event.ts';
import { SIGHTS, type Sight } from '#shared/domain/rights.ts';
import { setClock } from '../../edge-node/clock.ts';
import { limits } from '../../edge-node/limits.ts';
import { openHub, type Hub } from '../../edge-node/live/hub.ts';
import type { Written } from '../../edge-node/log/log.ts';

/** The hub on a history of its own, with sockets in memory: what it makes, how often, and who gets it. */
const CLOUD: CloudState = { link: 'up', waiting: 0, oldestMs: null, copy: 'off', review: 0 };
const opened: Hub[] = [];
afterEach(() => {
  for (const hub of opened.splice(0)) hub.close();
});

const at = (pos: number) => Buffer.alloc(32, pos % 256);
function writtenAt(pos: number, made: ClubEvent): Written {
  return { pos, event: made, day: null, logId: 'log', seq: pos, line: `line ${pos}`, hash: at(pos), prev: at(pos - 1) };
}
const roomAdded = (pos: number) => writtenAt(pos, event('room.added', { room: `r${pos}`, name: `Room ${pos}` }));
/** Moves every running instant: a snapshot stands for it. */
const clockSet = (pos: number) => writtenAt(pos, event('clock.stepped', { byMs: 3_600_000 }));
const blobOf = (written: readonly Written[]) => written.map(({ line }) => line).join(', ');

function openTestHub() {
  const history: Written[] = [];
  const state = { waiting: 0, branch: 'a' };
  const tails = vi.fn<(written: readonly Written[]) => readonly SealedTail[]>((written) => [
    { log: 'log', seq: written.at(-1)?.pos ?? 0, n: written.length, blob: blobOf(written) },
  ]);
  const all = vi.fn<(sight: Sight) => readonly RowChange[]>(() => []);
  const hub = openHub({
    view: { all, row: (table, id, sight) => [table, id, { sight, id }] as unknown as RowChange },
    head: () => history.length,
    hashAt: (pos) => (pos >= 0 && pos <= history.length ? `${state.branch}${pos}` : null),
    missed: (since, most) => (history.length - since > most ? null : history.slice(since)),
    tails,
    cloud: () => ({ ...CLOUD, waiting: state.waiting }),
    clock: setClock({ wall: 0, mono: 0 }, 'b_test'),
  });
  opened.push(hub);
  const commit = (...made: readonly ((pos: number) => Written)[]) => {
    const written = made.map((make, at) => make(history.length + 1 + at));
    history.push(...written);
    hub.publish(written);
  };
  const at = (pos: number): Since => ({ seq: pos, hash: `${state.branch}${pos}` });
  return { hub, tails, all, state, commit, at, history };
}

type Wire = { readonly bytes: () => number; readonly drain: () => void; readonly codes: readonly number[] };

/** `slow`: nothing goes out until it is drained. */
function joined(
  hub: Hub,
  sight: Sight,
  stands: { readonly since: Since | null; readonly kept: Since | null },
  slow = false,
) {
  const frames: ServerFrame[] = [];
  const held: { readonly bytes: number; readonly gone: (() => void) | undefined }[] = [];
  const codes: number[] = [];
  const wire: Wire = {
    bytes: () => held.reduce((sum, { bytes }) => sum + bytes, 0),
    drain: () => held.splice(0).forEach(({ gone }) => gone?.()),
    codes,
  };
  const socket = {
    readyState: WebSocket.OPEN,
    OPEN: WebSocket.OPEN,
    get bufferedAmount() {
      return wire.bytes();
    },
    send: (frame: Buffer, { binary }: { readonly binary: boolean }, gone?: () => void) => {
      if (slow) held.push({ bytes: frame.length, gone });
      const text = (binary ? inflateRawSync(frame) : frame).toString('utf8');
      frames.push(JSON.parse(text) as ServerFrame);
    },
    once: () => undefined,
    close: (code: number) => codes.push(code),
    terminate: () => undefined,
  };
  hub.join(socket as unknown as WebSocket, { sight, device: sight, token: sight }, stands);
  const kinds = () => frames.map(({ f }) => f);
  return { frames, wire, kinds, forget: () => void frames.splice(0) };
}
const NEW = { since: null, kept: null };
const tailsIn = (frames: readonly ServerFrame[]) =>
  frames.flatMap((frame) => ('tails' in frame ? frame.tails.map(({ blob }) => blob) : []));

test('a commit is sealed once, and every sight gets the blob beside its own rows', () => {
  const { hub, tails, commit } = openTestHub();
  const screens = SIGHTS.flatMap((sight) => [joined(hub, sight, NEW), joined(hub, sight, NEW)]);
  tails.mockClear();
  commit(roomAdded, roomAdded);
  expect(tails).toHaveBeenCalledExactlyOnceWith([roomAdded(1), roomAdded(2)]);
  for (const [at, { frames }] of screens.entries()) {
    const sight = SIGHTS[Math.floor(at / 2)];
    expect(frames.at(-1)).toEqual({
      f: 'events',
      from: 1,
      to: 2,
      hash: 'a2',
      list: [
        ['room', 'r1', { sight, id: 'r1' }],
        ['room', 'r2', { sight, id: 'r2' }],
      ],
      tails: [{ log: 'log', seq: 2, n: 2, blob: 'line 1, line 2' }],
    });
  }
});

test('nothing is sealed and nothing is read while nobody looks', () => {
  const { hub, tails, all, commit } = openTestHub();
  commit(roomAdded);
  commit(clockSet);
  expect([tails, all].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  expect(hub.sockets()).toBe(0);
});

test('where a snapshot stands for a commit, its lines go before it', () => {
  const { hub, tails, commit } = openTestHub();
  const screens = SIGHTS.map((sight) => joined(hub, sight, NEW));
  for (const { forget } of screens) forget();
  tails.mockClear();
  commit(roomAdded, clockSet);
  expect(tails).toHaveBeenCalledTimes(1);
  for (const { frames, kinds } of screens) {
    expect(kinds()).toEqual(['tails', 'snapshot']);
    expect(tailsIn(frames)).toEqual(['line 1, line 2']);
  }
});

test('a screen that comes back gets the lines that it missed with the rows', () => {
  const { hub, commit, at } = openTestHub();
  for (let pos = 1; pos <= 5; pos += 1) commit(roomAdded);
  const { frames } = joined(hub, 'booth', { since: at(3), kept: at(3) });
  expect(frames[0]).toMatchObject({ f: 'events', from: 4, to: 5, tails: [{ seq: 5, n: 2, blob: 'line 4, line 5' }] });
});

test('lines that a screen keeps already do not come again, though their rows do', () => {
  const { hub, tails, commit, at } = openTestHub();
  for (let pos = 1; pos <= 5; pos += 1) commit(roomAdded);
  expect(tailsIn(joined(hub, 'booth', { since: at(2), kept: at(4) }).frames)).toEqual(['line 5']);
  tails.mockClear();
  expect(joined(hub, 'booth', { since: at(5), kept: at(5) }).frames[0]).toMatchObject({ f: 'events', tails: [] });
  expect(tails).not.toHaveBeenCalled();
});

test('a page that was loaded anew has no rows, but gets the lines since those that it keeps', () => {
  const { hub, state, commit, at } = openTestHub();
  for (let pos = 1; pos <= 5; pos += 1) commit(roomAdded);
  state.waiting = 5;
  const back = joined(hub, 'booth', { since: null, kept: at(3) });
  expect(back.kinds()).toEqual(['tails', 'snapshot', 'beat']);
  expect(tailsIn(back.frames)).toEqual(['line 4, line 5']);
  expect(joined(hub, 'booth', { since: null, kept: at(5) }).kinds()).toEqual(['snapshot', 'beat']);
});

test('a screen that keeps nothing, or lines of another history, gets what the cloud does not have', () => {
  const { hub, tails, state, commit, at } = openTestHub();
  for (let pos = 1; pos <= 5; pos += 1) commit(roomAdded);
  state.waiting = 2;
  tails.mockClear();
  for (const kept of [null, { seq: 3, hash: 'b3' }, { seq: 9, hash: 'a9' }, { seq: -1, hash: 'a-1' }]) {
    const { kinds, frames } = joined(hub, 'booth', { since: null, kept });
    expect(kinds()).toEqual(['tails', 'snapshot', 'beat']);
    expect(tailsIn(frames)).toEqual(['line 4, line 5']);
  }
  expect(tails).toHaveBeenCalledTimes(1);
  commit(roomAdded);
  state.waiting = 0;
  expect(joined(hub, 'booth', NEW).kinds()).toEqual(['snapshot', 'beat']);
  expect(joined(hub, 'booth', { since: at(6), kept: null }).kinds()).toEqual(['events', 'beat']);
});

test('a screen that missed too much gets a bounded number of lines', () => {
  const { hub, tails, state, commit, at } = openTestHub();
  const made = Array.from({ length: limits.liveMissedEventsMax + 1 }, () => roomAdded);
  commit(...made);
  state.waiting = made.length;
  tails.mockClear();
  const { kinds } = joined(hub, 'booth', { since: at(0), kept: at(0) });
  expect(kinds()).toEqual(['tails', 'snapshot', 'beat']);
  expect(tails.mock.calls.map(([written]) => written.length)).toEqual([limits.liveMissedEventsMax]);
});

test('after a joined history every screen begins anew, also where the place is the same', () => {
  const { hub, all, state, commit } = openTestHub();
  commit(roomAdded, roomAdded);
  const screens = SIGHTS.map((sight) => joined(hub, sight, NEW));
  for (const { forget } of screens) forget();
  state.branch = 'b';
  state.waiting = 1;
  all.mockClear();
  hub.resync();
  for (const { frames, kinds } of screens) {
    expect(kinds()).toEqual(['tails', 'snapshot']);
    expect(tailsIn(frames)).toEqual(['line 2']);
    expect(frames[1]).toMatchObject({ seq: 2, hash: 'b2' });
  }
  expect(all.mock.calls.map(([sight]) => sight)).toEqual([...SIGHTS]);
});

test('a screen that begins with much is not let go for it, and one that takes nothing is', () => {
  const { hub, tails, commit, at } = openTestHub();
  tails.mockImplementation((written) =>
    written.map(({ pos, seq }) => ({ log: 'log', seq, n: 1, blob: `${pos}`.padEnd(2_000, 'x') })),
  );
  commit(...Array.from({ length: 900 }, () => roomAdded));
  const { wire, frames } = joined(hub, 'booth', { since: at(0), kept: at(0) }, true);
  expect(wire.bytes()).toBeGreaterThan(limits.liveSocketQueueBytesMax * 2);
  const kept = tailsIn(frames);
  expect(kept.at(-1)).toMatch(/^900x/);
  expect(kept.join('').length).toBeLessThanOrEqual(1_000_000);
  for (let turn = 0; turn < 20; turn += 1) commit(roomAdded);
  expect(wire.codes).toEqual([]);
  wire.drain();
  const before = limits.liveSocketQueueBytesMax / 2_000;
  for (let turn = 0; turn < before - 20; turn += 1) commit(roomAdded);
  expect(wire.codes).toEqual([]);
  for (let turn = 0; turn < 40; turn += 1) commit(roomAdded);
  expect(wire.codes).toContain(LIVE_CLOSE.tooSlow);
});
