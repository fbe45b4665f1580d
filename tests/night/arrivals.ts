import { minutes, moveCash, refused, type Night, type NightPlan } from './stagehands.ts';

/** Of the demo club's price list. */
const HOUSE_FEE_CENTS = 6_000;

type Dancer = { readonly dancer: string; readonly stageName: string };

/** Sixty dancers arrive over the evening: checked in, house fee paid, deferred or waived, put into a rotation. */
export async function planArrivals(night: Night, plan: NightPlan, firstAt: number): Promise<void> {
  const { body: roster } = await night.door.ask<readonly Dancer[]>('GET', '/api/v1/dancers');
  const stages = await night.look('stage');
  if (plan.law === 'generic')
    night.timeline.at(firstAt + minutes(90), () => newcomer(night, `Newcomer ${roster.length}`));
  for (const [at, { dancer }] of roster.entries()) {
    const stage = stages[at % stages.length]?.id ?? '';
    night.timeline.at(firstAt + minutes(at * 2.5), () => arrive(night, plan, { dancer, stage }));
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
  // The sheriff answers in the afternoon, and she signs and is trained for tomorrow's law.
  night.timeline.afterMs(minutes(15 * 60), async () => {
    await manager.must('credential.verify', { credential });
    for (const kind of ['contract', 'training'] as const)
      await door.must('credential.add', { dancer, kind, issuer: 'The club', expiresOn: null, verified: true });
  });
}

type Arriving = { readonly dancer: string; readonly stage: string };

async function arrive(night: Night, { law }: NightPlan, { dancer, stage }: Arriving): Promise<void> {
  const { door, manager, dj, seed } = night;
  const given = await door.give('attendance.check_in', { dancer });
  if (!given.ok) throw new Error(`She can't check in: ${given.problem.code}`);
  night.tally.checkIns += 1;
  if (seed.chance(0.2)) await refused(night, 'already_checked_in', door.give('attendance.check_in', { dancer }));
  const fee = given.answer.id;
  const hers = (await night.look('attendance')).find((one) => one.dancer === dancer);
  // A pass let it go.
  const way = hers?.fee?.state === 'WAIVED' ? 2 : seed.next();
  if (way < 0.8) {
    await door.must('house_fee.pay', { fee, drawer: await night.drawer('Door') });
    moveCash(night, 'Door', HOUSE_FEE_CENTS);
  } else if (way < 0.92 && law === 'generic') {
    await refused(night, 'not_allowed', door.give('house_fee.defer', { fee, reason: 'Pays later' }));
    await manager.must('house_fee.defer', { fee, reason: 'Pays at the end of the night' });
  } else if (way < 0.92) {
    // Washington lets no fee be carried on, and none be charged for being late: what is left of hers she pays when she is settled.
    await refused(night, 'fee_forbidden', manager.give('house_fee.defer', { fee, reason: 'Pays later' }));
    await refused(night, 'fee_forbidden', manager.give('house_fee.charge', { dancer, kind: 'late', cents: 1_500 }));
  } else if (way < 1) await manager.must('house_fee.waive', { fee, reason: 'First night' });
  if (seed.chance(0.1)) await refused(night, 'not_allowed', dj.give('attendance.check_in', { dancer }));
  await dj.must('rotation.add', { stage, dancer });
}
