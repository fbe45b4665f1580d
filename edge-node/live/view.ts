import { TABLE_NAMES, type RowChange, type TableName, type ViewTables } from '#shared/contract/live.ts';
import { isHouseFee } from '#shared/domain/dance-tally.ts';
import { dueCents } from '#shared/domain/house-fee.ts';
import type { Sight } from '#shared/domain/rights.ts';
import type { Reads } from '../state/reads.ts';

type Row<T extends TableName> = ViewTables[T] | null;
type Readers = {
  readonly [T in TableName]: {
    readonly one: (id: string, sight: Sight) => Row<T>;
    readonly ids: () => readonly string[];
  };
};

export type View = {
  readonly row: (table: TableName, id: string, sight: Sight) => RowChange;
  readonly all: (sight: Sight) => readonly RowChange[];
};

/** What each screen may see, read from the state as it is now. */
export function openView(reads: Reads): View {
  const readers: Readers = {
    club: { one: (_id, sight) => clubRow(reads, sight), ids: () => ['club'] },
    day: { one: () => dayRow(reads), ids: () => ['day'] },
    stage: { one: (id) => stageRow(reads, id), ids: () => reads.club.stages().map(({ stage }) => stage) },
    attendance: { one: (id, sight) => attendanceRow(reads, id, sight), ids: () => dancersTonight(reads) },
    entry: { one: (id) => entryRow(reads, id), ids: () => reads.rotation.all().map(({ entry }) => entry) },
    room: { one: (id, sight) => roomRow(reads, id, sight), ids: () => reads.club.rooms().map(({ room }) => room) },
    drawer: {
      one: (id, sight) => drawerRow(reads, id, sight),
      ids: () => reads.club.drawers().map(({ drawer }) => drawer),
    },
  };
  // Each table's reader gives its own rows; TypeScript can't follow that through a lookup.
  const row = (table: TableName, id: string, sight: Sight) =>
    [table, id, readers[table].one(id, sight)] as unknown as RowChange;
  return {
    row,
    all: (sight) =>
      TABLE_NAMES.flatMap((table) => readers[table].ids().map((id) => row(table, id, sight))).filter(
        ([, , found]) => found !== null,
      ),
  };
}

function clubRow(reads: Reads, sight: Sight): Row<'club'> {
  const club = reads.club.settings();
  return club
    ? {
        id: 'club',
        name: club.name,
        tz: club.tz,
        currency: club.currency,
        rates: sight === 'booth' ? [] : club.roomRates,
      }
    : null;
}

function dayRow(reads: Reads): Row<'day'> {
  const open = reads.day.open();
  return open ? { id: 'day', day: open.day, date: open.date, state: open.state, openedAt: open.openedAt } : null;
}

function stageRow(reads: Reads, id: string): Row<'stage'> {
  const stage = reads.club.stage(id);
  if (!stage) return null;
  const live = reads.rotation.liveOnStage(id);
  return {
    id,
    name: stage.name,
    open: stage.open,
    live: live
      ? {
          set: live.set,
          entry: live.entry,
          dancer: live.dancer,
          name: nameOf(reads, live.dancer),
          startedAt: live.startedAt,
        }
      : null,
  };
}

function attendanceRow(reads: Reads, dancer: string, sight: Sight): Row<'attendance'> {
  const found = reads.attendance.ofNight(dancer, reads.day.open()?.day);
  if (!found) return null;
  const fees = reads.attendance.feesOf(found.attendance);
  // One is shown: the first that is still asked for, so that each comes to its turn.
  const fee = fees.find(({ state }) => state === 'ASSESSED') ?? fees[0];
  const mayWait =
    fee?.state === 'ASSESSED' &&
    isHouseFee(fee, found.attendance) &&
    reads.policy.on(reads.day.open()?.date ?? '').pack.feeCap !== null;
  return {
    id: dancer,
    dancer,
    name: nameOf(reads, dancer),
    state: found.state,
    checkedInAt: found.checkedInAt,
    where: whereIs(reads, dancer, found.state === 'CHECKED_IN'),
    fee: fee ? { fee: fee.fee, state: fee.state, cents: sight === 'booth' ? null : dueCents(fee), mayWait } : null,
  };
}

function whereIs(reads: Reads, dancer: string, here: boolean): ViewTables['attendance']['where'] {
  if (!here) return 'out';
  if (reads.rotation.liveOfDancer(dancer)) return 'stage';
  return reads.rooms.inRoom(dancer) ? 'room' : 'floor';
}

function entryRow(reads: Reads, id: string): Row<'entry'> {
  const found = reads.rotation.entry(id);
  if (!found) return null;
  const { stage, dancer, state, away, calledAt, round, rank, held, version } = found;
  return { id, stage, dancer, name: nameOf(reads, dancer), state, away, calledAt, round, rank, held, version };
}

function roomRow(reads: Reads, id: string, sight: Sight): Row<'room'> {
  const room = reads.rooms.room(id);
  if (!room) return null;
  const session = room.session === null ? undefined : reads.rooms.session(room.session);
  return {
    id,
    name: room.name,
    state: room.state,
    session: session
      ? {
          session: session.session,
          state: session.state,
          dancers: session.dancers.map((dancer) => ({ dancer, name: nameOf(reads, dancer) })),
          minutes: session.minutes,
          startedAt: session.startedAt,
          plannedEnd: session.plannedEnd,
          grossCents: sight === 'booth' ? null : session.price.grossCents,
        }
      : null,
  };
}

function drawerRow(reads: Reads, id: string, sight: Sight): Row<'drawer'> {
  const drawer = reads.club.drawer(id);
  if (!drawer || sight === 'booth') return null;
  const session = reads.drawers.session(id);
  return {
    id,
    name: drawer.name,
    state: session?.state ?? null,
    responsible: session ? (reads.club.staff(session.responsible)?.name ?? null) : null,
    bankCents: sight === 'money' ? (session?.bankCents ?? null) : null,
  };
}

function dancersTonight(reads: Reads): readonly string[] {
  const day = reads.day.open();
  return day ? reads.attendance.allOfNight(day.day).map(({ dancer }) => dancer) : [];
}

function nameOf(reads: Reads, dancer: string): string {
  return reads.dancers.dancer(dancer)?.stageName ?? '';
}
