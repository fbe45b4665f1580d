import type { FastifyInstance } from 'fastify';
import type { ScheduleAnswer } from '#shared/contract/shift-api.ts';
import { addDays, isDate } from '#shared/domain/calendar.ts';
import type { Edge } from '../edge.ts';
import { reader } from './reading.ts';

const params = {
  type: 'object',
  properties: { date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } },
} as const;
const DAYS = 7;

/** Who is put down for which night. */
export function scheduleRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  app.get(
    '/api/v1/schedule/:date',
    {
      schema: {
        tags: ['reading'],
        summary: 'Seven nights from a date on: shifts, and the swaps that are asked for',
        params,
      },
    },
    as((_who, request) => schedule(edge, (request.params as { readonly date: string }).date)),
  );
}

function schedule({ reads }: Edge, from: string): ScheduleAnswer | null {
  if (!isDate(from)) return null;
  const found = reads.shifts.between(from, addDays(from, DAYS - 1));
  const shifts = found.map((one) => ({ ...one, stageName: reads.dancers.dancer(one.dancer)?.stageName ?? '' }));
  return { from, shifts, swaps: found.flatMap(({ shift }) => reads.shifts.swapsOf(shift)) };
}
