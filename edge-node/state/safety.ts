import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import { readLine } from '#shared/contract/event-line.ts';
import type { SafetyRow } from '#shared/contract/safety-api.ts';
import { GENERIC_RETENTION } from '#shared/domain/pack-generic.ts';
import type { PolicyPack } from '#shared/domain/policy-words.ts';
import { keptUnder, runsOutAt, type ClockFact } from '#shared/domain/retention.ts';
import type { RecordKind } from '#shared/domain/safety-words.ts';
import type { Db } from '../db/open.ts';
import { recordNote, recordPerson, recordText, safetyRecord } from '../db/safety-schema.ts';
import { event as eventTable } from '../db/schema.ts';

/** The newest that a list gives. */
const LISTED_MAX = 500;
/** Records that one command lets go of, for each kind; the next one takes up the rest. */
const ERASED_AT_ONCE_MAX = 100;
const DAY_MS = 86_400_000;

const KINDS = Object.keys(GENERIC_RETENTION) as readonly RecordKind[];

/** What was written down for safety, without its sealed texts: those are opened one record at a time. */
export function safetyReads(db: Db) {
  const byId = db
    .select()
    .from(safetyRecord)
    .where(eq(safetyRecord.record, sql.placeholder('record')))
    .prepare();
  const texts = db
    .select({ field: recordText.field, sealed: recordText.sealed })
    .from(recordText)
    .where(eq(recordText.record, sql.placeholder('record')))
    .prepare();
  return {
    record: (id: string) => byId.get({ record: id }),
    blocklistEntry: (id: string) => {
      const row = byId.get({ record: id });
      return row?.kind === 'blocklist_entry' && row.startsOn !== null ? { ...row, startsOn: row.startsOn } : undefined;
    },
    textsOf: (id: string) => texts.all({ record: id }),
    ...lists(db),
    clocks: clocks(db),
  };
}

function lists(db: Db) {
  const ofKind = db
    .select()
    .from(safetyRecord)
    .where(eq(safetyRecord.kind, sql.placeholder('kind')))
    .orderBy(desc(safetyRecord.pos))
    .limit(LISTED_MAX)
    .prepare();
  const ofNight = db
    .select()
    .from(safetyRecord)
    .where(eq(safetyRecord.night, sql.placeholder('night')))
    .orderBy(desc(safetyRecord.pos))
    .limit(LISTED_MAX)
    .prepare();
  const ofPerson = db
    .select({ row: safetyRecord })
    .from(recordPerson)
    .innerJoin(safetyRecord, eq(safetyRecord.record, recordPerson.record))
    .where(eq(recordPerson.person, sql.placeholder('person')))
    .limit(LISTED_MAX)
    .prepare();
  const notes = db
    .select()
    .from(recordNote)
    .where(eq(recordNote.record, sql.placeholder('record')))
    .orderBy(recordNote.note)
    .prepare();
  const line = db
    .select({ line: eventTable.line })
    .from(eventTable)
    .where(eq(eventTable.pos, sql.placeholder('pos')))
    .prepare();
  const actorAt = (pos: number) => {
    const found = line.get({ pos });
    return found ? readLine(found.line).event.actor : null;
  };
  const shown = (row: typeof safetyRecord.$inferSelect, pack: PolicyPack): SafetyRow => {
    const { pos, facts, credible, clockAt, ...rest } = row;
    const actor = actorAt(pos);
    return {
      ...facts,
      ...rest,
      isCredible: credible === null ? null : credible === 1,
      by: actor?.id ?? null,
      device: actor?.dev ?? null,
      runsOutAt: runsOutAt({ kind: row.kind, clockAt }, pack),
      notes: notes
        .all({ record: row.record })
        .map(({ note, at, pos: where }) => ({ note, at, by: actorAt(where)?.id ?? null })),
    };
  };
  return {
    ofKind: (kind: RecordKind, pack: PolicyPack) => ofKind.all({ kind }).map((row) => shown(row, pack)),
    ofNight: (night: string, pack: PolicyPack) => ofNight.all({ night }).map((row) => shown(row, pack)),
    ofPerson: (person: string, pack: PolicyPack) => ofPerson.all({ person }).map(({ row }) => shown(row, pack)),
  };
}

/** Records whose clock may have run out, the oldest first. */
function clocks(db: Db): (now: number, pack: PolicyPack) => readonly ClockFact[] {
  const old = db
    .select({ record: safetyRecord.record, kind: safetyRecord.kind, clockAt: safetyRecord.clockAt })
    .from(safetyRecord)
    .where(
      and(
        eq(safetyRecord.kind, sql.placeholder('kind')),
        lte(safetyRecord.clockAt, sql.placeholder('before')),
        isNull(safetyRecord.erasedAt),
      ),
    )
    .orderBy(safetyRecord.clockAt)
    .limit(ERASED_AT_ONCE_MAX)
    .prepare();
  const ban = db
    .select({ record: safetyRecord.record })
    .from(safetyRecord)
    .where(and(eq(safetyRecord.root, sql.placeholder('record')), eq(safetyRecord.kind, 'blocklist_entry')))
    .limit(1)
    .prepare();
  return (now, pack) =>
    KINDS.flatMap((kind) =>
      old
        .all({ kind, before: now - keptUnder(pack, kind).days * DAY_MS })
        .map((row) => ({ ...row, isHeld: ban.get({ record: row.record }) !== undefined })),
    );
}
