import { and, asc, eq, gt, lt, sql } from 'drizzle-orm';
import type { DeskBodies } from '#shared/domain/desk-events.ts';
import type { Db } from '../db/open.ts';
import { acknowledgement, danceCount, play, reservation } from '../db/desk-schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

export function deskReads(db: Db) {
  const between = db
    .select()
    .from(play)
    .where(and(gt(play.endedAt, sql.placeholder('from')), lt(play.startedAt, sql.placeholder('to'))))
    .prepare();
  const count = db
    .select()
    .from(danceCount)
    .where(eq(danceCount.session, sql.placeholder('session')))
    .prepare();
  const signed = db
    .select()
    .from(acknowledgement)
    .where(eq(acknowledgement.session, sql.placeholder('session')))
    .prepare();
  const byId = db
    .select()
    .from(reservation)
    .where(eq(reservation.reservation, sql.placeholder('reservation')))
    .prepare();
  const ofRoom = db
    .select()
    .from(reservation)
    .where(and(eq(reservation.room, sql.placeholder('room')), sql`${reservation.state} = 'OPEN'`))
    .prepare();
  const open = db
    .select()
    .from(reservation)
    .where(sql`${reservation.state} = 'OPEN'`)
    .orderBy(asc(reservation.at))
    .prepare();
  return {
    /** Songs that played at some moment of the stretch (epoch milliseconds). */
    plays: (from: number, to: number) => between.all({ from, to }),
    count: (session: string) => count.get({ session }),
    acknowledgement: (session: string) => signed.get({ session }),
    reservation: (id: string) => byId.get({ reservation: id }),
    reservationsOf: (room: string) => ofRoom.all({ room }),
    reservations: () => open.all(),
  };
}

/** Counts what a host sold as dances. */
export function openHostCount(db: Db) {
  const add = db
    .insert(danceCount)
    .values({ session: sql.placeholder('session'), hostDances: sql.placeholder('dances'), dances: null, reason: null })
    .onConflictDoUpdate({
      target: danceCount.session,
      set: { hostDances: sql`${danceCount.hostDances} + excluded.host_dances` },
    })
    .prepare();
  return (session: string, dances: number): void => void add.run({ session, dances });
}

export function deskApply(db: Db): Appliers<keyof DeskBodies> {
  const putPlay = db.insert(play).values(values(play)).prepare();
  const settle = db
    .insert(danceCount)
    .values(values(danceCount))
    .onConflictDoUpdate({
      target: danceCount.session,
      set: { dances: sql`excluded.dances`, reason: sql`excluded.reason` },
    })
    .prepare();
  const sign = db.insert(acknowledgement).values(values(acknowledgement)).prepare();
  const reserve = db.insert(reservation).values(values(reservation)).prepare();
  const setState = db
    .update(reservation)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(reservation.reservation, sql.placeholder('reservation')))
    .prepare();
  return {
    'play.recorded': ({ body }) => void putPlay.run(body),
    'dance_count.settled': ({ body }) => void settle.run(body),
    'room_session.acknowledged': ({ body, pii }, { pos, wall }) =>
      void sign.run({ ...body, pos, at: wall, signature: pii?.[body.session]?.['signature'] ?? null }),
    'room.reserved': ({ body }) => void reserve.run({ ...body, state: 'OPEN' }),
    'reservation.kept': ({ body }) => void setState.run({ reservation: body.reservation, state: 'KEPT' }),
    'reservation.cancelled': ({ body }) => void setState.run({ reservation: body.reservation, state: 'CANCELLED' }),
    'comp.granted': () => undefined,
  };
}
