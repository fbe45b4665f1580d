import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import type { FieldName } from '#shared/domain/feed-words.ts';
import { PRICES } from '#shared/domain/shared-field.ts';
import { UNTOUCHED, type LocalField } from '#shared/domain/take-over.ts';
import type { Db } from '../db/open.ts';
import { dancer } from '../db/schema.ts';
import { dancerNote, feedCommand, notice, restriction, sharedField, signedBlob } from '../db/shared-schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

const NOTICES_MAX = 100;

/** What headquarters and the floor share. */
export function sharedReads(db: Db) {
  const field = db.select().from(sharedField).where(named()).prepare();
  const taken = db.select().from(sharedField).where(gt(sharedField.fv, 0)).prepare();
  const ofDancer = db
    .select()
    .from(restriction)
    .where(eq(restriction.dancer, sql.placeholder('dancer')))
    .prepare();
  const restrictionById = db
    .select()
    .from(restriction)
    .where(eq(restriction.restriction, sql.placeholder('id')))
    .prepare();
  const notesOf = db
    .select()
    .from(dancerNote)
    .where(eq(dancerNote.dancer, sql.placeholder('dancer')))
    .prepare();
  const noteById = db
    .select()
    .from(dancerNote)
    .where(eq(dancerNote.note, sql.placeholder('id')))
    .prepare();
  const notices = db.select().from(notice).orderBy(desc(notice.pos)).limit(NOTICES_MAX).prepare();
  const command = db
    .select()
    .from(feedCommand)
    .where(eq(feedCommand.command, sql.placeholder('id')))
    .prepare();
  const blob = db
    .select()
    .from(signedBlob)
    .where(eq(signedBlob.coll, sql.placeholder('coll')))
    .prepare();
  const local = (name: FieldName): LocalField => field.get(name) ?? UNTOUCHED;
  const withState = <T extends { readonly liftedBy: string | null }>(row: T) => ({
    ...row,
    lifted: row.liftedBy !== null,
  });
  return {
    field: local,
    /** Prices of headquarters that hold from the next night on; null for none. */
    waitingPrices: () => local(PRICES).waiting,
    /** Every field that headquarters' value was taken over of. */
    taken: () => taken.all(),
    restrictionsOf: (id: string) => ofDancer.all({ dancer: id }).map(withState),
    restriction: (id: string) => {
      const row = restrictionById.get({ id });
      return row && withState(row);
    },
    notesOf: (id: string) => notesOf.all({ dancer: id }),
    note: (id: string) => noteById.get({ id }),
    /** The newest, first. */
    notices: () => notices.all(),
    command: (id: string) => command.get({ id }),
    blob: (coll: string) => blob.get({ coll }),
  };
}

function named() {
  return and(
    eq(sharedField.coll, sql.placeholder('coll')),
    eq(sharedField.id, sql.placeholder('id')),
    eq(sharedField.field, sql.placeholder('field')),
  );
}

type FieldEvents = 'shared_field.edited' | 'shared_field.taken' | 'shared_field.waits' | 'shared_field.answered';
type Others =
  | 'dancer.restricted'
  | 'dancer.restriction_lifted'
  | 'dancer.noted'
  | 'feed_item.refused'
  | 'command.done'
  | 'message.posted'
  | 'blob.taken';

export function sharedApply(db: Db): Appliers<FieldEvents | Others> {
  return { ...fieldApply(db), ...otherApply(db) };
}

function fieldApply(db: Db): Appliers<FieldEvents> {
  const find = db.select().from(sharedField).where(named()).prepare();
  const put = db
    .insert(sharedField)
    .values({ ...values(sharedField), fv: 0, value: sql`'null'`, waiting: null, edit: null, editValue: null })
    .onConflictDoNothing()
    .prepare();
  const set = (changes: Record<string, ReturnType<typeof sql>>) =>
    db.update(sharedField).set(changes).where(named()).prepare();
  const setEdit = set({ edit: held('edit'), editValue: held('editValue') });
  const setTaken = set({ fv: held('fv'), value: held('value'), waiting: held('waiting') });
  const setWaiting = set({ waiting: held('waiting') });
  const rename = db
    .update(dancer)
    .set({ stageName: held('stageName') })
    .where(eq(dancer.dancer, sql.placeholder('dancer')))
    .prepare();
  const notify = db.insert(notice).values(values(notice)).prepare();
  const show = ({ coll, id, field }: FieldName, value: unknown): void => {
    if (coll === 'dancer' && field === 'stage_name' && typeof value === 'string')
      rename.run({ dancer: id, stageName: value });
  };
  return {
    'shared_field.edited': ({ body }) => {
      const { coll, id, field, edit, value } = body;
      put.run({ coll, id, field });
      setEdit.run({ coll, id, field, edit, editValue: JSON.stringify(value) });
      show(body, value);
    },
    'shared_field.taken': ({ body }) => {
      const { coll, id, field, fv, value, edit } = body;
      put.run({ coll, id, field });
      const known = find.get({ coll, id, field });
      assert(known !== undefined, 'a shared field has its row');
      setTaken.run({ coll, id, field, fv, value: JSON.stringify(value), waiting: null });
      // The floor's own edit stays on top until headquarters has answered that very edit.
      if (known.edit !== null && known.edit !== edit) return;
      setEdit.run({ coll, id, field, edit: null, editValue: null });
      show(body, value);
    },
    'shared_field.waits': ({ body }, { pos, wall }) => {
      const { coll, id, field, fv, value, feed, rev } = body;
      put.run({ coll, id, field });
      setWaiting.run({ coll, id, field, waiting: JSON.stringify({ feed, rev, fv, value }) });
      notify.run({ pos, kind: 'waits', coll, id, field, text: null, at: wall });
    },
    'shared_field.answered': ({ body }, { pos, wall }) => {
      const { coll, id, field, outcome, refusal } = body;
      put.run({ coll, id, field });
      setEdit.run({ coll, id, field, edit: null, editValue: null });
      if (outcome !== 'accepted') notify.run({ pos, kind: outcome, coll, id, field, text: refusal, at: wall });
    },
  };
}

const held = (name: string) => sql`${sql.placeholder(name)}`;

function otherApply(db: Db): Appliers<Others> {
  // What headquarters sent comes once, also where two histories that both took it over are joined.
  const putRestriction = db.insert(restriction).values(values(restriction)).onConflictDoNothing().prepare();
  const lift = db
    .update(restriction)
    .set({ liftedBy: held('by'), liftReason: held('reason'), liftedAt: held('at') })
    .where(eq(restriction.restriction, sql.placeholder('restriction')))
    .prepare();
  const putNote = db.insert(dancerNote).values(values(dancerNote)).onConflictDoNothing().prepare();
  const notify = db.insert(notice).values(values(notice)).prepare();
  const putCommand = db.insert(feedCommand).values(values(feedCommand)).onConflictDoNothing().prepare();
  const putBlob = db
    .insert(signedBlob)
    .values(values(signedBlob))
    .onConflictDoUpdate({ target: signedBlob.coll, set: { ver: sql`excluded.ver`, jws: sql`excluded.jws` } })
    .prepare();
  return {
    'dancer.restricted': ({ body }, { wall }) => {
      const { by, ...set } = body;
      const open = { liftedBy: null, liftReason: null, liftedAt: null, reviewOn: null, expiresOn: null };
      putRestriction.run({ ...set, setBy: by, setAt: wall, ...open });
    },
    'dancer.restriction_lifted': ({ body }, { wall }) =>
      void lift.run({ restriction: body.restriction, by: body.by, reason: body.reason, at: wall }),
    'dancer.noted': ({ body, pii }, { wall }) => {
      const text = pii?.[body.dancer]?.['note'];
      assert(text !== undefined, 'a note comes with its sealed text');
      const { note, dancer: about, origin, by } = body;
      putNote.run({ note, dancer: about, origin, writtenBy: by, writtenAt: wall, text });
    },
    'feed_item.refused': ({ body }, { pos, wall }) => {
      const { coll, id, field, refusal } = body;
      notify.run({ pos, kind: 'not_taken', coll, id, field, text: refusal, at: wall });
    },
    'command.done': ({ body }) => {
      const { command, cmd, outcome } = body;
      putCommand.run({ command, cmd, outcome });
    },
    'message.posted': ({ body }, { pos, wall }) => {
      const { message, text } = body;
      notify.run({ pos, kind: 'message', coll: null, id: message, field: null, text, at: wall });
    },
    'blob.taken': ({ body }) => void putBlob.run(body),
  };
}
