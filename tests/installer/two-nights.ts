import type { RowChange, TableName, ViewTables } from '#shared/contract/live.ts';
import { setClock } from '../../edge-node/clock.ts';
import { buildTestEdge, type TestEdge } from '../support/edge.ts';
import type { Tablet } from '../support/tablet.ts';

export const FIRST_NIGHT = '2026-11-20';
export const SECOND_NIGHT = '2026-11-21';

/** A club's history: one night that is closed, one that is open with a dancer on stage and a room that was paid. */
export async function playTwoNights(): Promise<TestEdge> {
  const edge = await buildTestEdge({ clock: setClock({ wall: Date.parse('2026-11-21T04:00:00Z'), mono: 0 }, 'b_two') });
  const manager = await edge.tablet('Max');
  await manager.must('day.open', { date: FIRST_NIGHT });
  await manager.must('day.begin_closing', {});
  await manager.must('day.close', {});
  await manager.must('day.open', { date: SECOND_NIGHT });
  const [here, other] = await roster(manager);
  if (here === undefined || other === undefined) throw new Error('The demo club has no dancers.');
  for (const dancer of [here, other]) await manager.must('attendance.check_in', { dancer });
  const entry = await manager.must('rotation.add', { stage: (await first(manager, 'stage')).id, dancer: here });
  await manager.must('stage_set.start', { entry });
  const room = await first(manager, 'room');
  const session = await manager.must('room_session.quote', { room: room.id, rate: 'vip30', dancers: [other] });
  await manager.must('room_session.start', { session });
  await manager.must('room_session.end', { session, reason: 'guest' });
  await manager.must('room_session.settle', { session, method: 'card', drawer: null, tipCents: 2_000 });
  return edge;
}

async function roster(tablet: Tablet): Promise<readonly string[]> {
  const { body } = await tablet.ask<readonly { readonly dancer: string }[]>('GET', '/api/v1/dancers');
  return body.map(({ dancer }) => dancer);
}

async function first<T extends TableName>(tablet: Tablet, table: T): Promise<ViewTables[T]> {
  const { body } = await tablet.ask<{ readonly rows: readonly RowChange[] }>('GET', '/api/v1/view');
  const found = body.rows.find(([of, , row]) => of === table && row !== null);
  if (!found) throw new Error(`The view has no ${table}.`);
  return found[2] as ViewTables[T];
}
