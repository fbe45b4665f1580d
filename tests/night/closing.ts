import { countAndClose, DRAWERS } from './cash.ts';
import { minutes, moveCash, refused, type Night } from './stagehands.ts';

/** Last call: what runs is brought to its end, everyone is paid, the drawers are counted, the day is closed. */
export function planClosing(night: Night, plan: { readonly lastCall: number; readonly close: number }): void {
  night.timeline.at(plan.lastCall, async () => {
    await refused(night, 'day_not_closing', night.manager.give('day.close', {}));
    await night.manager.must('day.begin_closing', {});
    await refused(
      night,
      'day_closing',
      night.manager.give('room_session.quote', { room: 'none', rate: 'vip15', dancers: ['none'] }),
    );
  });
  night.timeline.at(plan.close - minutes(15), () => goHome(night));
  night.timeline.at(plan.close, async () => {
    await refused(night, 'drawer_open', night.manager.give('day.close', {}));
    for (const [at, name] of DRAWERS.entries()) await countAndClose(night, name, at === 1 ? 200 : 0);
    await night.manager.must('day.close', {});
  });
}

async function goHome(night: Night): Promise<void> {
  for (const { dancer } of (await night.look('attendance')).filter(({ state }) => state === 'CHECKED_IN')) {
    await night.door.must('attendance.check_out', { dancer });
    const { body } = await night.door.ask<{ readonly cents: number }>('GET', `/api/v1/dancers/${dancer}/balance`);
    moveCash(night, 'Office', body.cents);
    await night.door.must('attendance.settle', { dancer, drawer: await night.drawer('Office') });
  }
}
