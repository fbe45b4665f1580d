import { and, eq, isNull, sql } from 'drizzle-orm';
import { hot } from '../db/hot.ts';
import type { Db } from '../db/open.ts';
import { rotationEntry, stageSet } from '../db/schema.ts';
import type { Applied, Appliers } from './applier.ts';
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
  const set = db
    .select()
    .from(stageSet)
    .where(eq(stageSet.set, sql.placeholder('set')))
    .prepare();
  return {
    entry: (entry: string) => byId.get({ entry }),
    ofStage: (stage: string) => ofStage.all({ stage }),
    ofDancer: (dancer: string) => ofDancer.all({ dancer }),
    all: () => all.all(),
    liveOnStage: (stage: string) => liveOnStage.get({ stage }),
    liveOfDancer: (dancer: string) => liveOfDancer.get({ dancer }),
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
> {
  const put = hot(db, db.insert(rotationEntry).values(values(rotationEntry)));
  const move = hot(db, db.update(rotationEntry).set(place).where(entryIs));
  const call = hot(
    db,
    db
      .update(rotationEntry)
      .set({ state: 'CALLED', away: sql`${sql.placeholder('away')}`, version })
      .where(entryIs),
  );
  const toTail = waitAgain(db);
  const hold = hot(
    db,
    db.update(rotationEntry).set({ held: true, state: 'WAITING', away: null, version }).where(entryIs),
  );
  const resume = hot(
    db,
    db
      .update(rotationEntry)
      .set({ ...place, held: false })
      .where(entryIs),
  );
  const remove = hot(db, db.delete(rotationEntry).where(entryIs));
  return {
    'rotation.added': ({ body }, { pos }) =>
      put.run({ ...body, state: 'WAITING', away: null, held: false, version: pos }),
    'rotation.moved': ({ body }, { pos }) => move.run({ entry: body.entry, round: body.round, rank: body.rank, pos }),
    'rotation.called': ({ body }, { pos }) => call.run({ ...body, pos }),
    'rotation.missed': ({ body }, at) => toTail(body, at),
    'rotation.held': ({ body }, { pos }) => hold.run({ entry: body.entry, pos }),
    'rotation.resumed': ({ body }, { pos }) => resume.run({ ...body, pos }),
    'rotation.removed': ({ body }) => remove.run({ entry: body.entry }),
  };
}

export function stageSetApply(db: Db): Appliers<'stage_set.started' | 'stage_set.ended'> {
  const put = hot(db, db.insert(stageSet).values(values(stageSet)));
  const onStage = hot(db, db.update(rotationEntry).set({ state: 'ON_STAGE', away: null, version }).where(entryIs));
  const end = hot(
    db,
    db
      .update(stageSet)
      .set({ endedAt: sql`${sql.placeholder('wall')}`, outcome: sql`${sql.placeholder('outcome')}` })
      .where(eq(stageSet.set, sql.placeholder('set'))),
  );
  const toTail = waitAgain(db);
  return {
    'stage_set.started': ({ body }, { wall, pos }) => {
      put.run({ ...body, startedAt: wall, endedAt: null, outcome: null });
      onStage.run({ entry: body.entry, pos });
    },
    'stage_set.ended': ({ body }, at) => {
      end.run({ set: body.set, outcome: body.outcome, wall: at.wall });
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
      .set({ ...place, state: 'WAITING', away: null })
      .where(entryIs),
  );
  return (body: { readonly entry: string; readonly round: number; readonly rank: number }, at: Applied): void =>
    wait.run({ entry: body.entry, round: body.round, rank: body.rank, pos: at.pos });
}
