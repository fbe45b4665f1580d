import { bigint, integer, pgTable, text } from 'drizzle-orm/pg-core';

/** What headquarters and the clubs share. Keys, checks, policies and grants are in the migration. */
const count = (name: string) => bigint(name, { mode: 'number' });

export const feed = pgTable('feed', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  feed: text('feed').notNull(),
  epoch: integer('epoch').notNull(),
  rev: count('rev').notNull().default(0),
  tag: text('tag').notNull(),
  trimmed: count('trimmed').notNull().default(0),
  trimmedTag: text('trimmed_tag').notNull(),
});

export const feedItem = pgTable('feed_item', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  rev: count('rev').notNull(),
  tag: text('tag').notNull(),
  at: count('at').notNull(),
  item: text('item').notNull(),
});

export const feedSnapshot = pgTable('feed_snapshot', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  feed: text('feed').notNull(),
  rev: count('rev').notNull(),
  tag: text('tag').notNull(),
  madeAt: count('made_at').notNull(),
  n: integer('n').notNull(),
  lines: text('lines').notNull(),
  manifest: text('manifest').notNull(),
});

export const sharedField = pgTable('shared_field', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  coll: text('coll').notNull(),
  id: text('id').notNull(),
  field: text('field').notNull(),
  fv: count('fv').notNull(),
  value: text('value').notNull(),
  effectiveAt: count('effective_at').notNull(),
  origin: text('origin', { enum: ['hq', 'floor'] }).notNull(),
  writtenBy: text('written_by').notNull(),
  edit: text('edit'),
  floorValue: text('floor_value').notNull().default('null'),
  takenFv: count('taken_fv').notNull().default(0),
  waitsFv: count('waits_fv').notNull().default(0),
});

export const restriction = pgTable('restriction', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  restriction: text('restriction').notNull(),
  dancer: text('dancer').notNull(),
  kind: text('kind', { enum: ['banned', 'suspended', 'licence_expired', 'under_age'] }).notNull(),
  reason: text('reason').notNull(),
  origin: text('origin', { enum: ['hq', 'floor'] }).notNull(),
  setBy: text('set_by').notNull(),
  setAt: count('set_at').notNull(),
  liftedBy: text('lifted_by'),
  liftReason: text('lift_reason'),
  liftOrigin: text('lift_origin', { enum: ['hq', 'floor'] }),
  liftedAt: count('lifted_at'),
});

export const dancerNote = pgTable('dancer_note', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  note: text('note').notNull(),
  dancer: text('dancer').notNull(),
  origin: text('origin', { enum: ['hq', 'floor'] }).notNull(),
  writtenBy: text('written_by').notNull(),
  writtenAt: count('written_at').notNull(),
  text: text('text'),
  sealed: text('sealed'),
});

export const signedBlob = pgTable('signed_blob', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  coll: text('coll').notNull(),
  ver: count('ver').notNull(),
  jws: text('jws').notNull(),
  takenVer: count('taken_ver').notNull().default(0),
});

export const clubCommand = pgTable('club_command', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  command: text('command').notNull(),
  cmd: text('cmd').notNull(),
  args: text('args').notNull(),
  notAfter: count('not_after').notNull(),
  sentBy: text('sent_by').notNull(),
  sentAt: count('sent_at').notNull(),
  outcome: text('outcome'),
  refusal: text('refusal'),
  doneAt: count('done_at'),
});

export const sharedReview = pgTable('shared_review', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  review: text('review').notNull(),
  kind: text('kind', { enum: ['conflict', 'review', 'not_taken'] }).notNull(),
  coll: text('coll').notNull(),
  id: text('id').notNull(),
  field: text('field').notNull(),
  hqValue: text('hq_value').notNull(),
  floorValue: text('floor_value').notNull(),
  edit: text('edit'),
  refusal: text('refusal'),
  madeAt: count('made_at').notNull(),
  decision: text('decision', { enum: ['hq', 'floor'] }),
  decidedBy: text('decided_by'),
  why: text('why'),
  decidedAt: count('decided_at'),
});

export const appliedEdit = pgTable('applied_edit', {
  org: integer('org').notNull(),
  club: integer('club').notNull(),
  eventId: text('event_id').notNull(),
  edit: text('edit'),
  answer: text('answer'),
  at: count('at').notNull(),
});

export const feedProgress = pgTable('feed_progress', {
  org: integer('org').notNull(),
  log: integer('log').notNull(),
  seq: count('seq').notNull(),
  upto: count('upto').notNull(),
});

export const editAside = pgTable('edit_aside', {
  org: integer('org').notNull(),
  log: integer('log').notNull(),
  seq: count('seq').notNull(),
  club: integer('club').notNull(),
  reason: text('reason').notNull(),
  foundAt: count('found_at').notNull(),
});
