import type { DoorAnswer } from '#shared/contract/safety-api.ts';
import type { CommandInput } from '../../edge-node/features/command.ts';
import { minutes, moveCash, refused, type Night } from './stagehands.ts';

const COVER_CENTS = 2_000;
const FREE = { paidCents: 0, method: null, drawer: null } as const;

/** Guests come and go all night, in parties: most pay at the door, some are let in by somebody's leave, a few are turned away. */
export function planDoor(night: Night, { from, until }: { readonly from: number; readonly until: number }): void {
  for (let at = from; at < until; at += minutes(4)) night.timeline.at(at, () => nextParty(night));
  night.timeline.at(until, () => countHeads(night));
}

async function nextParty(night: Night): Promise<void> {
  const { door, seed } = night;
  const area = await houseOf(night);
  const count = seed.between(1, 6);
  const way = seed.next();
  if (way < 0.06) {
    const because = seed.pick(['no_id', 'intoxicated', 'dress_code'] as const);
    await door.must('door.refuse', { area, count, because, blocklistEntry: null, text: null });
  } else if (way < 0.35) {
    const { body } = await door.ask<DoorAnswer>('GET', '/api/v1/door');
    await door.must('door.leave', { area, count: Math.max(1, Math.min(count, body.inside)), countedAt: null });
  } else await comeIn(night, area, { count, way });
}

async function comeIn(night: Night, area: string, party: { count: number; way: number }): Promise<void> {
  const { door, manager, seed } = night;
  const common = { area, count: party.count, reason: null, approver: null, countedAt: null } as const;
  const enter = (input: CommandInput<'door.enter'>) => door.must('door.enter', input);
  if (party.way < 0.45) {
    // Who was inside already pays nothing more, in the demo club as in most: the stamp on the hand is looked at.
    await enter({ ...common, ...FREE, kind: 'reentry', category: 'vip' });
  } else if (party.way < 0.52) {
    const comp = { ...common, ...FREE, kind: 'entry', category: 'comp', reason: 'birthday' } as const;
    await refused(night, 'approver_missing', door.give('door.enter', comp));
    await enter({ ...comp, approver: { staff: manager.staff, pin: night.pinOf('Max') } });
  } else {
    const cash = seed.chance(0.7);
    const paidCents = party.count * COVER_CENTS;
    const drawer = cash ? await night.drawer('Door') : null;
    await enter({ ...common, kind: 'entry', category: 'paying', paidCents, method: cash ? 'cash' : 'card', drawer });
    if (cash) moveCash(night, 'Door', paidCents);
  }
  night.tally.guests += party.count;
}

/** Heads are counted before last call, and the count is put right. */
async function countHeads(night: Night): Promise<void> {
  const { body } = await night.door.ask<DoorAnswer>('GET', '/api/v1/door');
  await night.door.must('occupancy.correct', {
    area: await houseOf(night),
    counted: body.inside + 3,
    reason: 'Heads were counted at last call',
  });
}

export async function houseOf(night: Night): Promise<string> {
  const { body } = await night.door.ask<DoorAnswer>('GET', '/api/v1/door');
  const [house] = body.areas;
  if (!house) throw new Error('The club has no area.');
  return house.area;
}
