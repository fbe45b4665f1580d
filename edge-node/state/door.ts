import { and, desc, eq, sql } from 'drizzle-orm';
import { readLine } from '#shared/contract/event-line.ts';
import type { DoorCounts } from '#shared/contract/safety-api.ts';
import type { DoorBodies } from '#shared/domain/door-events.ts';
import type { AreaFact } from '#shared/domain/occupancy.ts';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { area, doorEvent, occupancy } from '../db/safety-schema.ts';
import { event as eventTable } from '../db/schema.ts';
import { nothing, type Applied, type Appliers } from './applier.ts';
import { values } from './values.ts';

const LISTED_MAX = 5_000;

export function doorReads(db: Db) {
  const byId = db
    .select()
    .from(area)
    .where(eq(area.area, sql.placeholder('area')))
    .prepare();
  const byName = db
    .select()
    .from(area)
    .where(eq(area.name, sql.placeholder('name')))
    .prepare();
  const all = db.select().from(area).orderBy(area.area).prepare();
  const inside = db
    .select()
    .from(occupancy)
    .where(and(eq(occupancy.day, sql.placeholder('day')), eq(occupancy.area, sql.placeholder('area'))))
    .prepare();
  const ofDay = db
    .select({ pos: doorEvent.pos, line: eventTable.line })
    .from(doorEvent)
    .innerJoin(eventTable, eq(eventTable.pos, doorEvent.pos))
    .where(eq(doorEvent.day, sql.placeholder('day')))
    .orderBy(desc(doorEvent.pos))
    .limit(LISTED_MAX)
    .prepare();
  const withSum = (row: Omit<AreaFact, 'sum'>, day: string | undefined): AreaFact => ({
    ...row,
    sum: day === undefined ? 0 : (inside.get({ day, area: row.area })?.people ?? 0),
  });
  return {
    areaNamed: (name: string) => byName.get({ name }),
    /** An area as it stands in a night; empty where none is open. */
    area: (id: string, day: string | undefined) => {
      const row = byId.get({ area: id });
      return row && withSum(row, day);
    },
    areas: (day: string | undefined) => all.all().map((row) => ({ ...withSum(row, day), name: row.name })),
    /** What was counted in a night, the newest first, with who did and on which device. */
    ofNight: (day: string) => ofDay.all({ day }).map(({ pos, line }) => ({ pos, ...told(line) })),
    countsOf: countsOf(db),
    entriesOf: entriesOf(db),
  };
}

function told(line: string) {
  const { type, at, actor, body } = readLine(line).event;
  return { type, at: at.wall, by: actor.id, device: actor.dev, body };
}

/** People who came in during a night, by category and kind. */
function entriesOf(db: Db) {
  const sums = db
    .select({
      kind: doorEvent.kind,
      category: doorEvent.category,
      people: sql<number>`sum(${doorEvent.people})`,
    })
    .from(doorEvent)
    .where(and(eq(doorEvent.day, sql.placeholder('day')), eq(doorEvent.type, 'door.entered')))
    .groupBy(doorEvent.kind, doorEvent.category)
    .prepare();
  return (day: string) =>
    sums.all({ day }).flatMap(({ kind, category, people }) => (category ? [{ kind, category, people }] : []));
}

function countsOf(db: Db): (day: string) => DoorCounts {
  const sums = db
    .select({
      type: doorEvent.type,
      kind: doorEvent.kind,
      category: doorEvent.category,
      people: sql<number>`sum(${doorEvent.people})`,
      cents: sql<number>`sum(${doorEvent.paidCents})`,
    })
    .from(doorEvent)
    .where(eq(doorEvent.day, sql.placeholder('day')))
    .groupBy(doorEvent.type, doorEvent.kind, doorEvent.category)
    .prepare();
  return (day) => {
    const rows = sums.all({ day });
    const people = (wanted: Partial<(typeof rows)[number]>): number =>
      rows
        .filter((row) => Object.entries(wanted).every(([name, value]) => row[name as keyof typeof row] === value))
        .reduce((sum, row) => sum + row.people, 0);
    return {
      payingEntries: people({ category: 'paying', kind: 'entry' }),
      payingReentries: people({ category: 'paying', kind: 'reentry' }),
      comps: people({ category: 'comp' }),
      vips: people({ category: 'vip' }),
      staff: people({ category: 'staff' }),
      vendors: people({ category: 'vendor' }),
      exits: people({ type: 'door.left' }),
      refused: people({ type: 'door.refused' }),
      coverCents: rows.reduce((sum, row) => sum + row.cents, 0),
    };
  };
}

export type DoorEvents = Exclude<keyof DoorBodies, 'door.refused'>;

export function doorApply(db: Db): Appliers<DoorEvents> {
  const putArea = db.insert(area).values(values(area)).prepare();
  const setLimit = db
    .update(area)
    .set({ limit: sql`${sql.placeholder('limit')}` })
    .where(eq(area.area, sql.placeholder('area')))
    .prepare();
  const add = db
    .insert(occupancy)
    .values(values(occupancy))
    .onConflictDoUpdate({
      target: [occupancy.day, occupancy.area],
      set: { people: sql`${occupancy.people} + excluded.people` },
    })
    .prepare();
  const count = counting(db);
  const change = ({ day }: Applied, where: string, people: number): void =>
    void add.run({ day: nightOf(day), area: where, people });
  return {
    'area.added': ({ body }) => void putArea.run(body),
    'area.limit_set': ({ body }) => void setLimit.run(body),
    'door.entered': ({ body }, at) => {
      const { kind, category, paidCents } = body;
      change(at, body.area, body.count);
      count(at, { type: 'door.entered', kind, category, people: body.count, paidCents });
    },
    'door.left': ({ body }, at) => {
      change(at, body.area, -body.count);
      count(at, { type: 'door.left', people: body.count });
    },
    'door.moved': ({ body }, at) => {
      change(at, body.from, -body.count);
      change(at, body.to, body.count);
      count(at, { type: 'door.moved', people: body.count });
    },
    'occupancy.corrected': ({ body }, at) => {
      change(at, body.area, body.by);
      count(at, { type: 'occupancy.corrected', people: body.by });
    },
    'occupancy.warned': nothing,
  };
}

type Counted = Pick<typeof doorEvent.$inferInsert, 'type' | 'people'> &
  Partial<Pick<typeof doorEvent.$inferInsert, 'kind' | 'category' | 'paidCents'>>;

/** Notes in the night's list what was counted. */
export function counting(db: Db): (at: Applied, counted: Counted) => void {
  const put = db.insert(doorEvent).values(values(doorEvent)).prepare();
  return ({ pos, day }, counted) =>
    void put.run({ pos, day: nightOf(day), kind: null, category: null, paidCents: 0, ...counted });
}

function nightOf(day: string | null): string {
  assert(day !== null, 'people are counted in a night');
  return day;
}
