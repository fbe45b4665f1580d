import { and, eq, ne, sql } from 'drizzle-orm';
import type { ClubEvent } from '#shared/domain/event.ts';
import type { RoomBodies } from '#shared/domain/room-events.ts';
import { addPrices } from '#shared/domain/room-session.ts';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { sessionAnswer, sessionSettlement, sessionStep } from '../db/room-schema.ts';
import { club, inRoom, room, roomSession } from '../db/schema.ts';
import { nothing, type Applied, type Appliers } from './applier.ts';
import { openHostCount } from './desk.ts';
import { values } from './values.ts';

export function sessionReads(db: Db) {
  const answers = db
    .select({ dancer: sessionAnswer.dancer, answer: sessionAnswer.answer })
    .from(sessionAnswer)
    .where(eq(sessionAnswer.session, sql.placeholder('session')))
    .prepare();
  const settlement = db
    .select()
    .from(sessionSettlement)
    .where(eq(sessionSettlement.session, sql.placeholder('session')))
    .prepare();
  const endedIn = db.$client.prepare<[string], { session: string; room: string }>(
    `SELECT s.session, r.room FROM night_place AS n JOIN session_step AS s
       ON s.pos BETWEEN n.from_pos AND coalesce(n.to_pos, 9007199254740991)
     JOIN room_session AS r ON r.session = s.session
     WHERE n.day = ? AND s.type = 'room_session.ended' AND r.state <> 'VOIDED' ORDER BY s.pos`,
  );
  const steps = db.$client.prepare<[string], { line: string }>(
    'SELECT e.line FROM session_step AS s JOIN event AS e ON e.pos = s.pos WHERE s.session = ? ORDER BY s.pos',
  );
  const disputed = db.$client.prepare<[], { session: string; room: string; dancer: string }>(
    `SELECT a.session, r.room, a.dancer FROM session_answer AS a JOIN room_session AS r ON r.session = a.session
     WHERE a.answer = 'DISPUTED' AND r.state <> 'VOIDED' ORDER BY a.session, a.dancer`,
  );
  const paidIn = db.$client.prepare<[string], { day: string | null }>(
    `SELECT e.line ->> '$.day' AS day FROM session_settlement AS s JOIN event AS e ON e.pos = s.pos
     WHERE s.session = ?`,
  );
  return {
    /** Sessions, paid or not, of which a dispute is not decided, with who disputes them. A void leaves nothing to decide. */
    disputed: () => bySession(disputed.all()),
    /** The night in which it was paid; undefined where it is not. */
    paidIn: (session: string) => paidIn.get(session)?.day ?? undefined,
    /** Sessions that ended in a night and were not voided, in that order. */
    endedIn: (day: string) => endedIn.all(day),
    /** Lines of all that happened to a session, in whichever night, oldest first. */
    stepsOf: (session: string) => steps.all(session).map(({ line }) => line),
    answersOf: (session: string) => answers.all({ session }),
    settlement: (session: string) => settlement.get({ session }),
  };
}

type Disputed = { readonly session: string; readonly room: string; readonly dancers: readonly string[] };

function bySession(
  rows: readonly { readonly session: string; readonly room: string; readonly dancer: string }[],
): readonly Disputed[] {
  const found = new Map<string, Disputed>();
  for (const { session, room: its, dancer } of rows)
    found.set(session, { session, room: its, dancers: [...(found.get(session)?.dancers ?? []), dancer] });
  return [...found.values()];
}

/** Where a session's events stand in the log. One under review happened, too. */
export function openSessionSteps(db: Db): (event: ClubEvent, at: Pick<Applied, 'pos'>) => void {
  const put = db.insert(sessionStep).values(values(sessionStep)).prepare();
  return ({ type, body }, { pos }) => {
    if (!type.startsWith('room_session.') || type === 'room_session.opened' || !('session' in body)) return;
    put.run({ pos, session: body.session, type });
  };
}

/** What a settlement booked, by any of its two directions. */
export function openSettlement(db: Db) {
  const put = db.insert(sessionSettlement).values(values(sessionSettlement)).prepare();
  return (settled: typeof sessionSettlement.$inferSelect): void => void put.run(settled);
}

export function roomPeopleApply(db: Db): Appliers<keyof RoomBodies> {
  const setRoom = db
    .update(room)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(room.room, sql.placeholder('room')))
    .prepare();
  const setState = db
    .update(roomSession)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(roomSession.session, sql.placeholder('session')))
    .prepare();
  const setMinimum = db
    .update(roomSession)
    .set({ minimumCents: sql`${sql.placeholder('cents')}` })
    .where(eq(roomSession.session, sql.placeholder('session')))
    .prepare();
  const setDirection = db
    .update(club)
    .set({ settlementDirection: sql`${sql.placeholder('direction')}` })
    .prepare();
  const answer = db
    .insert(sessionAnswer)
    .values(values(sessionAnswer))
    .onConflictDoUpdate({
      target: [sessionAnswer.session, sessionAnswer.dancer],
      set: { answer: sql`excluded.answer` },
    })
    .prepare();
  const settle = openSettlement(db);
  return {
    'settlement_direction.set': ({ body }) => void setDirection.run(body),
    'room.out_of_service': ({ body }) => void setRoom.run({ room: body.room, state: 'OUT_OF_SERVICE' }),
    'room.back_in_service': ({ body }) => void setRoom.run({ room: body.room, state: 'AVAILABLE' }),
    ...changesApply(db),
    'room_session.minimum_set': ({ body }) => void setMinimum.run(body),
    'room_session.confirmed': ({ body }) => void answer.run({ ...body, answer: 'AGREED' }),
    'room_session.disputed': ({ body }) => void answer.run({ ...body, answer: 'DISPUTED' }),
    'room_session.decided': ({ body }) => void answer.run({ ...body, answer: 'DECIDED' }),
    'room_session.left_disputed': nothing,
    'room_session.collected': ({ body }, { pos }) => {
      setState.run({ session: body.session, state: 'SETTLED' });
      settle({ session: body.session, pos, method: null, postings: body.postings });
    },
    'room_session.voided': ({ body }) => void setState.run({ session: body.session, state: 'VOIDED' }),
  };
}

type Changes = 'room_session.swapped' | 'room_session.joined' | 'room_session.added';

/** Who is in a running session, and what it comes to by now. */
function changesApply(db: Db): Appliers<Changes> {
  const find = db
    .select()
    .from(roomSession)
    .where(eq(roomSession.session, sql.placeholder('session')))
    .prepare();
  const set = db
    .update(roomSession)
    .set({ dancers: sql`${sql.placeholder('dancers')}`, price: sql`${sql.placeholder('price')}` })
    .where(eq(roomSession.session, sql.placeholder('session')))
    .prepare();
  const enter = db.insert(inRoom).values(values(inRoom)).prepare();
  const leave = db
    .delete(inRoom)
    .where(eq(inRoom.dancer, sql.placeholder('dancer')))
    .prepare();
  // Whoever said yes said it to another bill. A dispute is taken back by a decision alone.
  const askAgain = db
    .delete(sessionAnswer)
    .where(and(eq(sessionAnswer.session, sql.placeholder('session')), ne(sessionAnswer.answer, 'DISPUTED')))
    .prepare();
  const hostCount = openHostCount(db);
  type Row = typeof roomSession.$inferSelect;
  const change = (session: string, to: (row: Row) => Pick<Row, 'dancers' | 'price'>): void => {
    const row = find.get({ session });
    assert(row !== undefined, 'a session that changes is known');
    const { dancers, price } = to(row);
    set.run({ session, dancers: JSON.stringify(dancers), price: JSON.stringify(price) });
  };
  return {
    'room_session.swapped': ({ body }) => {
      const { session, out, into, shareCents } = body;
      change(session, ({ dancers, price }) => ({
        dancers: dancers.map((dancer) => (dancer === out ? into : dancer)),
        price: movedShare(price, { out, into, shareCents }),
      }));
      leave.run({ dancer: out });
      enter.run({ dancer: into, session });
    },
    'room_session.joined': ({ body }) => {
      change(body.session, ({ dancers, price }) => ({
        dancers: [...dancers, body.dancer],
        price: addPrices(price, body.price),
      }));
      enter.run({ dancer: body.dancer, session: body.session });
    },
    'room_session.added': ({ body }) => {
      change(body.session, ({ dancers, price }) => ({ dancers, price: addPrices(price, body.price) }));
      askAgain.run({ session: body.session });
      if (body.kind === 'dances') hostCount(body.session, body.count);
    },
  };
}

type Moved = { readonly out: string; readonly into: string; readonly shareCents: number };

function movedShare(price: typeof roomSession.$inferSelect.price, { out, into, shareCents }: Moved) {
  const parts = { grossCents: 0, houseCents: 0, taxCents: 0 };
  const shares = [
    { dancer: out, cents: -shareCents },
    { dancer: into, cents: shareCents },
  ];
  return addPrices(price, { ...parts, shares });
}
