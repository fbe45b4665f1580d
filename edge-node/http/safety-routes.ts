import type { FastifyInstance } from 'fastify';
import type { DoorAnswer } from '#shared/contract/safety-api.ts';
import { isBanned } from '#shared/domain/blocklist.ts';
import { clubDates } from '#shared/domain/business-day.ts';
import { nextTestAt, trainingStanding } from '#shared/domain/inspection.ts';
import { occupancyOf } from '#shared/domain/occupancy.ts';
import type { PolicyPack } from '#shared/domain/policy-words.ts';
import type { RecordKind } from '#shared/domain/safety-words.ts';
import type { Edge } from '../edge.ts';
import { sendProblem } from './problems.ts';
import { actorOf, asker, reader } from './reading.ts';

const tags = ['reading'];
const PARAMS = (name: string) => ({
  type: 'object',
  properties: { [name]: { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } },
});

/** The door and what was written down for safety, by night, by person and by kind. No list has a sealed text in it. */
export function safetyRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { door, safety } = edge.reads;
  app.get(
    '/api/v1/door',
    { schema: { tags, summary: 'How full the house is, and what was counted tonight' } },
    as(() => doorNow(edge)),
  );
  app.get(
    '/api/v1/nights/:day/door',
    { schema: { tags, summary: 'What was counted at the door in a night, by whom and where', params: PARAMS('day') } },
    as((_who, { params }) => {
      const { day } = params as { readonly day: string };
      return isNight(edge, day) ? { counts: door.countsOf(day), events: door.ofNight(day) } : null;
    }),
  );
  app.get(
    '/api/v1/nights/:day/records',
    { schema: { tags, summary: 'What was written down for safety in a night', params: PARAMS('day') } },
    as((_who, { params }) => {
      const { day } = params as { readonly day: string };
      return isNight(edge, day) ? safety.ofNight(day, packNow(edge)) : null;
    }),
  );
  app.get(
    '/api/v1/people/:person/records',
    { schema: { tags, summary: 'What names a dancer or a member of staff', params: PARAMS('person') } },
    as((_who, { params }) => {
      const { person } = params as { readonly person: string };
      const isKnown = edge.reads.dancers.dancer(person) ?? edge.reads.club.staff(person);
      return isKnown ? safety.ofPerson(person, packNow(edge)) : null;
    }),
  );
  listRoutes(app, edge);
  openRoute(app, edge);
}

/** Under which a record is kept: that of the night, or of the one that would open. */
function packNow({ reads, clock }: Edge): PolicyPack {
  return reads.policy.on(reads.policy.datesAt(clock.wall()).business).pack;
}

const LISTS: readonly (readonly [path: string, kind: RecordKind, summary: string])[] = [
  ['/incidents', 'incident', 'Incidents'],
  ['/complaints', 'complaint', 'The customer complaint log'],
  ['/refusals', 'refusal', 'Who was turned away at the door'],
  ['/site-visits', 'site_visit', 'Visits of inspectors'],
];

function listRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { safety } = edge.reads;
  for (const [path, kind, summary] of LISTS)
    app.get(
      `/api/v1${path}`,
      { schema: { tags, summary: `${summary}, the newest first` } },
      as(() => safety.ofKind(kind, packNow(edge))),
    );
  app.get(
    '/api/v1/blocklist',
    { schema: { tags, summary: 'Bans, and which of them hold tonight; whom, is opened one by one' } },
    as(() => {
      const { night } = datesNow(edge);
      return safety.ofKind('blocklist_entry', packNow(edge)).map((row) => ({
        ...row,
        holds: isBanned({ state: row.state, startsOn: row.startsOn ?? night, expiresOn: row.expiresOn }, night),
      }));
    }),
  );
  app.get(
    '/api/v1/trainings',
    { schema: { tags, summary: 'Trainings of dancers and staff, and which have expired or soon will' } },
    as(() => {
      const { night } = datesNow(edge);
      return safety
        .ofKind('training', packNow(edge))
        .map((row) => ({ ...row, standing: trainingStanding(row.expiresOn, night) }));
    }),
  );
  app.get(
    '/api/v1/safety-tests',
    { schema: { tags, summary: 'Tests of panic buttons, and when each place is to be tested next' } },
    as(() =>
      safety
        .ofKind('safety_test', packNow(edge))
        .map((row) => ({ ...row, nextAt: nextTestAt({ at: row.at, hasPassed: row.hasPassed === true }) })),
    ),
  );
}

function openRoute(app: FastifyInstance, edge: Edge): void {
  app.post<{ Params: { readonly record: string } }>(
    '/api/v1/records/:record/open',
    {
      schema: {
        tags,
        summary: 'Opens the sealed texts of a record; who did is written down',
        params: PARAMS('record'),
      },
    },
    async (request, reply) => {
      const who = asker(edge, request);
      const actor = actorOf(edge, request);
      const opened = await edge.openRecord(request.params.record, { roles: who.roles, actor });
      return typeof opened === 'string' ? sendProblem(reply, opened) : opened;
    },
  );
}

function doorNow(edge: Edge): DoorAnswer {
  const day = edge.reads.day.open()?.day;
  const areas = edge.reads.door
    .areas(day)
    .map(({ area, name, limit, sum }) => ({ area, name, ...occupancyOf({ limit, sum }) }));
  return {
    areas,
    inside: areas.reduce((sum, { inside }) => sum + inside, 0),
    limit: areas.reduce((sum, { limit }) => sum + limit, 0),
    tonight: day === undefined ? null : edge.reads.door.countsOf(day),
  };
}

function datesNow(edge: Edge) {
  const club = edge.reads.club.settings() ?? { tz: 'UTC', cutoffMinutes: 0 };
  return clubDates(club, { now: edge.clock.wall(), day: edge.reads.day.open() ?? null });
}

function isNight(edge: Edge, day: string): boolean {
  return edge.reads.day.nights().some((one) => one.day === day);
}
