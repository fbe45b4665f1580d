import { eq, sql } from 'drizzle-orm';
import { accounts } from '#shared/domain/account.ts';
import type { CountedFact } from '#shared/domain/drawer-count.ts';
import type { MoveKind } from '#shared/domain/drawer-report.ts';
import type { DrawerFact } from '#shared/domain/drawer.ts';
import type { Db } from '../db/open.ts';
import { drawerMove } from '../db/cash-schema.ts';
import { balance, businessDay, drawer, drawerSession } from '../db/schema.ts';
import type { Applied, Appliers } from './applier.ts';
import { values } from './values.ts';

export function ledgerReads(db: Db) {
  const one = db
    .select()
    .from(balance)
    .where(eq(balance.account, sql.placeholder('account')))
    .prepare();
  const all = db.select().from(balance).orderBy(balance.account).prepare();
  const entryAt = db.$client.prepare<[number], { id: string; postings: number }>(
    `SELECT line ->> '$.id' AS id, (SELECT count(*) FROM posting WHERE posting.pos = event.pos) AS postings
     FROM event WHERE pos = ?`,
  );
  return {
    balanceCents: (account: string) => one.get({ account })?.cents ?? 0,
    balances: () => all.all(),
    /** Dancers whose balance is not zero; below zero the club owes her. */
    ofDancers: () =>
      all
        .all()
        .flatMap(({ account, cents }) =>
          account.startsWith('dancer:') && cents !== 0 ? [{ dancer: account.slice('dancer:'.length), cents }] : [],
        ),
    /** The id of the event at a place, where it has postings. */
    entryAt: (pos: number) => {
      const found = entryAt.get(pos);
      return found && found.postings > 0 ? found.id : null;
    },
  };
}

export function drawerReads(db: Db) {
  const current = db
    .select({ session: drawerSession })
    .from(drawer)
    .innerJoin(drawerSession, eq(drawer.drawerSession, drawerSession.drawerSession))
    .where(eq(drawer.drawer, sql.placeholder('drawer')))
    .prepare();
  const night = db
    .select({ day: businessDay.day })
    .from(businessDay)
    .where(sql`${businessDay.state} <> 'CLOSED'`)
    .prepare();
  const open = db
    .select({ drawer: drawerSession.drawer })
    .from(drawerSession)
    .where(sql`${drawerSession.state} <> 'CLOSED'`)
    .prepare();
  const moves = db.$client.prepare<
    [string],
    { pos: number; kind: MoveKind; cents: number; reason: string; by: string }
  >(
    `SELECT m.pos, m.kind, m.cents, m.reason, e.line ->> '$.actor.id' AS "by"
     FROM drawer_move AS m JOIN event AS e ON e.pos = m.pos WHERE m.drawer_session = ? ORDER BY m.pos, m.kind DESC`,
  );
  const ledger = ledgerReads(db);
  const session = (id: string) => current.get({ drawer: id })?.session;
  const cashIn = (id: string) => ledger.balanceCents(accounts.cashDrawer(id));
  const fact = (id: string): DrawerFact | undefined => {
    const now = session(id);
    return now && { drawerSession: now.drawerSession, drawer: id, state: now.state, expectedCents: cashIn(id) };
  };
  // A drawer that a forced close left takes nothing until the next night is open.
  const isOpen = (id: string) => session(id)?.state === 'OPENED' && night.get() !== undefined;
  return {
    /** The session that a drawer is in, or was in last. */
    session,
    fact,
    /** The same, with all that was counted in it. */
    counted: (id: string): CountedFact | undefined => {
      const now = fact(id);
      if (!now) return undefined;
      const steps = moves.all(now.drawerSession);
      const counters = steps.filter(({ kind }) => kind === 'counted' || kind === 'recounted').map(({ by }) => by);
      const isExplained = steps.some(({ kind }) => kind === 'explained');
      return { ...now, counters, overShortCents: session(id)?.overShortCents ?? 0, isExplained };
    },
    /** The steps of a session with who took them, in their order. */
    movesOf: (id: string) => moves.all(id),
    isOpen,
    /** Cash in an open drawer, in cents; null where it is not open. */
    openCents: (id: string) => (isOpen(id) ? cashIn(id) : null),
    /** Those that are opened or counted, by id. */
    notClosed: () => open.all().map((row) => row.drawer),
  };
}

type Moves =
  | 'drawer.opened'
  | 'drawer.paid_in'
  | 'drawer.dropped'
  | 'drawer.paid_out'
  | 'drawer.no_sale'
  | 'drawer.counted'
  | 'drawer.recounted'
  | 'drawer.explained'
  | 'drawer.handed_over'
  | 'drawer.closed';

export function drawerApply(db: Db): Appliers<Moves> {
  const sessions = openSessions(db);
  const putMove = db.insert(drawerMove).values(values(drawerMove)).prepare();
  const move = (
    kind: MoveKind,
    { drawerSession: id, cents = 0, reason = null }: { drawerSession: string; cents?: number; reason?: string | null },
    { pos, day }: Applied,
  ): void => void putMove.run({ pos, drawerSession: id, kind, cents, reason, day });
  return {
    'drawer.opened': ({ body }, at) => {
      sessions.begin(body);
      move('opened', { drawerSession: body.drawerSession, cents: body.bankCents }, at);
    },
    'drawer.paid_in': ({ body }, at) => move('paid_in', body, at),
    'drawer.dropped': ({ body }, at) => move('dropped', body, at),
    'drawer.paid_out': ({ body }, at) => move('paid_out', body, at),
    'drawer.no_sale': ({ body }, at) => move('no_sale', body, at),
    'drawer.counted': ({ body }, at) => {
      sessions.count(body);
      move('counted', { drawerSession: body.drawerSession, cents: body.countedCents }, at);
    },
    'drawer.recounted': ({ body }, at) => {
      sessions.countAgain(body);
      move('recounted', { drawerSession: body.drawerSession, cents: body.countedCents }, at);
    },
    'drawer.explained': ({ body }, at) => move('explained', body, at),
    'drawer.handed_over': ({ body }, at) => {
      const { drawerSession: ended, next, to, countedCents } = body;
      sessions.count(body);
      sessions.close(ended);
      move('counted', { drawerSession: ended, cents: countedCents }, at);
      move('closed', { drawerSession: ended }, at);
      sessions.begin({ drawerSession: next, drawer: body.drawer, responsible: to, bankCents: countedCents });
      move('opened', { drawerSession: next, cents: countedCents }, at);
    },
    'drawer.closed': ({ body }, at) => {
      sessions.close(body.drawerSession);
      move('closed', { drawerSession: body.drawerSession }, at);
    },
  };
}

type Begun = {
  readonly drawerSession: string;
  readonly drawer: string;
  readonly responsible: string;
  readonly bankCents: number;
};

function openSessions(db: Db) {
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
  const countAgain = db
    .update(drawerSession)
    .set({ overShortCents: sql`${drawerSession.overShortCents} + ${sql.placeholder('difference')}` })
    .where(sessionIs)
    .prepare();
  const close = db.update(drawerSession).set({ state: 'CLOSED' }).where(sessionIs).prepare();
  return {
    begin: ({ drawerSession: id, drawer: of, responsible, bankCents }: Begun) => {
      const counted = { countedCents: null, overShortCents: null };
      put.run({ drawerSession: id, drawer: of, responsible, bankCents, state: 'OPENED', ...counted });
      use.run({ drawer: of, drawerSession: id });
    },
    count: (body: { readonly drawerSession: string; readonly countedCents: number; readonly overShortCents: number }) =>
      void count.run({
        drawerSession: body.drawerSession,
        counted: body.countedCents,
        overShort: body.overShortCents,
      }),
    /** The first count stays. */
    countAgain: (body: { readonly drawerSession: string; readonly differenceCents: number }) =>
      void countAgain.run({ drawerSession: body.drawerSession, difference: body.differenceCents }),
    close: (id: string) => void close.run({ drawerSession: id }),
  };
}
