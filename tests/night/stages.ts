import { byPlace } from '#shared/domain/rotation.ts';
import type { ViewTables } from '#shared/contract/live.ts';
import { minutes, refused, type Night } from './stagehands.ts';

/** Every stage plays its sets one after the other until it has had its number or the time is up. */
export async function planStages(
  night: Night,
  plan: { readonly from: number; readonly until: number; readonly setsEach: number },
): Promise<void> {
  for (const { id } of await night.look('stage')) {
    night.timeline.at(plan.from, () => playSet(night, id, { left: plan.setsEach, until: plan.until }));
  }
}

type Left = { readonly left: number; readonly until: number };

async function playSet(night: Night, stage: string, { left, until }: Left): Promise<void> {
  if (left === 0 || night.timeline.now() >= until) return;
  const order = await rotationOf(night, stage);
  const next = order.find(({ held, state }) => !held && state !== 'ON_STAGE');
  if (!next) return night.timeline.afterMs(minutes(1), () => playSet(night, stage, { left, until }));
  await meddle(night, order);
  await night.dj.must('rotation.call', { entry: next.id, away: 1 });
  if (night.seed.chance(0.04)) {
    await night.dj.must('rotation.miss', { entry: next.id });
    return night.timeline.afterMs(minutes(0.25), () => playSet(night, stage, { left, until }));
  }
  const started = await night.dj.give('stage_set.start', { entry: next.id });
  if (!started.ok) throw new Error(`She can't go on stage: ${started.problem.code}`);
  const set = started.answer.id;
  night.timeline.afterMs(minutes(night.seed.between(7, 8) / 2), async () => {
    await night.dj.must('stage_set.end', { set, outcome: night.seed.chance(0.97) ? 'COMPLETED' : 'CUT_SHORT' });
    night.tally.sets += 1;
    night.timeline.afterMs(minutes(0.25), () => playSet(night, stage, { left: left - 1, until }));
  });
}

/** The DJ drags somebody now and then, and sometimes drags what another booth has just dragged. */
async function meddle(night: Night, order: readonly ViewTables['entry'][]): Promise<void> {
  const waiting = order.filter(({ state }) => state === 'WAITING').slice(2);
  if (waiting.length < 3 || !night.seed.chance(0.3)) return;
  const moved = night.seed.pick(waiting.slice(1));
  const after = waiting[0]?.id ?? null;
  await night.dj.must('rotation.move', { entry: moved.id, afterEntry: after, version: moved.version });
  if (night.seed.chance(0.3)) {
    await refused(
      night,
      'entry_changed',
      night.dj.give('rotation.move', { entry: moved.id, afterEntry: null, version: moved.version }),
    );
  }
}

async function rotationOf(night: Night, stage: string): Promise<readonly ViewTables['entry'][]> {
  return (await night.look('entry')).filter((entry) => entry.stage === stage).toSorted(byPlace);
}
