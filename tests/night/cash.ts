import { moveCash, refused, type Night } from './stagehands.ts';

const BANK_CENTS = 150_000;
export const DRAWERS = ['Door', 'Bar', 'VIP', 'Office'] as const;

export async function openDrawers(night: Night): Promise<void> {
  for (const name of DRAWERS) await openDrawer(night, name, night.manager.staff);
}

async function openDrawer(night: Night, name: string, responsible: string): Promise<void> {
  // The office pays the dancers out at the end, so it starts with more.
  const bankCents = name === 'Office' ? BANK_CENTS * 20 : BANK_CENTS;
  await night.manager.must('drawer.open', { drawer: await night.drawer(name), responsible, bankCents });
  moveCash(night, name, bankCents);
}

/** Counted blind by the one who answered for it; a little is over or short now and then. */
export async function countAndClose(night: Night, name: string, overShortCents: number): Promise<void> {
  const drawer = await night.drawer(name);
  const countedCents = (night.cash.get(name) ?? 0) + overShortCents;
  await night.manager.must('drawer.count', { drawer, countedCents });
  await refused(
    night,
    'drawer_counted',
    night.manager.give('drawer.count', { drawer, countedCents: countedCents + 1 }),
  );
  await night.manager.must('drawer.close', { drawer });
  night.cash.set(name, 0);
}

/** The manager counts the VIP drawer and hands it to the host, who signs with a PIN: short from here on is the host's. */
export async function handOver(night: Night): Promise<void> {
  const drawer = await night.drawer('VIP');
  const countedCents = (night.cash.get('VIP') ?? 0) - 500;
  const receiver = { staff: night.host.staff, pin: '0000' };
  await refused(night, 'pin_wrong', night.manager.give('drawer.hand_over', { drawer, countedCents, receiver }));
  await night.manager.must('drawer.hand_over', {
    drawer,
    countedCents,
    receiver: { ...receiver, pin: night.pinOf('Victor') },
  });
  night.cash.set('VIP', countedCents);
}
