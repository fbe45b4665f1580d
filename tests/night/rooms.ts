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
  if (!quoted.ok) throw new Error(`A free room can't be quoted: ${quoted.problem.code}`);
  const session = quoted.answer.id;
  if (night.seed.chance(0.2))
    await refused(
      night,
      'room_not_available',
      night.host.give('room_session.quote', { room: room.id, rate: 'vip15', dancers }),
    );
  await night.host.must('room_session.start', { session });
  planEnd(night, { session, room: room.id });
}

type Running = { readonly session: string; readonly room: string };

/** At the planned end: extended, or ended a little late, as it goes. */
function planEnd(night: Night, running: Running): void {
  night.timeline.afterMs(minutes(night.seed.between(14, 31)), async () => {
    if (night.seed.chance(0.25)) {
      await night.host.must('room_session.extend', {
        session: running.session,
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

async function settle(night: Night, { session, room }: Running): Promise<void> {
  const cash = night.seed.chance(0.5);
  const payment = { method: cash ? 'cash' : 'card', drawer: cash ? await night.drawer('VIP') : null } as const;
  const tipCents = night.seed.between(0, 20) * 517;
  const grossCents = (await night.look('room')).find(({ id }) => id === room)?.session?.grossCents ?? 0;
  await night.host.must('room_session.settle', { session, ...payment, tipCents });
  if (cash) moveCash(night, 'VIP', grossCents + tipCents);
  night.tally.roomSessions += 1;
  night.timeline.afterMs(minutes(3), async () => {
    await night.mom.must('room.clean', { room });
  });
}
