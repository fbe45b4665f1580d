import type { FastifyInstance } from 'fastify';
import type { ChargebackPack, DanceCountRow, ReservationRow } from '#shared/contract/desk-api.ts';
import { countsDiffer } from '#shared/domain/dance-count.ts';
import type { Edge } from '../edge.ts';
import { paper } from '../print/paper.ts';
import type { Reads } from '../state/reads.ts';
import { countOf } from '../state/dance-count.ts';
import { actorOf, reader } from './reading.ts';
import { sendProblem } from './problems.ts';

const tags = ['reading'];
const Id = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } as const;
const params = (name: string) => ({ type: 'object', properties: { [name]: Id } });

/** Counts that differ, promised rooms, and what a guest who disputes a payment is shown. */
export function deskRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { reads } = edge;
  app.get(
    '/api/v1/dance-counts/:day',
    { schema: { tags, summary: 'Sessions of a night whose counts of dances differ', params: params('day') } },
    as((_who, request) => danceCounts(edge, (request.params as { readonly day: string }).day)),
  );
  app.get(
    '/api/v1/reservations',
    { schema: { tags, summary: 'Rooms that are promised, by their time' } },
    as((): readonly ReservationRow[] =>
      reads.desk.reservations().map(({ reservation, room, at, minutes }) => ({ reservation, room, at, minutes })),
    ),
  );
  for (const format of ['', '.pdf'] as const)
    app.get(
      `/api/v1/room-sessions/:session/chargeback-pack${format}`,
      {
        schema: {
          tags,
          summary: `What happened in a session and that the guest signed${format === '' ? '' : ', on paper'}; who looks is written down`,
          params: params('session'),
        },
      },
      async (request, reply) => {
        const { session } = request.params as { readonly session: string };
        const opened = await edge.openSession(session, actorOf(edge, request));
        if (typeof opened === 'string') return sendProblem(reply, opened);
        return format === '' ? opened : reply.type('application/pdf').send(packPdf(reads, opened));
      },
    );
}

/** Every session that ended in the night, paid or not, where host and songs say different things. */
function danceCounts({ reads, clock }: Edge, day: string): readonly DanceCountRow[] | null {
  if (!reads.day.nights().some((one) => one.day === day)) return null;
  return reads.sessions.endedIn(day).flatMap(({ session, room }) => {
    const count = countOf(reads, session, clock.wall());
    if (!countsDiffer(count)) return [];
    const kept = reads.desk.count(session);
    const dances = kept?.dances ?? null;
    const settled = dances === null ? null : { dances, reason: kept?.reason ?? '' };
    return [{ session, room, ...count, settled }];
  });
}

const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`;

function packPdf(reads: Reads, pack: ChargebackPack): Buffer {
  const tz = reads.club.settings()?.tz ?? 'UTC';
  const time = new Intl.DateTimeFormat('en-US', { timeZone: tz, dateStyle: 'short', timeStyle: 'medium' });
  const { acknowledged } = pack;
  const lines = acknowledged
    ? [
        `Signed ${time.format(acknowledged.at)}, witness ${acknowledged.witness}`,
        `Reference ${acknowledged.processorRef ?? 'none'}, card ending in ${acknowledged.last4 ?? 'none'}`,
      ]
    : ['The guest did not sign.'];
  const stamp = [
    `${reads.rooms.room(pack.room)?.name ?? pack.room}, ${dollars(pack.grossCents)}, ${pack.state}`,
    `${pack.minutes} minutes with ${pack.dancers.join(', ')}`,
  ];
  return paper(`Session ${pack.session}`, stamp, [
    {
      heading: 'What happened',
      table: {
        columns: ['Time', 'What', 'By', 'Sold at'],
        rows: pack.steps.map(({ at, what, by, cents }) => [
          time.format(at),
          what,
          by,
          cents === null ? '' : dollars(cents),
        ]),
      },
    },
    { heading: 'Acknowledgement', lines, drawn: acknowledged?.signature ?? undefined },
  ]);
}
