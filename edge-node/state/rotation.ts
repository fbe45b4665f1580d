import { and, eq, isNull, sql } from 'drizzle-orm';
import { byPlace } from '#shared/domain/rotation.ts';
import { hot } from '../db/hot.ts';
import type { Db } from '../db/open.ts';
import { setPartner } from '../db/rotation-schema.ts';
import { rotationEntry, stageSet } from '../db/schema.ts';
import type { Applied, Appliers } from './applier.ts';
import { featureState, overriding, sharedSetApply, stageReads } from './stage.ts';
import { values } from './values.ts';

export function rotationReads(db: Db) {
  const byId = db
    .select()
    .from(rotationEntry)
    .where(eq(rotationEntry.entry, sql.placeholder('entry')))
    .prepare();
  const ofStage = db
    .select()
    .from(rotationEntry)
    .where(eq(rotationEntry.stage, sql.placeholder('stage')))
    .orderBy(rotationEntry.round, rotationEntry.rank)
    .prepare();
  const ofDancer = db
    .select()
    .from(rotationEntry)
    .where(eq(rotationEntry.dancer, sql.placeholder('dancer')))
    .prepare();
  const all = db.select().from(rotationEntry).prepare();
  const liveOnStage = db
    .select()
    .from(stageSet)
    .where(and(eq(stageSet.stage, sql.placeholder('stage')), isNull(stageSet.endedAt)))
    .prepare();
  const liveOfDancer = db
    .select()
    .from(stageSet)
    .where(and(eq(stageSet.dancer, sql.placeholder('dancer')), isNull(stageSet.endedAt)))
    .prepare();
  const asPartner = db
    .select()
    .from(setPartner)
    .where(eq(setPartner.dancer, sql.placeholder('dancer')))
    .prepare();
  const around = stageReads(db);
  const ofQueue = (stage: string) => (around.setting().mode === 'shared' ? byPlaceAll() : ofStage.all({ stage }));
  const byPlaceAll = () => all.all().sort(byPlace);
  const set = db
    .select()
    .from(stageSet)
    .where(eq(stageSet.set, sql.placeholder('set')))
    .prepare();
  return {
    entry: (entry: string) => byId.get({ entry }),
    ...around,
    ofStage: (stage: string) => ofStage.all({ stage }),
    /** All who wait in line with those of this stage. */
    ofQueue,
    ofDancer: (dancer: string) => ofDancer.all({ dancer }),
    all: () => all.all(),
    liveOnStage: (stage: string) => liveOnStage.get({ stage }),
    /** The set that she dances, alone or with another. */
    liveOfDancer: (dancer: string) => {
      const shared = asPartner.get({ dancer });
      return shared ? set.get({ set: shared.set }) : liveOfDancer.get({ dancer });
    },
    set: (id: string) => set.get({ set: id }),
  };
}

const entryIs = eq(rotationEntry.entry, sql.placeholder('entry'));
const version = sql`${sql.placeholder('pos')}`;
const place = {
  round: sql`${sql.placeholder('round')}`,
  rank: sql`${sql.placeholder('rank')}`,
  version,
} as const;

export function rotationApply(
  db: Db,
): Appliers<
  | 'rotation.added'
  | 'rotation.moved'
  | 'rotation.called'
  | 'rotation.missed'
  | 'rotation.held'
  | 'rotation.resumed'
  | 'rotation.removed'
  | 'rotation.transferred'
  | 'rotation.merged'
  | 'rotation.acknowledged'
  | 'rotation.skipped'
  | 'rotation.planned'
  | 'rotation.overridden'
> {
  const put = hot(db, db.insert(rotationEntry).values(values(rotationEntry)));
  const move = hot(db, db.update(rotationEntry).set(place).where(entryIs));
  const call = hot(
    db,
    db
      .update(rotationEntry)
      .set({
        state: 'CALLED',
        away: sql`${sql.placeholder('away')}`,
        calledAt: sql`coalesce(${rotationEntry.calledAt}, ${sql.placeholder('wall')})`,
        version,
      })
      .where(entryIs),
  );
  const toTail = waitAgain(db);
  const hold = hot(
    db,
    db.update(rotationEntry).set({ held: true, state: 'WAITING', away: null, calledAt: null, version }).where(entryIs),
  );
  const resume = hot(
    db,
    db
      .update(rotationEntry)
      .set({ ...place, held: false })
      .where(entryIs),
  );
  return {
    'rotation.added': ({ body }, { pos }) =>
      put.run({ ...body, state: 'WAITING', away: null, held: false, version: pos, calledAt: null, songs: [] }),
    'rotation.moved': ({ body }, { pos }) => move.run({ entry: body.entry, round: body.round, rank: body.rank, pos }),
    'rotation.called': ({ body }, { pos, wall }) => call.run({ ...body, pos, wall }),
    'rotation.missed': ({ body }, at) => toTail(body, at),
    'rotation.held': ({ body }, { pos }) => hold.run({ entry: body.entry, pos }),
    'rotation.resumed': ({ body }, { pos }) => resume.run({ ...body, pos }),
    ...outOfTurnApply(db),
    ...placeApply(db),
  };
}

/** What somebody decides outside the order; each but what follows from a merge is in the night's list of overrides. */
function outOfTurnApply(
  db: Db,
): Appliers<'rotation.removed' | 'rotation.overridden' | 'rotation.skipped' | 'rotation.merged'> {
  const remove = hot(db, db.delete(rotationEntry).where(entryIs));
  const override = overriding(db);
  const toTail = waitAgain(db);
  return {
    'rotation.removed': ({ body, sub }, at) => {
      remove.run({ entry: body.entry });
      const { entry, reason } = body;
      if (reason !== 'left') override({ kind: 'removed', entry, stage: null, dancer: sub[0] ?? '', reason }, at);
    },
    'rotation.overridden': ({ body }, at) => override(body, at),
    'rotation.skipped': ({ body, sub }, at) => {
      toTail(body, at);
      const { entry, reason } = body;
      override({ kind: 'skipped', entry, stage: null, dancer: sub[0] ?? '', reason }, at);
    },
    'rotation.merged': ({ body }) => remove.run({ entry: body.entry }),
  };
}

/** What happens to an entry that keeps its turn. */
function placeApply(db: Db): Appliers<'rotation.transferred' | 'rotation.acknowledged' | 'rotation.planned'> {
  const transfer = hot(
    db,
    db
      .update(rotationEntry)
      .set({
        ...place,
        stage: sql`${sql.placeholder('to')}`,
        state: sql`CASE ${rotationEntry.state} WHEN 'ON_STAGE' THEN 'ON_STAGE' ELSE 'WAITING' END`,
        away: null,
        calledAt: null,
      })
      .where(entryIs),
  );
  const acknowledge = hot(db, db.update(rotationEntry).set({ state: 'ON_DECK', version }).where(entryIs));
  const plan = hot(
    db,
    db
      .update(rotationEntry)
      .set({ songs: sql`${sql.placeholder('songs')}`, version })
      .where(entryIs),
  );
  return {
    'rotation.transferred': ({ body }, { pos }) => transfer.run({ ...body, pos }),
    'rotation.acknowledged': ({ body }, { pos }) => acknowledge.run({ entry: body.entry, pos }),
    'rotation.planned': ({ body }, { pos }) => plan.run({ entry: body.entry, songs: JSON.stringify(body.songs), pos }),
  };
}

type SetEvents = 'stage_set.started' | 'stage_set.ended' | 'stage_set.joined' | 'stage_set.left' | 'stage_set.planned';

export function stageSetApply(db: Db): Appliers<SetEvents> {
  const put = hot(db, db.insert(stageSet).values(values(stageSet)));
  const onStage = hot(
    db,
    db.update(rotationEntry).set({ state: 'ON_STAGE', away: null, calledAt: null, version }).where(entryIs),
  );
  const end = hot(
    db,
    db
      .update(stageSet)
      .set({ endedAt: sql`${sql.placeholder('wall')}`, outcome: sql`${sql.placeholder('outcome')}` })
      .where(eq(stageSet.set, sql.placeholder('set'))),
  );
  const toTail = waitAgain(db);
  const show = featureState(db);
  return {
    ...sharedSetApply(db, toTail),
    'stage_set.started': ({ body }, { wall, pos }) => {
      put.run({ ...body, startedAt: wall, endedAt: null, outcome: null, songs: [] });
      show(body.entry, 'LIVE');
      onStage.run({ entry: body.entry, pos });
    },
    'stage_set.ended': ({ body }, at) => {
      end.run({ set: body.set, outcome: body.outcome, wall: at.wall });
      show(body.entry, 'DONE');
      toTail(body, at);
    },
  };
}

/** A turn is over: she waits at her new place. */
function waitAgain(db: Db) {
  const wait = hot(
    db,
    db
      .update(rotationEntry)
      .set({ ...place, state: 'WAITING', away: null, calledAt: null })
      .where(entryIs),
  );
  return (body: { readonly entry: string; readonly round: number; readonly rank: number }, at: Applied): void =>
    wait.run({ entry: body.entry, round: body.round, rank: body.rank, pos: at.pos });
}
