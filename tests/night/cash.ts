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

/** A hand-over is a close and an opening, with another person responsible. */
export async function handOver(night: Night, name: string): Promise<void> {
  await countAndClose(night, name, -500);
  await openDrawer(night, name, night.host.staff);
}
