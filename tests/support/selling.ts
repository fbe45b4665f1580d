import { lineHead } from '#shared/log/line.ts';
import type { Edge } from '../../edge-node/edge.ts';
import { linesOf } from './verify-log.ts';
import type { Tablet } from './tablet.ts';

/** The rooms of a floor and a dancer for each. */
export type Floor = { readonly rooms: readonly string[]; readonly dancers: readonly string[] };
export const SALE_EVENTS = 5;
export const SALE_CENTS = 15_000 + 500;

/** Everyone whom guests may ask for is here. */
export async function openFloor(tablet: Tablet, { rooms, dancers }: Floor): Promise<void> {
  await Promise.all(rooms.map((_room, at) => tablet.give('attendance.check_in', { dancer: dancers[at] ?? '' })));
}

/** So many guests, each in a room for a while: paid by card, with a tip. Rooms are let at the same time. */
export async function sell(tablet: Tablet, { rooms, dancers }: Floor, guests: number): Promise<void> {
  const lanes = rooms.map(async (room, at) => {
    for (let guest = at; guest < guests; guest += rooms.length) await one(tablet, room, dancers[at] ?? '');
  });
  await Promise.all(lanes);
}

async function one(tablet: Tablet, room: string, dancer: string): Promise<void> {
  const session = await tablet.must('room_session.quote', { room, rate: 'vip15', dancers: [dancer] });
  await tablet.must('room_session.start', { session });
  await tablet.must('room_session.end', { session, reason: 'guest' });
  await tablet.must('room_session.settle', { session, method: 'card', drawer: null, tipCents: 500 });
  await tablet.must('room.clean', { room });
}

/** Ids of all events that a box holds, in their order. */
export const idsOn = ({ sqlite }: Pick<Edge, 'sqlite'>): readonly string[] =>
  idsIn(linesOf(sqlite).map(({ line }) => line));

export function idsIn(lines: readonly string[]): readonly string[] {
  return lines.map((line) => lineHead(line)?.id ?? 'no id');
}

/** What occurs more than once. */
export function twice(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.has(id) || !seen.add(id));
}
