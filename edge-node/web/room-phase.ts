import type { Row } from './store.ts';

export type RoomPhase = 'free' | 'held' | 'running' | 'soon' | 'last' | 'over' | 'cleaning';

const SOON_MS = 3 * 60_000;
const LAST_MS = 60_000;

/** What a room's card says: the node's state, and how near the end is. */
export function roomPhase({ state, session }: Row<'room'>, now: number): RoomPhase {
  if (state === 'AVAILABLE') return 'free';
  if (state === 'RESERVED') return 'held';
  if (state === 'CLEANING') return 'cleaning';
  const left = (session?.plannedEnd ?? now) - now;
  if (left <= 0) return 'over';
  if (left <= LAST_MS) return 'last';
  return left <= SOON_MS ? 'soon' : 'running';
}
