import { bigint, boolean, customType, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** The tables as ordinary queries see them. Keys, checks, policies and grants are in the migrations. */
const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** Sequence numbers and cents stay below 2^53 by what is let in. */
const count = (name: string) => bigint(name, { mode: 'number' });

export const cloudState = pgTable('cloud_state', {
  onlyRow: boolean('only_row').notNull(),
  epoch: integer('epoch').notNull(),
  nonceSecret: bytea('nonce_secret').notNull(),
  restoredWhy: text('restored_why'),
});

export const signingKey = pgTable('signing_key', {
  kid: text('kid').notNull(),
  privateJwk: jsonb('private_jwk').$type<Ed25519PrivateJwk>().notNull(),
  publicJwk: jsonb('public_jwk').$type<Ed25519Jwk>().notNull(),
  createdAt: at('created_at').notNull(),
  retiredAt: at('retired_at'),
});
export type Ed25519Jwk = { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
export type Ed25519PrivateJwk = Ed25519Jwk & { readonly d: string };

export const org = pgTable('org', {
  org: integer('org').notNull(),
  name: text('name').notNull(),
  createdAt: at('created_at').notNull(),
});

export const club = pgTable('club', {
  org: integer('org').notNull(),
  club: integer('club').generatedAlwaysAsIdentity().notNull(),
  name: text('name').notNull(),
  createdAt: at('created_at').notNull(),
  activeLog: integer('active_log'),
  salvageWaits: boolean('salvage_waits').notNull().default(false),
  holds: boolean('holds').notNull().default(false),
});

export const node = pgTable('node', {
  org: integer('org').notNull(),
  node: integer('node').generatedAlwaysAsIdentity().notNull(),
  club: integer('club').notNull(),
  nodeId: text('node_id').notNull(),
  keyX: text('key_x').notNull(),
  thumbprint: text('thumbprint').notNull(),
  version: text('version').notNull(),
  enrolledAt: at('enrolled_at').notNull(),
  revokedAt: at('revoked_at'),
  replacedAt: at('replaced_at'),
});

export const nodeDirectory = pgTable('node_directory', {
  nodeId: text('node_id').notNull(),
  homeOrg: integer('home_org').notNull(),
});

export const enrolmentCode = pgTable('enrolment_code', {
  org: integer('org').notNull(),
  selector: text('selector').notNull(),
  secretHash: bytea('secret_hash').notNull(),
  club: integer('club').notNull(),
  tries: integer('tries').notNull().default(0),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
  node: integer('node'),
  replaces: boolean('replaces').notNull().default(false),
});

export const edgeLog = pgTable('edge_log', {
  org: integer('org').notNull(),
  log: integer('log').generatedAlwaysAsIdentity().notNull(),
  logId: text('log_id').notNull(),
  club: integer('club').notNull(),
  node: integer('node').notNull(),
  parentLogId: text('parent_log_id'),
  parentSeq: count('parent_seq'),
  parentHash: bytea('parent_hash'),
  genesis: bytea('genesis').notNull(),
  state: text('state', { enum: ['open', 'sealed', 'salvage'] })
    .notNull()
    .default('open'),
  acked: count('acked').notNull().default(0),
  hash: bytea('hash').notNull(),
  projected: count('projected').notNull().default(0),
  nodeHead: count('node_head').notNull().default(0),
  openedAt: at('opened_at').notNull(),
  sealedAt: count('sealed_at'),
  salvageTaken: count('salvage_taken').notNull().default(0),
});

export const logMark = pgTable('log_mark', {
  org: integer('org').notNull(),
  log: integer('log').notNull(),
  seq: count('seq').notNull(),
  hash: bytea('hash').notNull(),
});

export const sealedKey = pgTable('sealed_key', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  subject: text('subject').notNull(),
  wrapped: text('wrapped'),
});

export const boxStatus = pgTable('box_status', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  node: integer('node').notNull(),
  version: text('version').notNull(),
  logId: text('log_id').notNull(),
  head: count('head').notNull(),
  waiting: count('waiting').notNull(),
  oldestMs: count('oldest_ms'),
  secondCopy: text('second_copy').notNull(),
  toldAt: at('told_at').notNull(),
});

export const alert = pgTable('alert', {
  org: integer('org').notNull(),
  alert: integer('alert').generatedAlwaysAsIdentity().notNull(),
  club: integer('club').notNull(),
  kind: text('kind', { enum: ['clone_suspected', 'fork_seen'] }).notNull(),
  about: text('about').notNull(),
  detail: jsonb('detail').$type<Readonly<Record<string, string | number>>>().notNull(),
  raisedAt: at('raised_at').notNull(),
  closedAt: at('closed_at'),
  closedWhy: text('closed_why'),
});

export const event = pgTable('event', {
  org: integer('org').notNull(),
  log: integer('log').notNull(),
  seq: count('seq').notNull(),
  line: text('line').notNull(),
});

export const nightTotal = pgTable('night_total', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  day: text('day').notNull(),
  class: text('class').notNull(),
  cents: count('cents').notNull(),
});

export const nightCount = pgTable('night_count', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  day: text('day').notNull(),
  type: text('type').notNull(),
  n: count('n').notNull(),
});

export const quarantine = pgTable('quarantine', {
  org: integer('org').notNull(),
  log: integer('log').notNull(),
  seq: count('seq').notNull(),
  reason: text('reason').notNull(),
  foundAt: at('found_at').notNull(),
  aggregate: text('aggregate'),
  state: text('state', { enum: ['held', 'released', 'dropped'] })
    .notNull()
    .default('held'),
  why: text('why'),
  decidedAt: at('decided_at'),
});
