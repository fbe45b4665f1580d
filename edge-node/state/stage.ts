import { and, eq, sql } from 'drizzle-orm';
import { readLine } from '#shared/contract/event-line.ts';
import type { RotationOverride } from '#shared/contract/rotation-api.ts';
import type { RotationSetting } from '#shared/domain/rotation-events.ts';
import type { Db } from '../db/open.ts';
import { feature, rotationOverride, rotationSetting, setPartner } from '../db/rotation-schema.ts';
import { event as eventTable, rotationEntry, stage, stageSet } from '../db/schema.ts';
import type { Applied, Appliers } from './applier.ts';
import { values } from './values.ts';

const ONLY = 'rotation';
/** As every club had it before there was a setting. */
const UNSET: RotationSetting = { mode: 'per_stage', songsPerSet: 3, callTimeoutS: 120 };
const LISTED_MAX = 5_000;

/** How stages share their dancers, who shares a set, tonight's features, and what was overridden. */
export function stageReads(db: Db) {
  const setting = db.select().from(rotationSetting).where(eq(rotationSetting.id, ONLY)).prepare();
  const partner = db
    .select()
    .from(setPartner)
    .where(eq(setPartner.set, sql.placeholder('set')))
    .prepare();
  const featureById = db
    .select()
    .from(feature)
    .where(eq(feature.feature, sql.placeholder('feature')))
    .prepare();
  const features = db.select().from(feature).orderBy(feature.showsAt).prepare();
  const overrides = db
    .select({
      pos: rotationOverride.pos,
      kind: rotationOverride.kind,
      entry: rotationOverride.entry,
      stage: rotationOverride.stage,
      dancer: rotationOverride.dancer,
      reason: rotationOverride.reason,
      line: eventTable.line,
    })
    .from(rotationOverride)
    .innerJoin(eventTable, eq(eventTable.pos, rotationOverride.pos))
    .where(eq(rotationOverride.day, sql.placeholder('day')))
    .orderBy(rotationOverride.pos)
    .limit(LISTED_MAX)
    .prepare();
  return {
    setting: (): RotationSetting => setting.get() ?? UNSET,
    partner: (set: string) => partner.get({ set }),
    feature: (id: string) => featureById.get({ feature: id }),
    features: () => features.all(),
    overrides: (day: string): readonly RotationOverride[] =>
      overrides.all({ day }).map(({ pos: _pos, line, ...row }) => {
        const { at, actor } = readLine(line).event;
        return { at: at.wall, by: actor.id, device: actor.dev, ...row };
      }),
  };
}

type StageEvents = 'rotation.configured' | 'stage.opened' | 'stage.closed';
type FeatureEvents = 'feature.scheduled' | 'feature.cancelled';
type SetEvents = 'stage_set.joined' | 'stage_set.left' | 'stage_set.planned';

export function stageApply(db: Db): Appliers<StageEvents | FeatureEvents> {
  const put = db
    .insert(rotationSetting)
    .values(values(rotationSetting))
    .onConflictDoUpdate({
      target: rotationSetting.id,
      set: {
        mode: sql`excluded.mode`,
        songsPerSet: sql`excluded.songs_per_set`,
        callTimeoutS: sql`excluded.call_timeout_s`,
      },
    })
    .prepare();
  const setOpen = db
    .update(stage)
    .set({ open: sql`${sql.placeholder('open')}` })
    .where(eq(stage.stage, sql.placeholder('stage')))
    .prepare();
  const schedule = db.insert(feature).values(values(feature)).prepare();
  const cancel = featureState(db);
  return {
    'rotation.configured': ({ body }) => void put.run({ id: ONLY, ...body }),
    'stage.opened': ({ body }) => void setOpen.run({ stage: body.stage, open: 1 }),
    'stage.closed': ({ body }) => void setOpen.run({ stage: body.stage, open: 0 }),
    'feature.scheduled': ({ body }) => void schedule.run({ ...body, state: 'SCHEDULED' }),
    'feature.cancelled': ({ body }) => cancel(body.feature, 'CANCELLED'),
  };
}

export function featureState(db: Db): (id: string, state: 'LIVE' | 'DONE' | 'CANCELLED') => void {
  const set = db
    .update(feature)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(feature.feature, sql.placeholder('feature')))
    .prepare();
  return (id, state) => void set.run({ feature: id, state });
}

/** The second dancer of a set and what is played in it. */
export function sharedSetApply(
  db: Db,
  toTail: (body: { readonly entry: string; readonly round: number; readonly rank: number }, at: Applied) => void,
): Appliers<SetEvents> {
  const join = db.insert(setPartner).values(values(setPartner)).prepare();
  const leave = db
    .delete(setPartner)
    .where(and(eq(setPartner.set, sql.placeholder('set')), eq(setPartner.dancer, sql.placeholder('dancer'))))
    .prepare();
  const onStage = db
    .update(rotationEntry)
    .set({ state: 'ON_STAGE', away: null, calledAt: null, version: sql`${sql.placeholder('pos')}` })
    .where(eq(rotationEntry.entry, sql.placeholder('entry')))
    .prepare();
  const played = db
    .update(stageSet)
    .set({ songs: sql`${sql.placeholder('songs')}` })
    .where(eq(stageSet.set, sql.placeholder('set')))
    .prepare();
  const unplan = db
    .update(rotationEntry)
    .set({ songs: [] })
    .where(eq(rotationEntry.entry, sql.placeholder('entry')))
    .prepare();
  return {
    'stage_set.joined': ({ body }, { pos }) => {
      join.run(body);
      onStage.run({ entry: body.entry, pos });
    },
    'stage_set.left': ({ body }, at) => {
      leave.run({ set: body.set, dancer: body.dancer });
      toTail(body, at);
    },
    'stage_set.planned': ({ body }) => {
      played.run({ set: body.set, songs: JSON.stringify(body.songs) });
      unplan.run({ entry: body.entry });
    },
  };
}

/** Notes in the night's list that somebody set the order aside. */
export function overriding(
  db: Db,
): (row: Omit<typeof rotationOverride.$inferSelect, 'pos' | 'day'>, at: Applied) => void {
  const put = db.insert(rotationOverride).values(values(rotationOverride)).prepare();
  return (row, { pos, day }) => void put.run({ ...row, pos, day });
}

export function clearNight(db: Db): () => void {
  const statements = [
    db.delete(rotationEntry).prepare(),
    db.delete(setPartner).prepare(),
    db.delete(feature).prepare(),
  ];
  return () => {
    for (const statement of statements) statement.run();
  };
}
