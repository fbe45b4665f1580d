import { Type, type TSchema } from 'typebox';
import type { TrackBodies } from '#shared/domain/track-events.ts';
import { CopyKindWord, CrateUseWord, DancerListWord, ExplicitWord } from './track-api.ts';

/** The bodies of the event types about what people decide of music, version 1, as they cross the wire: frozen once shipped. */
const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: 500 });
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const crate = { crate: Id, name: Text, use: CrateUseWord };

export const TRACK_BODIES = {
  'music.configured': body({
    targetLufs: Type.Integer(),
    copy: CopyKindWord,
    cooldownMin: Type.Integer({ minimum: 0 }),
    isCleanOnly: Type.Boolean(),
  }),
  'track.edited': body({
    track: Id,
    title: orNull(Text),
    artist: orNull(Text),
    genre: orNull(Text),
    bpm: orNull(Type.Number()),
    key: orNull(Text),
    explicit: orNull(ExplicitWord),
    energy: orNull(Type.Integer({ minimum: 1 })),
    trimDb: Type.Optional(orNull(Type.Number())),
    cueIn: Type.Optional(orNull(Type.Number())),
    cueOut: Type.Optional(orNull(Type.Number())),
  }),
  'crate.made': body(crate),
  'crate.changed': body(crate),
  'crate.dropped': body({ crate: Id }),
  'crate.track_put': body({ crate: Id, track: Id }),
  'crate.track_taken': body({ crate: Id, track: Id }),
  'dancer.song_listed': body({ dancer: Id, track: Id, list: DancerListWord }),
  'dancer.song_unlisted': body({ dancer: Id, track: Id }),
} as const satisfies Record<keyof TrackBodies, TSchema>;
