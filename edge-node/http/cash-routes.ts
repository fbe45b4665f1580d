import type { FastifyInstance } from 'fastify';
import type { CloseChecks, NightReportAnswer, TipOutRow, XReport } from '#shared/contract/cash-api.ts';
import type { VoucherRow } from '#shared/contract/voucher-api.ts';
import { isPastCutoff } from '#shared/domain/business-day.ts';
import { isAbove } from '#shared/domain/cash-limit.ts';
import { cashOverLimit } from '#shared/domain/cash-watch.ts';
import { maySeeExpected } from '#shared/domain/drawer-report.ts';
import { isBoss } from '#shared/domain/rights.ts';
import type { Edge } from '../edge.ts';
import { uncarriedFees } from '../state/uncarried.ts';
import { ledgerCsv, ledgerProof, nightCsv, nightPdf } from './ledger-export.ts';
import { sendProblem } from './problems.ts';
import { asker, reader } from './reading.ts';

const tags = ['reading'];
const idParam = (name: string) => ({
  type: 'object',
  properties: { [name]: { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } },
});
const DAYS_WATCHED = 400;
const DAY_MS = 86_400_000;

/** What drawers and nights come to, and what leaves the box as a file. */
export function cashRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { cash } = edge.reads;
  xReportRoute(app, edge);
  nightRoutes(app, edge);
  app.get(
    '/api/v1/business-day/checks',
    { schema: { tags, summary: 'What stands in the way of a close, and who would leave with money on the books' } },
    as(() => closeChecks(edge)),
  );
  app.get(
    '/api/v1/cash-limits',
    { schema: { tags, summary: 'Above which amounts the club asks for more, in cents' } },
    as(() => cash.limits()),
  );
  app.get(
    '/api/v1/tip-outs',
    { schema: { tags, summary: 'Tip-outs that wait: the asker’s own, or all of them for owners and managers' } },
    as((who): readonly TipOutRow[] =>
      cash
        .tipOutsWaiting()
        .filter(({ to }) => to === who.staff || isBoss(who.roles))
        .map(({ tipOut, dancer, to, cents, state }) => ({ tipOut, dancer, to, cents, state })),
    ),
  );
  app.get(
    '/api/v1/vouchers',
    { schema: { tags, summary: 'Vouchers that circulate, the newest first' } },
    as((): readonly VoucherRow[] =>
      edge.reads.vouchers
        .circulating()
        .map(({ voucher, denominationCents, feeCents, discountCents, soldAt, expiresOn }) => ({
          voucher,
          denominationCents,
          feeCents,
          discountCents,
          soldAt,
          expiresOn,
        })),
    ),
  );
  app.get(
    '/api/v1/cash-watch',
    { schema: { tags, summary: 'Payers whose cash within 24 hours went over what Form 8300 asks to report' } },
    as(() => cashOverLimit(cash.receiptsSince(edge.clock.wall() - DAYS_WATCHED * DAY_MS))),
  );
}

/** A count is blind: who answers for a drawer, or is no owner or manager, is told what should be in it when it is counted. */
function xReportRoute(app: FastifyInstance, edge: Edge): void {
  const { reads } = edge;
  app.get<{ Params: { readonly drawer: string } }>(
    '/api/v1/drawers/:drawer/x-report',
    { schema: { tags, summary: 'The X report of a drawer: its session as it is now', params: idParam('drawer') } },
    async (request, reply) => {
      const who = asker(edge, request);
      const { drawer } = request.params;
      if (!reads.club.drawer(drawer)) return sendProblem(reply, 'drawer_unknown');
      const session = reads.drawers.session(drawer);
      const report = reads.reports.drawer(drawer);
      if (!session || !report) return sendProblem(reply, 'drawer_not_open');
      if (!maySeeExpected(session, { staff: who.staff, isBoss: isBoss(who.roles) }))
        return sendProblem(reply, 'drawer_not_counted');
      const { drawerSession, state } = session;
      const held = state === 'OPENED' ? report.expectedCents : 0;
      const isDropDue = isAbove(held, reads.cash.limits().drawerCents);
      const answer: XReport = { drawer, drawerSession, state, isDropDue, ...report };
      return answer;
    },
  );
}

function nightRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { reads } = edge;
  const nightOf = (params: unknown) => {
    const { day } = params as { readonly day: string };
    return reads.day.nights().find((one) => one.day === day) ?? null;
  };
  const params = idParam('day');
  app.get(
    '/api/v1/nights/:day/report',
    { schema: { tags, summary: 'The X report of a night: what it comes to now', params } },
    as((_who, request): NightReportAnswer | null => {
      const night = nightOf(request.params);
      if (!night) return null;
      const { day, date, state } = night;
      return { day, date, state, ...reads.reports.night(day) };
    }),
  );
  app.get(
    '/api/v1/nights/:day/z-reports',
    { schema: { tags, summary: 'Z reports that were kept in a night, with the chain’s hash at each', params } },
    as((_who, request) => {
      const night = nightOf(request.params);
      return night && reads.cash.zReportsOf(night.day);
    }),
  );
  const files = [
    ['report.csv', 'The report of a night as CSV', 'text/csv; charset=utf-8', nightCsv],
    ['report.pdf', 'The report of a night on paper', 'application/pdf', nightPdf],
    ['ledger.csv', 'Every posting of a night as CSV, amounts in cents', 'text/csv; charset=utf-8', ledgerCsv],
    ['ledger.json', 'Every line of a night with the hashes of its chain', 'application/json', ledgerProof],
  ] as const;
  for (const [name, summary, type, make] of files)
    app.get(
      `/api/v1/nights/:day/${name}`,
      { schema: { tags, summary, params } },
      as((_who, request, reply) => {
        const night = nightOf(request.params);
        if (!night) return null;
        const attached = `attachment; filename="${night.date}-${name}"`;
        return reply.type(type).header('content-disposition', attached).send(make(reads, night));
      }),
    );
}

function closeChecks(edge: Edge): CloseChecks | null {
  const { reads } = edge;
  const open = reads.day.open();
  const club = reads.club.settings();
  if (!open || !club) return null;
  const { day, date, state } = open;
  const stages = reads.club.stages().flatMap(({ stage }) => reads.rotation.liveOnStage(stage) ?? []);
  const loose = {
    stageSets: stages.map(({ set }) => set),
    roomSessions: reads.rooms.open().map(({ session }) => session),
    disputes: reads.sessions.disputed().map(({ session }) => session),
    attendances: reads.attendance.checkedIn().map(({ attendance }) => attendance),
    fees: uncarriedFees(reads, open).map(({ fee }) => fee),
    drawers: reads.drawers.notClosed(),
  };
  const isPast = isPastCutoff(date, club, edge.clock.wall());
  const isTied = Object.values(loose).every((ids) => ids.length === 0);
  return {
    day,
    date,
    isPastCutoff: isPast,
    canClose: isTied && state !== 'OPEN',
    ...loose,
    unsettled: reads.ledger.ofDancers(),
  };
}
