import { eq, sql } from 'drizzle-orm';
import { accounts } from '#shared/domain/account.ts';
import type { DrawerFact } from '#shared/domain/drawer.ts';
import type { Db } from '../db/open.ts';
import { balance, drawer, drawerSession } from '../db/schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

export function ledgerReads(db: Db) {
  const one = db
    .select()
    .from(balance)
    .where(eq(balance.account, sql.placeholder('account')))
    .prepare();
  const all = db.select().from(balance).orderBy(balance.account).prepare();
  return {
    balanceCents: (account: string) => one.get({ account })?.cents ?? 0,
    balances: () => all.all(),
  };
}

export function drawerReads(db: Db) {
  const current = db
    .select({ session: drawerSession })
    .from(drawer)
    .innerJoin(drawerSession, eq(drawer.drawerSession, drawerSession.drawerSession))
    .where(eq(drawer.drawer, sql.placeholder('drawer')))
    .prepare();
  const ledger = ledgerReads(db);
  const session = (id: string) => current.get({ drawer: id })?.session;
  const cashIn = (id: string) => ledger.balanceCents(accounts.cashDrawer(id));
  return {
    /** The session that a drawer is in, or was in last. */
    session,
    fact: (id: string): DrawerFact | undefined => {
      const now = session(id);
      return now && { drawerSession: now.drawerSession, drawer: id, state: now.state, expectedCents: cashIn(id) };
    },
    isOpen: (id: string) => session(id)?.state === 'OPENED',
    /** Cash in an open drawer, in cents; null where it is not open. */
    openCents: (id: string) => (session(id)?.state === 'OPENED' ? cashIn(id) : null),
  };
}

export function drawerApply(db: Db): Appliers<'drawer.opened' | 'drawer.dropped' | 'drawer.counted' | 'drawer.closed'> {
  const put = db.insert(drawerSession).values(values(drawerSession)).prepare();
  const use = db
    .update(drawer)
    .set({ drawerSession: sql`${sql.placeholder('drawerSession')}` })
    .where(eq(drawer.drawer, sql.placeholder('drawer')))
    .prepare();
  const sessionIs = eq(drawerSession.drawerSession, sql.placeholder('drawerSession'));
  const count = db
    .update(drawerSession)
    .set({
      state: 'COUNTED',
      countedCents: sql`${sql.placeholder('counted')}`,
      overShortCents: sql`${sql.placeholder('overShort')}`,
    })
    .where(sessionIs)
    .prepare();
  const close = db.update(drawerSession).set({ state: 'CLOSED' }).where(sessionIs).prepare();
  return {
    'drawer.opened': ({ body }) => {
      put.run({ ...body, state: 'OPENED', countedCents: null, overShortCents: null });
      use.run({ drawer: body.drawer, drawerSession: body.drawerSession });
    },
    'drawer.dropped': () => undefined,
    'drawer.counted': ({ body }) =>
      void count.run({ drawerSession: body.drawerSession, counted: body.countedCents, overShort: body.overShortCents }),
    'drawer.closed': ({ body }) => void close.run({ drawerSession: body.drawerSession }),
  };
}
