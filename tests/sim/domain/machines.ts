/** Every table with a state: its key, and from each state those that one event leads to. */
type Machine = { readonly key: string; readonly moves: Readonly<Record<string, readonly string[]>> };

export const MACHINES: Readonly<Record<string, Machine>> = {
  business_day: {
    key: 'day',
    moves: { OPEN: ['CLOSING'], CLOSING: ['CLOSED'], CLOSED: ['REOPENED'], REOPENED: ['CLOSED'] },
  },
  room: {
    key: 'room',
    moves: {
      AVAILABLE: ['RESERVED', 'OUT_OF_SERVICE'],
      RESERVED: ['OCCUPIED', 'AVAILABLE'],
      OCCUPIED: ['CLEANING'],
      CLEANING: ['AVAILABLE'],
      OUT_OF_SERVICE: ['AVAILABLE'],
    },
  },
  credential: {
    key: 'credential',
    moves: {
      PENDING_VERIFICATION: ['ACTIVE', 'REVOKED', 'SUPERSEDED'],
      ACTIVE: ['SUSPENDED', 'REVOKED', 'SUPERSEDED'],
      SUSPENDED: ['REVOKED', 'SUPERSEDED'],
      REVOKED: ['SUPERSEDED'],
      SUPERSEDED: [],
    },
  },
  attendance: {
    key: 'attendance',
    moves: { CHECKED_IN: ['CHECKED_OUT'], CHECKED_OUT: ['SETTLED', 'CHECKED_IN'], SETTLED: ['CHECKED_IN'] },
  },
  house_fee: {
    key: 'fee',
    moves: { ASSESSED: ['PAID', 'DEFERRED', 'WAIVED'], DEFERRED: ['PAID', 'WAIVED'], PAID: [], WAIVED: [] },
  },
  rotation_entry: {
    key: 'entry',
    moves: {
      WAITING: ['CALLED', 'ON_STAGE'],
      CALLED: ['ON_DECK', 'ON_STAGE', 'WAITING'],
      ON_DECK: ['ON_STAGE', 'WAITING'],
      ON_STAGE: ['WAITING'],
    },
  },
  room_session: {
    key: 'session',
    moves: {
      QUOTED: ['RUNNING', 'CANCELLED'],
      RUNNING: ['ENDED'],
      ENDED: ['SETTLED', 'VOIDED'],
      SETTLED: ['VOIDED'],
      VOIDED: [],
      CANCELLED: [],
    },
  },
  drawer_session: { key: 'drawer_session', moves: { OPENED: ['COUNTED', 'CLOSED'], COUNTED: ['CLOSED'], CLOSED: [] } },
  safety_record: {
    key: 'record',
    moves: {
      OPEN: ['UNDER_REVIEW', 'CLOSED'],
      UNDER_REVIEW: ['CLOSED'],
      CLOSED: [],
      ACTIVE: ['LIFTED'],
      LIFTED: [],
      FILED: [],
    },
  },
  tip_out: {
    key: 'tip_out',
    moves: { PROPOSED: ['ACKNOWLEDGED', 'DECLINED'], ACKNOWLEDGED: ['PAID', 'DECLINED'], PAID: [], DECLINED: [] },
  },
  feature: {
    key: 'feature',
    moves: { SCHEDULED: ['LIVE', 'CANCELLED'], LIVE: ['DONE'], DONE: [], CANCELLED: [] },
  },
  shift: {
    key: 'shift',
    moves: { SCHEDULED: ['CAME', 'NO_SHOW', 'CANCELLED'], CAME: [], NO_SHOW: [], CANCELLED: [] },
  },
  shift_swap: {
    key: 'swap',
    moves: { REQUESTED: ['AGREED', 'DECLINED'], AGREED: ['APPROVED', 'DECLINED'], APPROVED: [], DECLINED: [] },
  },
  voucher: { key: 'voucher', moves: { CIRCULATING: ['REDEEMED', 'VOID'], REDEEMED: [], VOID: [] } },
  reservation: { key: 'reservation', moves: { OPEN: ['KEPT', 'CANCELLED'], KEPT: [], CANCELLED: [] } },
  invitation: {
    key: 'invitation',
    moves: { INVITED: ['APPLIED', 'REFUSED'], APPLIED: ['APPROVED', 'REFUSED'], APPROVED: [], REFUSED: [] },
  },
};

/** All states that can be reached from this one, in any number of events; itself too. */
export function reachable({ moves }: Machine, from: string): ReadonlySet<string> {
  const seen = new Set([from]);
  for (const state of seen) for (const next of moves[state] ?? []) seen.add(next);
  return seen;
}
