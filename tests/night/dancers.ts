import type { NightStatement } from '#shared/contract/tally-api.ts';
import type { VoucherRow } from '#shared/contract/voucher-api.ts';
import { minutes, moveCash, refused, tell, type Night, type NightPlan } from './stagehands.ts';

const VOUCHER = { count: 12, denominationCents: 2_000, feeCents: 200, discountCents: 300 } as const;
type Dancer = { readonly dancer: string; readonly stageName: string };

/** What goes on around the dancers beside stage and rooms: breaks, counted dances, the club's own money, who works on Sunday. */
export function planDancers(night: Night, plan: NightPlan): void {
  const { timeline } = night;
  for (let at = plan.opens + minutes(100); at < plan.closes - minutes(120); at += minutes(20))
    timeline.at(at, () => takeBreak(night));
  for (let at = plan.opens + minutes(60); at < plan.closes - minutes(60); at += minutes(6))
    timeline.at(at, () => countDances(night));
  timeline.at(plan.opens + minutes(70), () => sellVouchers(night));
  timeline.at(plan.opens + minutes(190), () => redeemVouchers(night));
  if (plan.law === 'generic') timeline.at(plan.opens + minutes(15), () => planSunday(night));
  else timeline.at(plan.closes - minutes(10), () => readStatement(night));
}

async function onFloor(night: Night): Promise<readonly string[]> {
  return (await night.look('attendance')).filter(({ where }) => where === 'floor').map(({ dancer }) => dancer);
}

async function takeBreak(night: Night): Promise<void> {
  const dancer = night.seed.pick(await onFloor(night));
  const given = await night.mom.give('attendance.begin_break', { dancer });
  // She was asked just now, and sits already.
  if (!given.ok) return;
  await refused(night, 'on_break', night.mom.give('attendance.begin_break', { dancer }));
  night.timeline.afterMs(minutes(12), async () => void (await night.mom.must('attendance.end_break', { dancer })));
}

async function countDances(night: Night): Promise<void> {
  const dancer = night.seed.pick(await onFloor(night));
  const area = night.seed.pick(['public', 'public', 'private'] as const);
  const priceCents = area === 'public' ? 2_000 : 10_000;
  const counted = { dancer, area, dances: night.seed.between(1, 4), priceCents };
  const tally = await night.host.must('dance_tally.record', counted);
  if (night.seed.chance(0.05)) await night.manager.must('dance_tally.withdraw', { tally, reason: 'Counted twice' });
}

async function sellVouchers(night: Night): Promise<void> {
  const drawer = await night.drawer('Bar');
  await night.host.must('voucher.sell', { ...VOUCHER, method: 'cash', drawer, expiresOn: '2026-12-31' });
  moveCash(night, 'Bar', VOUCHER.count * (VOUCHER.denominationCents + VOUCHER.feeCents));
}

/** Most come back the same night; the others circulate over the close. */
async function redeemVouchers(night: Night): Promise<void> {
  const { body } = await night.host.ask<readonly VoucherRow[]>('GET', '/api/v1/vouchers');
  for (const { voucher } of body.slice(0, 9)) {
    const dancer = night.seed.pick(await onFloor(night));
    const hers = { voucher, dancer, discountCents: VOUCHER.discountCents, drawer: null };
    await night.host.must('voucher.redeem', hers);
    if (night.seed.chance(0.3)) await refused(night, 'voucher_gone', night.host.give('voucher.redeem', hers));
  }
}

/** Who works tomorrow, by another law: everyone is trained, three are put down, one gives her shift away, one will not come. */
async function planSunday(night: Night): Promise<void> {
  const { owner, manager, mom } = night;
  const law = { pack: 'us-wa', effectiveFrom: '2026-11-01', servesAlcohol: true, minimumAgeYears: null };
  await owner.must('club_policy.set', law);
  const { body: roster } = await mom.ask<readonly Dancer[]>('GET', '/api/v1/dancers');
  for (const { dancer } of roster)
    await mom.must('credential.add', {
      dancer,
      kind: 'training',
      issuer: 'The state',
      expiresOn: null,
      verified: true,
    });
  const [jade, ruby] = roster.map(({ dancer }) => dancer);
  const came = new Set((await night.look('attendance')).map(({ dancer }) => dancer));
  const opal = roster.find(({ dancer }) => !came.has(dancer))?.dancer;
  if (!jade || !ruby || !opal) throw new Error('The demo has dancers.');
  const shift = await mom.must('shift.schedule', { dancer: jade, date: '2026-11-01', fromMinutes: 1_200 });
  const swap = await mom.must('shift.request_swap', { shift, to: ruby });
  await refused(night, 'swap_not_agreed', manager.give('shift.approve_swap', { swap }));
  await mom.must('shift.answer_swap', { swap, agrees: true });
  await manager.must('shift.approve_swap', { swap });
  const missed = await mom.must('shift.schedule', { dancer: opal, date: '2026-10-31', fromMinutes: 0 });
  await manager.must('shift.miss', { shift: missed });
  await manager.must('fee_pass.give', { dancer: opal, reason: 'She helped on her day off' });
}

/** What Washington's law made of somebody's fee stands on her statement, to the cent. */
async function readStatement(night: Night): Promise<void> {
  const { body: nights } = await night.owner.ask<readonly { readonly day: string }[]>('GET', '/api/v1/nights');
  const day = nights.at(-1)?.day ?? '';
  let capped = 0;
  for (const { dancer } of await night.look('attendance')) {
    const path = `/api/v1/dancers/${dancer}/statements/${day}`;
    const { body } = await night.owner.ask<NightStatement>('GET', path);
    if (body.cap === null) continue;
    capped += 1;
    const refunded = body.lines
      .filter(({ type }) => type === 'house_fee.capped')
      .reduce((sum, { cents }) => sum - cents, 0);
    if (refunded !== body.cap.excessCents) throw new Error(`${body.stageName} was refunded ${refunded}.`);
  }
  if (capped === 0) throw new Error('Nobody was refunded anything under the law of Washington.');
  tell(night, `${capped} dancers had their fee cut to the cap`);
}
