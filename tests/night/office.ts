import type { XReport } from '#shared/contract/cash-api.ts';
import { handOver } from './cash.ts';
import { minutes, moveCash, refused, tell, type Night, type NightPlan } from './stagehands.ts';

const ICE_CENTS = 4_250;
const DROP_CENTS = 20_000;
const TIP_CENTS = 1_500;

/** What goes on beside the floor: ice for the bar, a drop, change from the safe, a hand-over, tips for the booth. */
export function planOffice(night: Night, { opens, closes }: NightPlan): void {
  const { timeline } = night;
  timeline.at(opens + minutes(95), () => buyIce(night));
  timeline.at(opens + minutes(150), () => dropCash(night));
  timeline.at(opens + minutes(270), async () => {
    await handOver(night);
    tell(night, 'the VIP drawer is handed over');
  });
  for (let at = opens + minutes(180); at < closes - minutes(60); at += minutes(45))
    timeline.at(at, () => tipTheBooth(night));
}

async function buyIce(night: Night): Promise<void> {
  const drawer = await night.drawer('Bar');
  await night.manager.must('drawer.pay_out', { drawer, cents: ICE_CENTS, reason: 'Ice', approver: null });
  moveCash(night, 'Bar', -ICE_CENTS);
  await refused(night, 'not_allowed', night.host.give('drawer.no_sale', { drawer, reason: 'Change for a guest' }));
  await night.manager.must('drawer.no_sale', { drawer, reason: 'Change for a guest' });
}

/** Out of the door's drawer into the safe; out of the safe into the bar's. The owner may see what a drawer should hold; who counts it may not. */
async function dropCash(night: Night): Promise<void> {
  const door = await night.drawer('Door');
  await night.manager.must('drawer.drop', { drawer: door, cents: DROP_CENTS });
  moveCash(night, 'Door', -DROP_CENTS);
  await night.manager.must('drawer.pay_in', { drawer: await night.drawer('Bar'), cents: ICE_CENTS, reason: 'Change' });
  moveCash(night, 'Bar', ICE_CENTS);
  const { body } = await night.owner.ask<XReport>('GET', `/api/v1/drawers/${door}/x-report`);
  if (body.expectedCents !== night.cash.get('Door'))
    throw new Error(`The door's drawer is said to hold ${body.expectedCents}, not ${night.cash.get('Door')}.`);
}

/** She gives the booth something of her own will, and the booth says yes to it; in cash, from hand to hand. */
async function tipTheBooth(night: Night): Promise<void> {
  const here = (await night.look('attendance')).filter(({ state }) => state === 'CHECKED_IN');
  const { dancer } = night.seed.pick(here);
  const tip = await night.mom.must('tip_out.propose', { dancer, to: night.dj.staff, cents: TIP_CENTS });
  await refused(night, 'not_yours', night.host.give('tip_out.acknowledge', { tip }));
  await night.dj.must('tip_out.acknowledge', { tip });
  await night.mom.must('tip_out.pay', { tip, drawer: null });
}
