import type { SessionAnswerRow } from '#shared/contract/room-api.ts';
import { arrive, openBar } from './cash.ts';
import type { Club } from './night.ts';

/** As a guest pays by card, without a tip. */
export const byCard = { method: 'card', drawer: null, tipCents: 0 } as const;

/** A night with three dancers at work and an open drawer. */
export async function roomNight(one: Club) {
  const bar = await openBar(one, one.owner);
  const [jade = '', ruby = '', opal = ''] = one.dancers;
  for (const dancer of [jade, ruby, opal]) await arrive(one, dancer);
  const [room = '', other = ''] = one.rooms;
  return { one, bar, jade, ruby, opal, room, other };
}

/** A session of half an hour that has begun: its id. */
export async function running(
  { one: { owner }, room }: { readonly one: Club; readonly room: string },
  ...dancers: readonly string[]
): Promise<string> {
  const session = await owner.must('room_session.quote', { room, rate: 'vip30', dancers: [...dancers] });
  await owner.must('room_session.start', { session });
  return session;
}

/** A session as the owner's screen shows it. */
export const shown = async ({ owner }: Club, session: string): Promise<SessionAnswerRow> =>
  (await owner.ask<SessionAnswerRow>('GET', `/api/v1/room-sessions/${session}`)).body;
