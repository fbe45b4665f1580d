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
  const roster = await manager.ask<readonly { readonly dancer: string; readonly stageName: string }[]>('GET', '/api/v1/dancers');
  const dancers = new Map<string, string>();
  for (const name of NAMES) {
    const dancer = roster.body.find(({ stageName }) => stageName === name)?.dancer ?? '';
    dancers.set(name, dancer);
    await manager.must('attendance.check_in', { dancer });
  }
  const stages = await rowsOf(manager, 'stage');
  for (const name of NAMES.slice(0, 6)) await manager.must('rotation.add', { stage: stages[0]?.id ?? '', dancer: dancers.get(name) ?? '' });
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
