import type { DESK_ROUTES } from '#shared/contract/desk-api.ts';
import type { ROOM_ROUTES } from '#shared/contract/room-api.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { CommandInput } from '../../edge-node/features/command.ts';

const GHOST = 'no-such-id';
type Named = keyof typeof ROOM_ROUTES | keyof typeof DESK_ROUTES;

/** The rooms' part of the examples. */
export const ROOM_EXAMPLES: { readonly [N in Named]: CommandInput<N> } = {
  'play.record': { track: null, title: 'Song', startedAt: 2, endedAt: 1 },
  'dance_count.settle': { session: GHOST, dances: 1, reason: 'why' },
  'room_session.acknowledge': {
    session: GHOST,
    witness: GHOST,
    processorRef: null,
    last4: null,
    strokes: [[0, 0, 9, 9, 18, 0, 27, 9]],
  },
  'room.reserve': { room: GHOST, at: 1, minutes: 30, guest: null },
  'reservation.keep': { reservation: GHOST },
  'reservation.cancel': { reservation: GHOST, reason: 'why' },
  'comp.grant': { of: 'drink', name: 'A drink', cents: 1, reason: 'why', approver: { staff: GHOST, pin: '1234' } },
  'settlement_direction.set': { direction: null },
  'room.take_out': { room: GHOST, reason: 'why' },
  'room.put_back': { room: GHOST },
  'room_session.set_minimum': { session: GHOST, cents: 1, reason: null },
  'room_session.swap': { session: GHOST, out: GHOST, into: GHOST, shareCents: 0 },
  'room_session.join': { session: GHOST, dancer: GHOST, rate: GHOST },
  'room_session.add': { session: GHOST, kind: 'dances', name: 'Dances', count: 1, eachCents: 2_000, houseCents: 0 },
  'room_session.confirm': { session: GHOST, dancer: GHOST },
  'room_session.dispute': { session: GHOST, dancer: GHOST, about: 'count' },
  'room_session.decide': { session: GHOST, dancer: GHOST, reason: 'why' },
  'room_session.collect': { session: GHOST, dancer: GHOST },
  'room_session.void': { session: GHOST, reason: 'why', drawer: null, second: { staff: GHOST, pin: '1234' } },
};

export const ROOM_REFUSED: { readonly [N in Named]: Refusal } = {
  'play.record': 'dates_reversed',
  'dance_count.settle': 'session_unknown',
  'room_session.acknowledge': 'session_unknown',
  'room.reserve': 'room_unknown',
  'reservation.keep': 'reservation_unknown',
  'reservation.cancel': 'reservation_unknown',
  'comp.grant': 'staff_unknown',
  'settlement_direction.set': 'nothing_changed',
  'room.take_out': 'room_unknown',
  'room.put_back': 'room_unknown',
  'room_session.set_minimum': 'session_unknown',
  'room_session.swap': 'session_unknown',
  'room_session.join': 'session_unknown',
  'room_session.add': 'session_unknown',
  'room_session.confirm': 'session_unknown',
  'room_session.dispute': 'session_unknown',
  'room_session.decide': 'session_unknown',
  'room_session.collect': 'session_unknown',
  'room_session.void': 'staff_unknown',
};
