import type { DayState } from '#shared/domain/business-day.ts';
import type { AttendanceState } from '#shared/domain/attendance.ts';
import type { DrawerState } from '#shared/domain/drawer.ts';
import type { RoomRate } from '#shared/domain/event.ts';
import type { FeeState } from '#shared/domain/house-fee.ts';
import type { BoothBrief } from './booth-api.ts';
import type { RoomState, SessionState } from '#shared/domain/room-session.ts';
import type { EntryState } from '#shared/domain/rotation.ts';

/**
 * What a screen shows, as rows by table and id. A snapshot brings all rows, an `events` frame the rows that the
 * commits from..to touched; a row of null is gone. Rows come whole, so a screen only replaces, and all idle screens
 * of one sight hold the same rows. Amounts in cents, null where the sight may not see them; instants in epoch milliseconds.
 */
export type ViewTables = {
  club: {
    readonly id: 'club';
    readonly name: string;
    readonly tz: string;
    readonly currency: string;
    readonly rates: readonly RoomRate[];
  };
  /** At most one row, id `day`: the business day that is not closed. */
  day: {
    readonly id: 'day';
    readonly day: string;
    readonly date: string;
    readonly state: DayState;
    readonly openedAt: number;
  };
  stage: {
    readonly id: string;
    readonly name: string;
    readonly open: boolean;
    readonly live: {
      readonly set: string;
      readonly entry: string;
      readonly dancer: string;
      readonly name: string;
      readonly startedAt: number;
    } | null;
  };
  /** Tonight's dancers. */
  attendance: {
    readonly id: string;
    readonly dancer: string;
    readonly name: string;
    readonly state: AttendanceState;
    readonly checkedInAt: number;
    readonly where: 'floor' | 'stage' | 'room' | 'out';
    /** `cents` is what is still asked for; a fee that a law works out at the end of her shift may wait until she is settled. */
    readonly fee: {
      readonly fee: string;
      readonly state: FeeState;
      readonly cents: number | null;
      readonly mayWait: boolean;
    } | null;
  };
  entry: {
    readonly id: string;
    readonly stage: string;
    readonly dancer: string;
    readonly name: string;
    readonly state: EntryState;
    /** 3, 2, 1 or 0 away once called. */
    readonly away: number | null;
    /** When she was first called for this turn. */
    readonly calledAt: number | null;
    readonly round: number;
    readonly rank: number;
    readonly held: boolean;
    /** Goes back with a move, so that the node knows what the mover saw. */
    readonly version: number;
  };
  room: {
    readonly id: string;
    readonly name: string;
    readonly state: RoomState;
    readonly session: {
      readonly session: string;
      readonly state: SessionState;
      readonly dancers: readonly { readonly dancer: string; readonly name: string }[];
      readonly minutes: number;
      readonly startedAt: number | null;
      readonly plannedEnd: number | null;
      readonly grossCents: number | null;
    } | null;
  };
  drawer: {
    readonly id: string;
    readonly name: string;
    readonly state: DrawerState | null;
    readonly responsible: string | null;
    readonly bankCents: number | null;
  };
};
export type TableName = keyof ViewTables;
export const TABLE_NAMES = [
  'club',
  'day',
  'stage',
  'attendance',
  'entry',
  'room',
  'drawer',
] as const satisfies readonly TableName[];
export type RowChange = {
  readonly [T in TableName]: readonly [table: T, id: string, row: ViewTables[T] | null];
}[TableName];

/**
 * Where a screen stands: the last place that it knows and the log's hash there (hex, its first 16 characters). A node
 * that has another hash there was put back to an older disk: then the screen starts anew.
 */
export type Since = { readonly seq: number; readonly hash: string };

/**
 * First frame of a screen, within 5 s. With `since` it gets what it missed, or a snapshot where that is too much. `kept`
 * is the last place whose lines it keeps: a screen that was loaded anew has no rows, but it has its tails.
 */
export type ClientFrame = {
  readonly f: 'hello';
  readonly token: string;
  readonly since: Since | null;
  readonly kept: Since | null;
};
export type ServerFrame =
  | {
      readonly f: 'snapshot';
      readonly seq: number;
      readonly hash: string;
      readonly now: number;
      readonly rows: readonly RowChange[];
      readonly cloud: CloudState;
    }
  | {
      readonly f: 'events';
      readonly from: number;
      readonly to: number;
      readonly hash: string;
      readonly list: readonly RowChange[];
      /** What the screen keeps for the club; oldest first, one log each. */
      readonly tails: readonly SealedTail[];
    }
  /** Goes before a snapshot that stands for a commit. */
  | { readonly f: 'tails'; readonly tails: readonly SealedTail[] }
  /** Every 2 s, and at once when the booth changes: the node's clock, its last seq, how the way to the cloud and the booth are. */
  | {
      readonly f: 'beat';
      readonly now: number;
      readonly seq: number;
      readonly cloud: CloudState;
      readonly booth: BoothBrief;
    };

/**
 * A stretch of the log as a sealed blob that its keeper can't read (the club's key can): every screen of the club keeps
 * the last 2,000 lines' worth, and is a witness when the box is replaced. `n` lines, the last at `seq` of `log`.
 */
export type SealedTail = {
  readonly log: string;
  readonly seq: number;
  readonly n: number;
  /** base64url. */
  readonly blob: string;
};
export const TAIL_LINES_KEPT = 2_000;

/**
 * `off`: the club has no cloud. `waiting`: events that the cloud has not acknowledged, the oldest `oldestMs` old (null
 * where none waits); with `copy`, the mirror on another disk, that is the size of a possible loss right now.
 */
export type CloudState = {
  readonly link: 'up' | 'down' | 'off' | 'halted';
  readonly waiting: number;
  readonly oldestMs: number | null;
  readonly copy: SecondCopy;
  /** Changes of a joined history that could not be applied and wait for a person. */
  readonly review: number;
};
/** The mirror on another disk: there is none; it has every line; it is catching up; it can't be written. */
export type SecondCopy = 'off' | 'whole' | 'behind' | 'lost';

/** Snapshots travel as a binary message: raw deflate (RFC 1951) of the frame's JSON. Other frames are text. */
export const LIVE_PATH = '/live';
export const LIVE_BEAT_MS = 2_000;
export const LIVE_SILENCE_MS = 5_000;
/** Close codes. */
export const LIVE_CLOSE = { notSignedIn: 4401, tooSlow: 4413, badFrame: 4400 } as const;
