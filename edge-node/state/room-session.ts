import { eq, isNull, sql } from 'drizzle-orm';
import { addPrices } from '#shared/domain/room-session.ts';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { inRoom, room, roomSession, rotationEntry, stageSet } from '../db/schema.ts';
import type { Appliers } from './applier.ts';
import { openSettlement } from './room-people.ts';
import { values } from './values.ts';

export function roomSessionReads(db: Db) {
  const roomById = db
    .select()
    .from(room)
    .where(eq(room.room, sql.placeholder('room')))
    .prepare();
  const session = db
    .select()
    .from(roomSession)
    .where(eq(roomSession.session, sql.placeholder('session')))
    .prepare();
  const where = db
    .select()
    .from(inRoom)
    .where(eq(inRoom.dancer, sql.placeholder('dancer')))
    .prepare();
  const open = db
    .select()
    .from(roomSession)
    .where(sql`${roomSession.state} IN ('QUOTED', 'RUNNING', 'ENDED')`)
    .prepare();
  return {
    room: (id: string) => roomById.get({ room: id }),
    session: (id: string) => session.get({ session: id }),
    inRoom: (dancer: string) => where.get({ dancer }) !== undefined,
    open: () => open.all(),
  };
}

const AS_QUOTED = {
  state: 'QUOTED',
  segments: 1,
  startedAt: null,
  plannedEnd: null,
  endedAt: null,
  minimumCents: 0,
} as const;
const sessionIs = eq(roomSession.session, sql.placeholder('session'));

export function roomSessionApply(
  db: Db,
): Appliers<
  | 'room_session.quoted'
  | 'room_session.cancelled'
  | 'room_session.started'
  | 'room_session.extended'
  | 'room_session.ended'
  | 'room_session.settled'
  | 'room.cleaned'
  | 'clock.stepped'
> {
  const read = roomSessionReads(db);
  const put = db.insert(roomSession).values(values(roomSession)).prepare();
  const setState = db
    .update(roomSession)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(sessionIs)
    .prepare();
  const setRoom = db
    .update(room)
    .set({ state: sql`${sql.placeholder('state')}`, session: sql`${sql.placeholder('session')}` })
    .where(eq(room.room, sql.placeholder('room')))
    .prepare();
  const settle = openSettlement(db);
  const enter = db.insert(inRoom).values(values(inRoom)).prepare();
  const leave = db
    .delete(inRoom)
    .where(eq(inRoom.dancer, sql.placeholder('dancer')))
    .prepare();
  return {
    'room_session.quoted': ({ body }) => {
      put.run({ ...body, ...AS_QUOTED });
      setRoom.run({ room: body.room, state: 'RESERVED', session: body.session });
    },
    'room_session.cancelled': ({ body }) => {
      setState.run({ session: body.session, state: 'CANCELLED' });
      setRoom.run({ room: body.room, state: 'AVAILABLE', session: null });
    },
    'room_session.started': startSession(db, (body) => {
      setRoom.run({ room: body.room, state: 'OCCUPIED', session: body.session });
      for (const dancer of body.dancers) enter.run({ dancer, session: body.session });
    }),
    'room_session.extended': extendSession(db, read),
    'room_session.ended': endSession(db, (body) => {
      setRoom.run({ room: body.room, state: 'CLEANING', session: body.session });
      for (const dancer of body.dancers) leave.run({ dancer });
    }),
    'room_session.settled': ({ body }, { pos }) => {
      setState.run({ session: body.session, state: 'SETTLED' });
      settle({ session: body.session, pos, method: body.method, postings: body.postings });
    },
    'room.cleaned': ({ body }) => void setRoom.run({ room: body.room, state: 'AVAILABLE', session: null }),
    'clock.stepped': stepTimers(db),
  };
}

type Of = Appliers<'room_session.started' | 'room_session.extended' | 'room_session.ended' | 'clock.stepped'>;
type Body<K extends keyof Of> = Parameters<Of[K]>[0]['body'];

function startSession(db: Db, then: (body: Body<'room_session.started'>) => void): Of['room_session.started'] {
  const start = db
    .update(roomSession)
    .set({
      state: 'RUNNING',
      startedAt: sql`${sql.placeholder('startedAt')}`,
      plannedEnd: sql`${sql.placeholder('plannedEnd')}`,
    })
    .where(sessionIs)
    .prepare();
  return ({ body }) => {
    start.run({ session: body.session, startedAt: body.startedAt, plannedEnd: body.plannedEnd });
    then(body);
  };
}

function extendSession(db: Db, read: ReturnType<typeof roomSessionReads>): Of['room_session.extended'] {
  const extend = db
    .update(roomSession)
    .set({
      minutes: sql`${roomSession.minutes} + ${sql.placeholder('minutes')}`,
      segments: sql`${sql.placeholder('segment')}`,
      price: sql`${sql.placeholder('price')}`,
      plannedEnd: sql`${sql.placeholder('plannedEnd')}`,
    })
    .where(sessionIs)
    .prepare();
  return ({ body }) => {
    const before = read.session(body.session);
    assert(before !== undefined, 'an extended session is known');
    const { session, minutes, segment, plannedEnd } = body;
    extend.run({ session, minutes, segment, plannedEnd, price: JSON.stringify(addPrices(before.price, body.price)) });
  };
}

function endSession(db: Db, then: (body: Body<'room_session.ended'>) => void): Of['room_session.ended'] {
  const end = db
    .update(roomSession)
    .set({ state: 'ENDED', endedAt: sql`${sql.placeholder('endedAt')}` })
    .where(sessionIs)
    .prepare();
  return ({ body }) => {
    end.run({ session: body.session, endedAt: body.endedAt });
    then(body);
  };
}

/** The wall clock was set: what runs keeps its real length, so its instants move with the clock. */
function stepTimers(db: Db): Of['clock.stepped'] {
  const by = sql.placeholder('by');
  const sessions = db
    .update(roomSession)
    .set({ startedAt: sql`${roomSession.startedAt} + ${by}`, plannedEnd: sql`${roomSession.plannedEnd} + ${by}` })
    .where(eq(roomSession.state, 'RUNNING'))
    .prepare();
  const sets = db
    .update(stageSet)
    .set({ startedAt: sql`${stageSet.startedAt} + ${by}` })
    .where(isNull(stageSet.endedAt))
    .prepare();
  const calls = db
    .update(rotationEntry)
    .set({ calledAt: sql`${rotationEntry.calledAt} + ${by}` })
    .prepare();
  return ({ body }) => {
    calls.run({ by: body.byMs });
    sessions.run({ by: body.byMs });
    sets.run({ by: body.byMs });
  };
}
