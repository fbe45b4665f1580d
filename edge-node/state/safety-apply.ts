import { eq, sql } from 'drizzle-orm';
import type { SealedFields } from '#shared/domain/event.ts';
import { afterDate } from '#shared/domain/retention.ts';
import type { SafetyBodies } from '#shared/domain/safety-events.ts';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { recordNote, recordPerson, recordText, safetyRecord } from '../db/safety-schema.ts';
import { dataKey } from '../db/schema.ts';
import { nothing, type Applied, type Appliers } from './applier.ts';
import { counting, type DoorEvents } from './door.ts';
import { values } from './values.ts';

type Row = typeof safetyRecord.$inferInsert;
type Filed = Pick<Row, 'record' | 'kind' | 'facts'> & Partial<Row> & { readonly people?: readonly string[] };

/** What only counts people is the door's. */
type Written = Exclude<keyof SafetyBodies, DoorEvents>;

export function safetyApply(db: Db): Appliers<Written> {
  const open = filing(db);
  return { ...complaintApply(db, open), ...blocklistApply(db, open), ...otherApply(db, open), ...eraseApply(db) };
}

type Filing = ReturnType<typeof filing>;

/** Writes a record with its sealed texts and the people that it is about. */
function filing(db: Db) {
  const put = db.insert(safetyRecord).values(values(safetyRecord)).prepare();
  const putPerson = db.insert(recordPerson).values(values(recordPerson)).onConflictDoNothing().prepare();
  const putText = db
    .insert(recordText)
    .values(values(recordText))
    .onConflictDoUpdate({
      target: [recordText.record, recordText.field],
      set: { sealed: sql`excluded.sealed` },
    })
    .prepare();
  const find = db
    .select()
    .from(safetyRecord)
    .where(eq(safetyRecord.record, sql.placeholder('record')))
    .prepare();
  const keepTexts = (record: string, pii: SealedFields | undefined): void => {
    for (const [field, sealed] of Object.entries(pii?.[record] ?? {})) putText.run({ record, field, sealed });
  };
  return {
    file: ({ people = [], ...row }: Filed, pii: SealedFields | undefined, { pos, wall, day }: Applied): void => {
      put.run({ ...EMPTY, night: day, clockAt: wall, ...row, pos, at: wall });
      for (const person of people) putPerson.run({ person, record: row.record });
      keepTexts(row.record, pii);
    },
    keepTexts,
    /** A change to a record that is not there is a misfit. */
    changed: (record: string): void => assert(find.get({ record }) !== undefined, `record ${record} is there`),
  };
}

const EMPTY = {
  state: 'FILED',
  root: null,
  credible: null,
  startsOn: null,
  minUntil: null,
  expiresOn: null,
  reviewOn: null,
  erasedAt: null,
} as const;

const held = (name: string) => sql`${sql.placeholder(name)}`;
const recordIs = () => eq(safetyRecord.record, sql.placeholder('record'));

function complaintApply(
  db: Db,
  { file, keepTexts, changed }: Filing,
): Appliers<'complaint.logged' | 'complaint.judged'> {
  const restart = db
    .update(safetyRecord)
    .set({ clockAt: sql`max(${safetyRecord.clockAt}, ${sql.placeholder('wall')})` })
    .where(sql`${safetyRecord.root} = ${sql.placeholder('root')} AND ${safetyRecord.kind} = 'complaint'`)
    .prepare();
  const judge = db
    .update(safetyRecord)
    .set({ credible: held('credible') })
    .where(recordIs())
    .prepare();
  return {
    'complaint.logged': ({ body, pii }, at) => {
      const { complaint, night, root, dancer } = body;
      const people = dancer === null ? [] : [dancer];
      file({ record: complaint, kind: 'complaint', night, root, facts: body, people }, pii, at);
      restart.run({ root, wall: at.wall });
    },
    'complaint.judged': ({ body, pii }) => {
      changed(body.complaint);
      judge.run({ record: body.complaint, credible: Number(body.isCredible) });
      keepTexts(body.complaint, pii);
    },
  };
}

type BlocklistEvents = 'blocklist_entry.added' | 'blocklist_entry.reviewed' | 'blocklist_entry.lifted';

function blocklistApply(db: Db, { file, keepTexts, changed }: Filing): Appliers<BlocklistEvents> {
  const review = db
    .update(safetyRecord)
    .set({ expiresOn: held('expiresOn'), reviewOn: held('reviewOn'), clockAt: held('clockAt') })
    .where(recordIs())
    .prepare();
  const lift = db
    .update(safetyRecord)
    .set({ state: 'LIFTED', clockAt: held('wall') })
    .where(recordIs())
    .prepare();
  const clockAt = (expiresOn: string | null): number | null => (expiresOn === null ? null : afterDate(expiresOn));
  return {
    'blocklist_entry.added': ({ body, pii }, at) => {
      const { blocklistEntry: record, complaint: root, startsOn, minUntil, expiresOn, reviewOn } = body;
      const dates = { startsOn, minUntil, expiresOn, reviewOn, clockAt: clockAt(expiresOn) };
      file({ record, kind: 'blocklist_entry', state: 'ACTIVE', root, facts: body, ...dates }, pii, at);
    },
    'blocklist_entry.reviewed': ({ body, pii }) => {
      const { blocklistEntry: record, expiresOn, reviewOn } = body;
      changed(record);
      review.run({ record, expiresOn, reviewOn, clockAt: clockAt(expiresOn) });
      keepTexts(record, pii);
    },
    'blocklist_entry.lifted': ({ body, pii }, { wall }) => {
      changed(body.blocklistEntry);
      lift.run({ record: body.blocklistEntry, wall });
      keepTexts(body.blocklistEntry, pii);
    },
  };
}

type OtherEvents =
  | 'door.refused'
  | 'incident.reported'
  | 'incident.review_begun'
  | 'incident.closed'
  | 'record.noted'
  | 'site_visit.recorded'
  | 'training.recorded'
  | 'safety_test.recorded'
  | 'record.opened'
  | 'inspection_pack.made'
  | 'room_session.opened';

function otherApply(db: Db, { file, keepTexts, changed }: Filing): Appliers<OtherEvents> {
  const setState = db
    .update(safetyRecord)
    .set({ state: held('state'), clockAt: held('clockAt') })
    .where(recordIs())
    .prepare();
  const putNote = db.insert(recordNote).values(values(recordNote)).prepare();
  const count = counting(db);
  return {
    'door.refused': ({ body, pii }, at) => {
      count(at, { type: 'door.refused', people: body.count });
      file({ record: body.refusal, kind: 'refusal', facts: body }, pii, at);
    },
    'incident.reported': ({ body, pii }, at) => {
      const { incident: record, night, dancers: people, kind: what, ...rest } = body;
      const facts = { what, ...rest, dancers: people };
      file({ record, kind: 'incident', state: 'OPEN', night, clockAt: null, facts, people }, pii, at);
    },
    'incident.review_begun': ({ body }) => {
      changed(body.incident);
      setState.run({ record: body.incident, state: 'UNDER_REVIEW', clockAt: null });
    },
    'incident.closed': ({ body, pii }, { wall }) => {
      changed(body.incident);
      setState.run({ record: body.incident, state: 'CLOSED', clockAt: wall });
      keepTexts(body.incident, pii);
    },
    'record.noted': ({ body, pii }, { pos, wall }) => {
      changed(body.record);
      putNote.run({ ...body, pos, at: wall });
      keepTexts(body.record, pii);
    },
    'site_visit.recorded': ({ body, pii }, at) =>
      file({ record: body.visit, kind: 'site_visit', night: body.night, facts: body }, pii, at),
    'training.recorded': ({ body, pii }, at) => {
      const { training: record, person, completedOn, expiresOn } = body;
      const clockAt = afterDate(expiresOn ?? completedOn);
      file({ record, kind: 'training', expiresOn, clockAt, facts: body, people: [person] }, pii, at);
    },
    'safety_test.recorded': ({ body, pii }, at) => {
      const { test: record, kind: what, ...rest } = body;
      file({ record, kind: 'safety_test', facts: { what, ...rest } }, pii, at);
    },
    'record.opened': nothing,
    'inspection_pack.made': nothing,
    'room_session.opened': nothing,
  };
}

/**
 * The words go with their key, from the log, the copies and the tables at once; the bare facts stay in the log. The key stands beside
 * the log, and goes here and not in the command, so that every box that takes the event over lets go of it, too.
 */
function eraseApply(db: Db): Appliers<'record.erased'> {
  const record = sql.placeholder('record');
  const dropKey = db.delete(dataKey).where(eq(dataKey.subject, record)).prepare();
  const dropTexts = db.delete(recordText).where(eq(recordText.record, record)).prepare();
  const dropNotes = db.delete(recordNote).where(eq(recordNote.record, record)).prepare();
  const dropPeople = db.delete(recordPerson).where(eq(recordPerson.record, record)).prepare();
  const drop = db.delete(safetyRecord).where(recordIs()).prepare();
  const mark = db
    .update(safetyRecord)
    .set({ erasedAt: held('wall') })
    .where(recordIs())
    .prepare();
  return {
    'record.erased': ({ body }, { wall }) => {
      dropKey.run(body);
      dropTexts.run(body);
      if (body.how === 'erased') return void mark.run({ record: body.record, wall });
      dropNotes.run(body);
      dropPeople.run(body);
      drop.run(body);
    },
  };
}
