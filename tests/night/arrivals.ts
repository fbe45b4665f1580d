import { minutes, moveCash, refused, type Night } from './stagehands.ts';

/** Of the demo club's price list. */
const HOUSE_FEE_CENTS = 6_000;

type Dancer = { readonly dancer: string; readonly stageName: string };

/** Sixty dancers arrive over the evening: checked in, house fee paid, deferred or waived, put into a rotation. */
export async function planArrivals(night: Night, firstAt: number): Promise<void> {
  const { body: roster } = await night.door.ask<readonly Dancer[]>('GET', '/api/v1/dancers');
  const stages = await night.look('stage');
  for (const [at, { dancer }] of roster.entries()) {
    const stage = stages[at % stages.length]?.id ?? '';
    night.timeline.at(firstAt + minutes(at * 2.5), () => arrive(night, dancer, stage));
  }
}

async function arrive(night: Night, dancer: string, stage: string): Promise<void> {
  const { door, manager, dj, seed } = night;
  const given = await door.give('attendance.check_in', { dancer });
  if (!given.ok) throw new Error(`She can't check in: ${given.problem.code}`);
  night.tally.checkIns += 1;
  if (seed.chance(0.2)) await refused(night, 'already_checked_in', door.give('attendance.check_in', { dancer }));
  const fee = given.answer.id;
  const way = seed.next();
  if (way < 0.8) {
    await door.must('house_fee.pay', { fee, drawer: await night.drawer('Door') });
    moveCash(night, 'Door', HOUSE_FEE_CENTS);
  } else if (way < 0.92) {
    await refused(night, 'not_allowed', door.give('house_fee.defer', { fee, reason: 'Pays later' }));
    await manager.must('house_fee.defer', { fee, reason: 'Pays at the end of the night' });
  } else await manager.must('house_fee.waive', { fee, reason: 'First night' });
  if (seed.chance(0.1)) await refused(night, 'not_allowed', dj.give('attendance.check_in', { dancer }));
  await dj.must('rotation.add', { stage, dancer });
}
