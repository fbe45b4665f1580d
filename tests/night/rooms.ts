import type { SessionAnswerRow } from '#shared/contract/room-api.ts';
import { minutes, moveCash, refused, type Night } from './stagehands.ts';

const RATES = ['vip15', 'vip30', 'vip60'] as const;

/** The VIP host fills rooms all night: quote, start, extend, end, settle, clean. */
export function planRooms(
  night: Night,
  plan: { readonly from: number; readonly until: number; readonly sessions: number },
): void {
  const every = (plan.until - plan.from) / plan.sessions;
  for (let at = 0; at < plan.sessions; at += 1) night.timeline.at(plan.from + at * every, () => sellRoom(night));
}

async function sellRoom(night: Night): Promise<void> {
  const room = (await night.look('room')).find(({ state }) => state === 'AVAILABLE');
  const free = (await night.look('attendance')).filter(({ where }) => where === 'floor').map(({ dancer }) => dancer);
  if (!room || free.length < 3) return night.timeline.afterMs(minutes(1), () => sellRoom(night));
  const first = night.seed.pick(free);
  const second = night.seed.pick(free);
  const dancers = night.seed.chance(0.2) && second !== first ? [first, second] : [first];
  const quoted = await night.host.give('room_session.quote', { room: room.id, rate: night.seed.pick(RATES), dancers });
  // She sat down for a break just now.
  if (!quoted.ok && quoted.problem.code === 'on_break')
    return night.timeline.afterMs(minutes(1), () => sellRoom(night));
  if (!quoted.ok) throw new Error(`A free room can't be quoted: ${quoted.problem.code}`);
  const session = quoted.answer.id;
  if (night.seed.chance(0.2))
    await refused(
      night,
      'room_not_available',
      night.host.give('room_session.quote', { room: room.id, rate: 'vip15', dancers }),
    );
  await night.host.must('room_session.start', { session });
  if (night.seed.chance(0.3)) await changeRoom(night, { session, room: room.id }, first);
  planEnd(night, { session, room: room.id });
}

type Running = { readonly session: string; readonly room: string };

/** A bottle, another dancer beside her, or in her place: each at its own price. */
async function changeRoom(night: Night, { session }: Running, first: string): Promise<void> {
  const bottle = { kind: 'bottle', name: 'Champagne', count: 1, eachCents: 18_000, houseCents: 18_000 } as const;
  await night.host.must('room_session.add', { session, ...bottle });
  const free = (await night.look('attendance')).filter(({ where }) => where === 'floor').map(({ dancer }) => dancer);
  const other = night.seed.pick(free);
  const given = night.seed.chance(0.5)
    ? await night.host.give('room_session.join', { session, dancer: other, rate: 'vip15' })
    : await night.host.give('room_session.swap', { session, out: first, into: other, shareCents: 2_500 });
  if (!given.ok && given.problem.code !== 'on_break') throw new Error(`She can't come in: ${given.problem.code}`);
}

/** At the planned end: extended, or ended a little late, as it goes. */
function planEnd(night: Night, running: Running): void {
  night.timeline.afterMs(minutes(night.seed.between(14, 31)), async () => {
    if (night.seed.chance(0.25)) {
      const shownRoom = (await night.look('room')).find(({ id }) => id === running.room);
      await night.host.must('room_session.extend', {
        session: running.session,
        fromMinutes: shownRoom?.session?.minutes ?? 0,
        rate: 'vip15',
        askedBy: night.seed.pick(['guest', 'dancer']),
      });
      night.tally.extensions += 1;
      return planEnd(night, running);
    }
    const reason = night.seed.pick(['time', 'time', 'time', 'guest', 'dancer'] as const);
    await night.host.must('room_session.end', { session: running.session, reason });
    if (night.seed.chance(0.2))
      await refused(
        night,
        'session_not_running',
        night.host.give('room_session.end', { session: running.session, reason }),
      );
    night.timeline.afterMs(minutes(2), () => settle(night, running));
  });
}

async function settle(night: Night, running: Running): Promise<void> {
  const { session, room } = running;
  await askThem(night, session);
  const grossCents = (await night.look('room')).find(({ id }) => id === room)?.session?.grossCents ?? 0;
  const way = night.seed.next();
  const cash = way < 0.5;
  const tipCents = night.seed.between(0, 20) * 517;
  if (way > 0.93) {
    const [dancer = ''] = (await shown(night, session)).shares.map((share) => share.dancer);
    await night.host.must('room_session.collect', { session, dancer });
  } else {
    const payment = { method: cash ? 'cash' : 'card', drawer: cash ? await night.drawer('VIP') : null } as const;
    await night.host.must('room_session.settle', { session, ...payment, tipCents });
    if (cash) moveCash(night, 'VIP', grossCents + tipCents);
    if (night.seed.chance(0.03)) await voidIt(night, session, cash ? grossCents + tipCents : 0);
  }
  night.tally.roomSessions += 1;
  night.timeline.afterMs(minutes(3), async () => {
    await night.mom.must('room.clean', { room });
  });
}

async function shown(night: Night, session: string): Promise<SessionAnswerRow> {
  const { body } = await night.host.ask<SessionAnswerRow>('GET', `/api/v1/room-sessions/${session}`);
  const parts = body.houseCents + body.taxCents + body.shares.reduce((sum, { cents }) => sum + cents, 0);
  if (parts !== body.grossCents) throw new Error(`A session of ${body.grossCents} is made of ${parts}.`);
  return body;
}

/** Each dancer sees count, price and split; now and then one does not agree, and a manager decides. */
async function askThem(night: Night, session: string): Promise<void> {
  for (const { dancer } of (await shown(night, session)).shares) {
    if (night.seed.chance(0.95)) await night.host.must('room_session.confirm', { session, dancer });
    else {
      await night.host.must('room_session.dispute', { session, dancer, about: 'time' });
      const settle = { session, method: 'card', drawer: null, tipCents: 0 } as const;
      await refused(night, 'session_disputed', night.host.give('room_session.settle', settle));
      await night.manager.must('room_session.decide', { session, dancer, reason: 'The clock on the box says so' });
    }
  }
}

async function voidIt(night: Night, session: string, cashCents: number): Promise<void> {
  const drawer = cashCents > 0 ? await night.drawer('VIP') : null;
  const second = { staff: night.owner.staff, pin: night.pinOf('Olivia') };
  await night.manager.must('room_session.void', { session, reason: 'Sold to the wrong guest', drawer, second });
  moveCash(night, 'VIP', -cashCents);
}
