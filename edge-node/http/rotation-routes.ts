import type { FastifyInstance } from 'fastify';
import type { QueuedEntry, RotationAnswer } from '#shared/contract/rotation-api.ts';
import { awayOf } from '#shared/domain/rotation-calls.ts';
import type { Edge } from '../edge.ts';
import { reader } from './reading.ts';

const tags = ['reading'];
const NIGHT = {
  type: 'object',
  properties: { day: { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } },
};

/** The order of the night, what is played at every place of it, and who set it aside. */
export function rotationRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  app.get(
    '/api/v1/rotation',
    {
      schema: { tags, summary: 'Who dances, who comes next and how far away she is, and what is played at each place' },
    },
    as(() => rotationNow(edge)),
  );
  app.get(
    '/api/v1/nights/:day/rotation-overrides',
    { schema: { tags, summary: 'When the order of a night was set aside, by whom and why', params: NIGHT } },
    as((_who, { params }) => {
      const { day } = params as { readonly day: string };
      return edge.reads.day.nights().some((one) => one.day === day) ? edge.reads.rotation.overrides(day) : null;
    }),
  );
}

function rotationNow({ reads }: Edge): RotationAnswer {
  const setting = reads.rotation.setting();
  const stages = reads.club
    .stages()
    .map(({ stage, name, open }) => ({ stage, name, open, live: liveOn(reads, stage) }));
  const open = stages.filter((one) => one.open);
  const groups = setting.mode === 'shared' ? [open] : open.map((one) => [one]);
  return {
    setting,
    stages,
    queues: groups
      .filter((group) => group.length > 0)
      .map((group) => ({
        stages: group.map(({ stage }) => stage),
        entries: queueOf(reads, group[0]?.stage ?? '', group.filter(({ live }) => live === null).length),
      })),
    features: reads.rotation.features(),
  };
}

function liveOn(reads: Edge['reads'], stage: string): RotationAnswer['stages'][number]['live'] {
  const live = reads.rotation.liveOnStage(stage);
  if (!live) return null;
  const partner = reads.rotation.partner(live.set);
  const dancers = partner ? [live.dancer, partner.dancer] : [live.dancer];
  return { set: live.set, dancers, songs: live.songs, startedAt: live.startedAt };
}

function queueOf(reads: Edge['reads'], stage: string, free: number): readonly QueuedEntry[] {
  const queue = reads.rotation.ofQueue(stage);
  return queue.map(({ attendance: _attendance, rank: _rank, away: calledAway, ...entry }) => ({
    ...entry,
    name: reads.dancers.dancer(entry.dancer)?.stageName ?? '',
    away: awayOf(queue, entry.entry, free),
    calledAway,
  }));
}
