import { blob, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AttendanceState } from '#shared/domain/attendance.ts';
import type { DayState } from '#shared/domain/business-day.ts';
import type { DrawerState } from '#shared/domain/drawer.ts';
import type { DeviceCeiling, Engagement, Price, Role, RoomRate } from '#shared/domain/event.ts';
import type { FeeState } from '#shared/domain/house-fee.ts';
import type { CredentialKind, CredentialState } from '#shared/domain/policy-words.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { SettlementDirection } from '#shared/domain/room-terms.ts';
import type { RoomState, SessionState } from '#shared/domain/room-session.ts';
import type { EntryState } from '#shared/domain/rotation.ts';
import type { Song } from '#shared/domain/rotation-events.ts';

/** How far a box is with taking another's place. Places are on the club's mainline, counted from its first event. */
export type RecoveryRow = {
  readonly phase: 'history' | 'witnesses' | 'done';
  /** The last event of the old box that is here: its log, and the chain's hash there. */
  readonly at: { readonly logId: string; readonly seq: number; readonly hash: string } | null;
  /** The last event that the cloud had. Of a history that had forked, other ways may begin behind it than the one to `at`. */
  readonly start: { readonly logId: string; readonly seq: number; readonly hash: string } | null;
  readonly here: number;
  readonly hereAt: number | null;
  readonly heardOf: number;
  /** Events that witnesses handed over and that could not be taken, as what lies before them is missing. */
  readonly unjoined: number;
  readonly fromCloud: number;
  readonly fromMirror: number;
  readonly fromTablets: number;
  readonly devices: readonly string[];
};
/** `conflict`: a row of the tables stands against it; `misfit`: what it goes on from is not there; `unknown`: a newer program wrote it. */
export type ReviewReason = 'conflict' | 'misfit' | 'unknown';

/** The tables as the migrations make them (a test compares the two). What each is for stands there. */
export const log = sqliteTable('log', {
  logId: text('log_id').primaryKey(),
  base: integer().notNull(),
  parentLog: text('parent_log'),
  parentSeq: integer('parent_seq'),
  parentHash: text('parent_hash'),
  nodeId: text('node_id').notNull(),
  keyThumbprint: text('key_thumbprint').notNull(),
  nth: integer().notNull(),
});
export const event = sqliteTable('event', {
  pos: integer().primaryKey(),
  logId: text('log_id').notNull(),
  seq: integer().notNull(),
  line: text().notNull(),
  hash: blob({ mode: 'buffer' }).notNull(),
});
export const commandAnswer = sqliteTable('command_answer', {
  key: text().primaryKey(),
  fingerprint: blob({ mode: 'buffer' }).notNull(),
  refusal: text().$type<Refusal>(),
  fromPos: integer('from_pos').notNull(),
  toPos: integer('to_pos').notNull(),
  born: text().notNull(),
});
export const dataKey = sqliteTable('data_key', {
  subject: text().primaryKey(),
  wrapped: blob({ mode: 'buffer' }).notNull(),
  escrowed: integer({ mode: 'boolean' }).notNull().default(false),
});
export const incoming = sqliteTable('incoming', {
  pos: integer().primaryKey(),
  logId: text('log_id').notNull(),
  seq: integer().notNull(),
  line: text().notNull(),
  hash: blob({ mode: 'buffer' }).notNull(),
});
export const box = sqliteTable('box', {
  id: text().primaryKey(),
  fenced: integer({ mode: 'boolean' }).notNull(),
  cloudEpoch: integer('cloud_epoch'),
  keysWanted: text('keys_wanted'),
  recovery: text({ mode: 'json' }).$type<RecoveryRow>(),
});
export const signIn = sqliteTable('sign_in', {
  tokenHash: text('token_hash').primaryKey(),
  staff: text().notNull(),
  device: text().notNull(),
  signedInAt: integer('signed_in_at').notNull(),
});
export const uplink = sqliteTable('uplink', {
  logId: text('log_id').primaryKey(),
  acked: integer().notNull(),
  opened: integer({ mode: 'boolean' }).notNull(),
  cloudEpoch: integer('cloud_epoch'),
  receipt: text(),
  halted: text(),
});

export const club = sqliteTable('club', {
  id: text().primaryKey(),
  name: text().notNull(),
  tz: text().notNull(),
  currency: text().notNull(),
  cutoffMinutes: integer('cutoff_minutes').notNull(),
  pack: text().notNull(),
  taxBasisPoints: integer('tax_basis_points').notNull(),
  houseFeeCents: integer('house_fee_cents').notNull(),
  roomRates: text('room_rates', { mode: 'json' }).$type<readonly RoomRate[]>().notNull(),
  settlementDirection: text('settlement_direction').$type<SettlementDirection>(),
});
export const stage = sqliteTable('stage', {
  stage: text().primaryKey(),
  name: text().notNull(),
  kind: text().$type<'main' | 'side' | 'podium'>().notNull(),
  open: integer({ mode: 'boolean' }).notNull().default(true),
});
export const room = sqliteTable('room', {
  room: text().primaryKey(),
  name: text().notNull(),
  state: text().$type<RoomState>().notNull(),
  session: text(),
});
export const drawer = sqliteTable('drawer', {
  drawer: text().primaryKey(),
  name: text().notNull(),
  drawerSession: text('drawer_session'),
});
export const staff = sqliteTable('staff', {
  staff: text().primaryKey(),
  name: text().notNull(),
  roles: text({ mode: 'json' }).$type<readonly Role[]>().notNull(),
  pin: text().notNull(),
});
export const device = sqliteTable('device', {
  device: text().primaryKey(),
  name: text().notNull(),
  ceiling: text().$type<DeviceCeiling>().notNull(),
  tokenHash: text('token_hash').notNull(),
  revoked: integer({ mode: 'boolean' }).notNull(),
});
export const businessDay = sqliteTable('business_day', {
  day: text().primaryKey(),
  date: text().notNull(),
  state: text().$type<DayState>().notNull(),
  openedAt: integer('opened_at').notNull(),
  closedAt: integer('closed_at'),
});
export const dancer = sqliteTable('dancer', {
  dancer: text().primaryKey(),
  stageName: text('stage_name').notNull(),
  engagement: text().$type<Engagement>().notNull(),
  legalName: text('legal_name').notNull(),
  birthDate: text('birth_date').notNull(),
});
export const credential = sqliteTable('credential', {
  credential: text().primaryKey(),
  dancer: text().notNull(),
  kind: text().$type<CredentialKind>().notNull(),
  issuer: text().notNull(),
  expiresOn: text('expires_on'),
  issuedOn: text('issued_on'),
  state: text().$type<CredentialState>().notNull(),
  number: text(),
});
export const attendance = sqliteTable('attendance', {
  attendance: text().primaryKey(),
  day: text().notNull(),
  dancer: text().notNull(),
  state: text().$type<AttendanceState>().notNull(),
  segment: integer().notNull(),
  checkedInAt: integer('checked_in_at').notNull(),
});
export const houseFee = sqliteTable('house_fee', {
  fee: text().primaryKey(),
  attendance: text().notNull(),
  dancer: text().notNull(),
  cents: integer().notNull(),
  state: text().$type<FeeState>().notNull(),
});
export const rotationEntry = sqliteTable('rotation_entry', {
  entry: text().primaryKey(),
  stage: text().notNull(),
  attendance: text().notNull(),
  dancer: text().notNull(),
  state: text().$type<EntryState>().notNull(),
  away: integer(),
  round: integer().notNull(),
  rank: real().notNull(),
  held: integer({ mode: 'boolean' }).notNull(),
  version: integer().notNull(),
  calledAt: integer('called_at'),
  songs: text({ mode: 'json' }).$type<readonly Song[]>().notNull().default([]),
});
export const stageSet = sqliteTable('stage_set', {
  set: text('stage_set').primaryKey(),
  entry: text().notNull(),
  stage: text().notNull(),
  dancer: text().notNull(),
  startedAt: integer('started_at').notNull(),
  endedAt: integer('ended_at'),
  outcome: text().$type<'COMPLETED' | 'CUT_SHORT'>(),
  songs: text({ mode: 'json' }).$type<readonly Song[]>().notNull().default([]),
});
export const roomSession = sqliteTable('room_session', {
  session: text().primaryKey(),
  room: text().notNull(),
  state: text().$type<SessionState>().notNull(),
  dancers: text({ mode: 'json' }).$type<readonly string[]>().notNull(),
  minutes: integer().notNull(),
  segments: integer().notNull(),
  price: text({ mode: 'json' }).$type<Price>().notNull(),
  startedAt: integer('started_at'),
  plannedEnd: integer('planned_end'),
  endedAt: integer('ended_at'),
  minimumCents: integer('minimum_cents').notNull().default(0),
});
export const inRoom = sqliteTable('in_room', {
  dancer: text().primaryKey(),
  session: text().notNull(),
});
export const drawerSession = sqliteTable('drawer_session', {
  drawerSession: text('drawer_session').primaryKey(),
  drawer: text().notNull(),
  responsible: text().notNull(),
  state: text().$type<DrawerState>().notNull(),
  bankCents: integer('bank_cents').notNull(),
  countedCents: integer('counted_cents'),
  overShortCents: integer('over_short_cents'),
});
export const posting = sqliteTable(
  'posting',
  {
    pos: integer().notNull(),
    n: integer().notNull(),
    day: text(),
    account: text().notNull(),
    cents: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.pos, table.n] })],
);
export const balance = sqliteTable('balance', {
  account: text().primaryKey(),
  cents: integer().notNull(),
});
export const nightTotal = sqliteTable(
  'night_total',
  { day: text().notNull(), class: text().notNull(), cents: integer().notNull() },
  (table) => [primaryKey({ columns: [table.day, table.class] })],
);
export const review = sqliteTable('review', {
  pos: integer().primaryKey(),
  type: text().notNull(),
  day: text(),
  at: integer().notNull(),
  why: text().$type<ReviewReason>().notNull(),
});
export const nightCount = sqliteTable(
  'night_count',
  { day: text().notNull(), type: text().notNull(), n: integer().notNull() },
  (table) => [primaryKey({ columns: [table.day, table.type] })],
);
