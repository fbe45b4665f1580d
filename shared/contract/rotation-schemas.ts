import { Type, type TSchema } from 'typebox';
import type { RotationBodies } from '#shared/domain/rotation-events.ts';
import { OverrideReasonWord, RotationModeWord, SkipReasonWord } from './rotation-words.ts';
import { oneOf } from './words.ts';

/** The bodies of the rotation's newer event types, version 1, as they cross the wire: frozen once shipped. */
const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Count = Type.Integer({ minimum: 0 });
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const place = { round: Type.Integer(), rank: Type.Number() };
const Songs = Type.Array(body({ track: Id, title: Type.String({ maxLength: 200 }) }));

export const ROTATION_BODIES = {
  'rotation.configured': body({ mode: RotationModeWord, songsPerSet: Count, callTimeoutS: Count }),
  'stage.opened': body({ stage: Id }),
  'stage.closed': body({ stage: Id, into: orNull(Id) }),
  'rotation.transferred': body({ entry: Id, from: Id, to: Id, ...place }),
  'rotation.merged': body({ entry: Id, into: Id }),
  'rotation.acknowledged': body({ entry: Id }),
  'rotation.skipped': body({ entry: Id, reason: SkipReasonWord, ...place }),
  'rotation.planned': body({ entry: Id, songs: Songs }),
  'rotation.overridden': body({
    entry: Id,
    stage: Id,
    dancer: Id,
    kind: oneOf('moved', 'out_of_order', 'preempted'),
    reason: orNull(OverrideReasonWord),
  }),
  'stage_set.joined': body({ set: Id, entry: Id, stage: Id, dancer: Id }),
  'stage_set.left': body({ set: Id, entry: Id, dancer: Id, ...place }),
  'stage_set.planned': body({ set: Id, entry: Id, songs: Songs }),
  'feature.scheduled': body({ feature: Id, stage: Id, dancer: Id, showsAt: Type.Integer() }),
  'feature.cancelled': body({ feature: Id }),
} as const satisfies Record<keyof RotationBodies, TSchema>;
