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
  const again = (afterMinutes: number, sets = left) =>
    night.timeline.afterMs(minutes(afterMinutes), () => playSet(night, stage, { left: sets, until }));
  await callUp(night, stage);
  const order = await rotationOf(night, stage);
  const next = order.find(({ held, state }) => !held && state !== 'ON_STAGE');
  if (!next) return again(1);
  await meddle(night, order);
  if (next.state === 'CALLED' && night.seed.chance(0.04)) {
    await night.dj.must('rotation.miss', { entry: next.id });
    return again(0.25);
  }
  if (next.state === 'CALLED') await night.dj.must('rotation.acknowledge', { entry: next.id });
  if (night.seed.chance(0.5)) await planSongs(night, next.id);
  const started = await night.dj.give('stage_set.start', { entry: next.id });
  if (!started.ok) throw new Error(`She can't go on stage: ${started.problem.code}`);
  const set = started.answer.id;
  if (night.seed.chance(0.05)) await joinDuo(night, set, order);
  night.timeline.afterMs(minutes(night.seed.between(7, 8) / 2), async () => {
    await night.dj.must('stage_set.end', { set, outcome: night.seed.chance(0.97) ? 'COMPLETED' : 'CUT_SHORT' });
    night.tally.sets += 1;
    again(0.25, left - 1);
  });
}

/** Three, two, one away: whoever's turn comes near is called, and called again nearer. */
async function callUp(night: Night, stage: string): Promise<void> {
  const given = await night.dj.give('rotation.run_calls', { stage });
  if (!given.ok && given.problem.code !== 'nothing_due') throw new Error(`Nobody can be called: ${given.problem.code}`);
}

async function planSongs(night: Night, entry: string): Promise<void> {
  const songs = [1, 2].map((at) => ({ track: `t_${night.seed.between(1, 400)}`, title: `Song ${at}` }));
  await night.dj.must('rotation.plan', { entry, songs });
}

/** The one who waits next but two joins the one on stage. */
async function joinDuo(night: Night, set: string, order: readonly ViewTables['entry'][]): Promise<void> {
  const partner = order.filter(({ held, state }) => !held && state === 'WAITING')[2];
  if (partner) await night.dj.must('stage_set.join', { set, entry: partner.id });
}

/** The DJ drags somebody now and then, and sometimes drags what another booth has just dragged. */
async function meddle(night: Night, order: readonly ViewTables['entry'][]): Promise<void> {
  const lastCalled = order.findLastIndex(({ state }) => state === 'CALLED' || state === 'ON_DECK');
  const waiting = order.slice(lastCalled + 1).filter(({ state }) => state === 'WAITING');
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
