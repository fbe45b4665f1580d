import type { NightReport } from '#shared/domain/cash-events.ts';
import { accounts } from '#shared/domain/account.ts';
import { drawerReport, type DrawerMove } from '#shared/domain/drawer-report.ts';
import { assert } from '#shared/kit/assert.ts';
import { genesisHash } from '#shared/log/chain.ts';
import type { Db } from '../db/open.ts';
import { openMainline } from '../log/mainline.ts';
import { businessDayReads } from './business-day.ts';
import { drawerReads } from './drawer.ts';

type DayMoves = { readonly kind: string; readonly n: number; readonly cents: number };
type LedgerRow = {
  readonly pos: number;
  readonly account: string;
  readonly cents: number;
  readonly line: string;
  readonly hash: Buffer;
};
type ChainRow = {
  readonly pos: number;
  readonly logId: string;
  readonly seq: number;
  readonly line: string;
  readonly hash: Buffer;
};

/** What reports are made of, as it is now. */
export function reportReads(db: Db) {
  const drawers = drawerReads(db);
  const days = businessDayReads(db);
  const { $client: sqlite } = db;
  const takings = sqlite.prepare<[number, number, string], { type: string; cents: number }>(
    `SELECT e.line ->> '$.type' AS type, sum(p.cents) AS cents
     FROM posting AS p JOIN event AS e ON e.pos = p.pos
     WHERE p.pos > ? AND p.pos < ? AND p.account = ? AND e.line ->> '$.type' NOT LIKE 'drawer.%'
     GROUP BY 1 ORDER BY 1`,
  );
  const movesOfDay = sqlite.prepare<[string], DayMoves>(
    'SELECT kind, count(*) AS n, sum(cents) AS cents FROM drawer_move WHERE day = ? GROUP BY kind',
  );
  const report = (drawer: string, more: readonly DrawerMove[] = []) => {
    const session = drawers.session(drawer);
    if (!session) return null;
    const moves = drawers.movesOf(session.drawerSession);
    const from = moves[0]?.pos ?? 0;
    const to = moves.findLast(({ kind }) => kind === 'closed')?.pos ?? Number.MAX_SAFE_INTEGER;
    const taken = takings.all(from, to, accounts.cashDrawer(drawer));
    return drawerReport(session.responsible, [...moves, ...more], taken);
  };
  return {
    /** Of the session that a drawer is in or was in last, with steps that are about to be taken; null where it never opened. */
    drawer: report,
    night: (day: string): NightReport => {
      const moved = new Map(movesOfDay.all(day).map((row) => [row.kind, row]));
      const counts = days.countsOf(day);
      return {
        totals: days.dayTotals(day),
        byClass: [...days.totalsOf(day)].map(([name, cents]) => ({ class: name, cents })).toSorted(byName('class')),
        byType: [...counts].map(([type, n]) => ({ type, n })).toSorted(byName('type')),
        paidOutCents: moved.get('paid_out')?.cents ?? 0,
        noSales: moved.get('no_sale')?.n ?? 0,
        adjustments: counts.get('ledger.adjusted') ?? 0,
      };
    },
    ...exportReads(db),
  };
}

function byName<K extends string>(key: K) {
  return (a: { readonly [N in K]: string }, b: { readonly [N in K]: string }) => (a[key] < b[key] ? -1 : 1);
}

/** A night's stretch of the log is found by its places; what happened between two openings of it belongs to other nights. */
function exportReads(db: Db) {
  const { $client: sqlite } = db;
  const mainline = openMainline(sqlite);
  const placeOf = sqlite.prepare<[string], { fromPos: number; toPos: number | null }>(
    'SELECT from_pos AS fromPos, to_pos AS toPos FROM night_place WHERE day = ?',
  );
  const postings = sqlite.prepare<[number, number, string], LedgerRow>(
    `SELECT p.pos, p.account, p.cents, e.line, e.hash FROM posting AS p JOIN event AS e ON e.pos = p.pos
     WHERE p.pos BETWEEN ? AND ? AND p.day = ? ORDER BY p.pos, p.n`,
  );
  const lines = sqlite.prepare<[number, number], ChainRow>(
    'SELECT pos, log_id AS logId, seq, line, hash FROM event WHERE pos BETWEEN ? AND ? ORDER BY pos',
  );
  const stretch = (day: string): readonly [number, number] | null => {
    const place = placeOf.get(day);
    return place ? [place.fromPos, place.toPos ?? Number.MAX_SAFE_INTEGER] : null;
  };
  return {
    postingsOf: (day: string): readonly LedgerRow[] => {
      const place = stretch(day);
      return place ? postings.all(...place, day) : [];
    },
    /** Every line of the stretch, each with the hash that its own is made with. */
    linesOf: (day: string): readonly (ChainRow & { readonly prev: Buffer })[] => {
      const place = stretch(day);
      if (!place) return [];
      const rows = lines.all(place[0] - 1, place[1]);
      const segments = mainline.segments();
      return rows.flatMap((row, at) => {
        if (row.pos < place[0]) return [];
        const log = segments.find(({ logId }) => logId === row.logId);
        const prev = row.seq === 1 && log ? genesisHash(log.genesis) : rows[at - 1]?.hash;
        assert(prev !== undefined, 'a line that is not the first of its log follows on another');
        return [{ ...row, prev }];
      });
    },
  };
}
