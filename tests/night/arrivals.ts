import { minutes, moveCash, refused, type Night } from './stagehands.ts';

/** Of the demo club's price list. */
const HOUSE_FEE_CENTS = 6_000;

type Dancer = { readonly dancer: string; readonly stageName: string };

/** Sixty dancers arrive over the evening: checked in, house fee paid, deferred or waived, put into a rotation. */
export async function planArrivals(night: Night, firstAt: number): Promise<void> {
  const { body: roster } = await night.door.ask<readonly Dancer[]>('GET', '/api/v1/dancers');
  const stages = await night.look('stage');
  night.timeline.at(firstAt + minutes(90), () => newcomer(night, `Newcomer ${roster.length}`));
  for (const [at, { dancer }] of roster.entries()) {
    const stage = stages[at % stages.length]?.id ?? '';
    night.timeline.at(firstAt + minutes(at * 2.5), () => arrive(night, dancer, stage));
  }
}

/** One who was never here, with a paper that nobody has verified yet: a manager lets her in, with the owner's yes. */
async function newcomer(night: Night, stageName: string): Promise<void> {
  const { door, manager, owner } = night;
  const birthDate = '1999-02-28';
  const person = { legalName: 'Demo Newcomer', birthDate, engagement: 'independent_contractor' } as const;
  await refused(night, 'stage_name_taken', door.give('dancer.register', { ...person, stageName: 'Amber' }));
  const dancer = await door.must('dancer.register', { ...person, stageName });
  await door.must('identity.check', {
    dancer,
    document: 'passport',
    issuer: 'Canada',
    last4: '8841',
    expiresOn: '2031-01-31',
    birthDate,
  });
  await refused(night, 'not_eligible', door.give('attendance.check_in', { dancer }));
  const paper = { dancer, kind: 'work_card', issuer: 'Sheriff', expiresOn: '2027-10-31', verified: false } as const;
  const credential = await door.must('credential.add', { ...paper, number: 'WC-20871' });
  const override = { dancer, reason: 'paper_seen', second: null } as const;
  await refused(night, 'second_person_missing', manager.give('attendance.check_in_override', override));
  const second = { staff: owner.staff, pin: night.pinOf('Olivia') };
  const fee = await manager.must('attendance.check_in_override', { ...override, second });
  night.tally.checkIns += 1;
  await manager.must('house_fee.waive', { fee, reason: 'First night' });
  // The sheriff answers in the afternoon.
  night.timeline.afterMs(minutes(15 * 60), async () => void (await manager.must('credential.verify', { credential })));
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
