import { and, desc, eq, gte, lt, sql } from 'drizzle-orm';
import { AS_THE_FILE_SAYS, MUSIC_UNSET } from '#shared/domain/track.ts';
import type { CrateUse, MusicSetting, TrackBodies } from '#shared/domain/track-events.ts';
import { play } from '../db/desk-schema.ts';
import type { Db } from '../db/open.ts';
import { stageSet } from '../db/schema.ts';
import { crate, crateTrack, dancerSong, musicSetting, trackEdit } from '../db/track-schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

const ONLY = 'music';
const PLAYS_MAX = 200;
/** No set began longer before a song that was in it. */
const SET_MS_MAX = 6 * 3_600_000;

export function trackReads(db: Db) {
  const edit = db
    .select()
    .from(trackEdit)
    .where(eq(trackEdit.track, sql.placeholder('track')))
    .prepare();
  const crates = db.select().from(crate).orderBy(crate.name).prepare();
  const byId = db
    .select()
    .from(crate)
    .where(eq(crate.crate, sql.placeholder('crate')))
    .prepare();
  const byName = db
    .select()
    .from(crate)
    .where(eq(crate.name, sql.placeholder('name')))
    .prepare();
  const byUse = db
    .select()
    .from(crate)
    .where(and(sql`${crate.use} <> 'plain'`, eq(crate.use, sql.placeholder('use'))))
    .prepare();
  const inside = db
    .select({ track: crateTrack.track })
    .from(crateTrack)
    .where(eq(crateTrack.crate, sql.placeholder('crate')))
    .orderBy(crateTrack.pos)
    .prepare();
  const isIn = db
    .select({ track: crateTrack.track })
    .from(crateTrack)
    .where(and(eq(crateTrack.crate, sql.placeholder('crate')), eq(crateTrack.track, sql.placeholder('track'))))
    .prepare();
  const songs = db
    .select()
    .from(dancerSong)
    .where(eq(dancerSong.dancer, sql.placeholder('dancer')))
    .orderBy(dancerSong.pos)
    .prepare();
  const listed = db
    .select()
    .from(dancerSong)
    .where(and(eq(dancerSong.dancer, sql.placeholder('dancer')), eq(dancerSong.track, sql.placeholder('track'))))
    .prepare();
  return {
    edit: (track: string) => edit.get({ track }),
    /** By name. */
    crates: () => crates.all(),
    crate: (id: string) => byId.get({ crate: id }),
    crateNamed: (name: string) => byName.get({ name }),
    /** None for `plain`. */
    crateOf: (use: CrateUse) => byUse.get({ use }),
    /** In the order in which they were put in. */
    tracksIn: (id: string): readonly string[] => inside.all({ crate: id }).map(({ track }) => track),
    isIn: (id: string, track: string): boolean => isIn.get({ crate: id, track }) !== undefined,
    songsOf: (dancer: string) => songs.all({ dancer }),
    listOf: (dancer: string, track: string) => listed.get({ dancer, track })?.list,
    ...settingReads(db),
    ...playReads(db),
  };
}

function settingReads(db: Db) {
  const setting = db.select().from(musicSetting).where(eq(musicSetting.id, ONLY)).prepare();
  return {
    musicSetting: (): MusicSetting => {
      const row = setting.get();
      if (!row) return MUSIC_UNSET;
      const { id: _id, isCleanOnly, ...rest } = row;
      return { ...rest, isCleanOnly: isCleanOnly === 1 };
    },
  };
}

function playReads(db: Db) {
  const ofTrack = db
    .select()
    .from(play)
    .where(and(sql`${play.track} IS NOT NULL`, eq(play.track, sql.placeholder('track'))))
    .orderBy(desc(play.startedAt))
    .limit(PLAYS_MAX)
    .prepare();
  const sets = db
    .select({ dancer: stageSet.dancer, startedAt: stageSet.startedAt, endedAt: stageSet.endedAt })
    .from(stageSet)
    .where(and(gte(stageSet.startedAt, sql.placeholder('since')), lt(stageSet.startedAt, sql.placeholder('to'))))
    .orderBy(stageSet.startedAt)
    .prepare();
  return {
    /** The newest first. */
    playsOf: (track: string) => ofTrack.all({ track }),
    /** Who was on stage at some moment of the stretch (epoch milliseconds), each once, whoever came first before. */
    dancersAt: (from: number, to: number): readonly string[] => {
      const there = sets
        .all({ since: from - SET_MS_MAX, to })
        .filter(({ endedAt }) => endedAt === null || endedAt > from);
      return [...new Set(there.map(({ dancer }) => dancer))];
    },
  };
}

export function trackApply(db: Db): Appliers<keyof TrackBodies> {
  const putEdit = db.insert(trackEdit).values(values(trackEdit)).prepare();
  const dropEdit = db
    .delete(trackEdit)
    .where(eq(trackEdit.track, sql.placeholder('track')))
    .prepare();
  const make = db.insert(crate).values(values(crate)).prepare();
  const change = db
    .update(crate)
    .set({ name: sql`${sql.placeholder('name')}`, use: sql`${sql.placeholder('use')}` })
    .where(eq(crate.crate, sql.placeholder('crate')))
    .prepare();
  const drop = db
    .delete(crate)
    .where(eq(crate.crate, sql.placeholder('crate')))
    .prepare();
  const empty = db
    .delete(crateTrack)
    .where(eq(crateTrack.crate, sql.placeholder('crate')))
    .prepare();
  const put = db.insert(crateTrack).values(values(crateTrack)).prepare();
  const take = db
    .delete(crateTrack)
    .where(and(eq(crateTrack.crate, sql.placeholder('crate')), eq(crateTrack.track, sql.placeholder('track'))))
    .prepare();
  const list = db.insert(dancerSong).values(values(dancerSong)).prepare();
  const unlist = db
    .delete(dancerSong)
    .where(and(eq(dancerSong.dancer, sql.placeholder('dancer')), eq(dancerSong.track, sql.placeholder('track'))))
    .prepare();
  return {
    ...settingApply(db),
    'track.edited': ({ body }) => {
      dropEdit.run({ track: body.track });
      putEdit.run({ ...AS_THE_FILE_SAYS, ...body });
    },
    'crate.made': ({ body }) => void make.run(body),
    'crate.changed': ({ body }) => void change.run(body),
    'crate.dropped': ({ body }) => {
      empty.run(body);
      drop.run(body);
    },
    'crate.track_put': ({ body }, { pos }) => void put.run({ ...body, pos }),
    'crate.track_taken': ({ body }) => void take.run(body),
    'dancer.song_listed': ({ body }, { pos }) => {
      unlist.run({ dancer: body.dancer, track: body.track });
      list.run({ ...body, pos });
    },
    'dancer.song_unlisted': ({ body }) => void unlist.run(body),
  };
}

function settingApply(db: Db): Appliers<'music.configured'> {
  const set = db
    .insert(musicSetting)
    .values(values(musicSetting))
    .onConflictDoUpdate({
      target: musicSetting.id,
      set: {
        targetLufs: sql`excluded.target_lufs`,
        copy: sql`excluded.copy`,
        cooldownMin: sql`excluded.cooldown_min`,
        isCleanOnly: sql`excluded.is_clean_only`,
      },
    })
    .prepare();
  return {
    'music.configured': ({ body }) => void set.run({ id: ONLY, ...body, isCleanOnly: Number(body.isCleanOnly) }),
  };
}
