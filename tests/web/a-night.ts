import type { RowChange, TableName, ViewTables } from '#shared/contract/live.ts';
import type { Tablet } from '../support/tablet.ts';

export type Night = {
  readonly manager: Tablet;
  readonly stages: readonly ViewTables['stage'][];
  readonly rooms: readonly ViewTables['room'][];
  /** By stage name. */
  readonly dancers: ReadonlyMap<string, string>;
};

const NAMES = ['Amber', 'Bella', 'Chloe', 'Daisy', 'Ember', 'Fawn', 'Gigi', 'Jade'] as const;

/** An open business day: eight dancers are here, six wait for the main stage, one drawer is open. */
export async function openNight(manager: Tablet): Promise<Night> {
  await manager.must('day.open', { date: null });
  const roster = await manager.ask<readonly { readonly dancer: string; readonly stageName: string }[]>(
    'GET',
    '/api/v1/dancers',
  );
  const dancers = new Map<string, string>();
  for (const name of NAMES) {
    const dancer = roster.body.find(({ stageName }) => stageName === name)?.dancer ?? '';
    dancers.set(name, dancer);
    await manager.must('attendance.check_in', { dancer });
  }
  const stages = await rowsOf(manager, 'stage');
  const main = stages.find(({ name }) => name === 'Main stage')?.id ?? '';
  for (const name of NAMES.slice(0, 6))
    await manager.must('rotation.add', { stage: main, dancer: dancers.get(name) ?? '' });
  const drawers = await rowsOf(manager, 'drawer');
  await manager.must('drawer.open', { drawer: drawers[0]?.id ?? '', responsible: manager.staff, bankCents: 20_000 });
  return { manager, stages, rooms: await rowsOf(manager, 'room'), dancers };
}

export async function rowsOf<T extends TableName>(tablet: Tablet, table: T): Promise<readonly ViewTables[T][]> {
  const view = await tablet.ask<{ readonly rows: readonly RowChange[] }>('GET', '/api/v1/view');
  return view.body.rows.flatMap(([of, , row]) => (of === table && row ? [row as ViewTables[T]] : []));
}

export async function entryOf({ manager }: Night, name: string): Promise<ViewTables['entry']> {
  const found = (await rowsOf(manager, 'entry')).find((one) => one.name === name);
  if (!found) throw new Error(`${name} is in no rotation.`);
  return found;
}

/** One on stage, one called, one in a running room, one in a reserved room, one whose room is to be settled. */
export async function startSomeNight(night: Night): Promise<void> {
  const { manager } = night;
  await manager.must('stage_set.start', { entry: (await entryOf(night, 'Amber')).id });
  await manager.must('rotation.call', { entry: (await entryOf(night, 'Bella')).id, away: 1 });
  const running = await quote(night, 'VIP 1', ['Jade', 'Daisy']);
  await manager.must('room_session.start', { session: running });
  await quote(night, 'VIP 2', ['Gigi']);
  const ended = await quote(night, 'VIP 3', ['Fawn']);
  await manager.must('room_session.start', { session: ended });
  await manager.must('room_session.end', { session: ended, reason: 'guest' });
}

function quote({ manager, rooms, dancers }: Night, room: string, names: readonly string[]): Promise<string> {
  const id = rooms.find(({ name }) => name === room)?.id ?? '';
  return manager.must('room_session.quote', {
    room: id,
    rate: 'vip15',
    dancers: names.map((name) => dancers.get(name) ?? ''),
  });
}
