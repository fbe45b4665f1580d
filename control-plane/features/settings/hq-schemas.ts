import { Type, type TSchema } from 'typebox';
import { COMMAND_ARGS, FieldValue } from '#shared/contract/feed.ts';
import { oneOf, RestrictionWord } from '#shared/contract/words.ts';
import { limits } from '../../limits.ts';
import { CLUB_ID_PATTERN } from '../../public-id.ts';

/** What headquarters asks about a club's settings, and what it is answered. Unknown fields are refused. */
const closed = { additionalProperties: false } as const;
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' });
const Words = Type.String({ minLength: 1, maxLength: 500, pattern: '^[^\\u0000]*\\S[^\\u0000]*$' });
/** A person at headquarters, by name: there are no users of the cloud yet. */
const Who = Type.String({ minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f]*\\S[^\\u0000-\\u001f]*$' });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const OfClub = Type.String({ pattern: CLUB_ID_PATTERN });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const params = body({ clubId: OfClub });
const name = { coll: Id, id: Id, field: Id };
const Origin = oneOf('hq', 'floor');
const rev = Count;
const tags = ['settings'];

export const setFieldRoute = {
  tags,
  summary: 'Sets a shared field from the version that was seen; null empties it',
  params,
  body: body({ ...name, baseFv: Count, value: FieldValue, by: Who }),
  response: { 200: body({ fv: Count, rev, bothKept: Type.Boolean() }) },
};
export const listFieldsRoute = {
  tags,
  summary: 'Shared fields of one collection, with what the box has of them; `after` is `id/field` of the last one seen',
  params,
  querystring: body({
    coll: Id,
    after: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}/[A-Za-z0-9_-]{1,64}$' })),
  }),
  response: {
    200: body({
      fields: Type.Array(
        body({
          ...name,
          fv: Count,
          value: FieldValue,
          origin: Origin,
          by: Type.String(),
          takenFv: Count,
          waitsFv: Count,
        }),
      ),
    }),
  },
};
export const restrictRoute = {
  tags,
  summary: 'Keeps a dancer from working until it is lifted',
  params,
  body: body({ dancer: Id, kind: RestrictionWord, reason: Words, by: Who }),
  response: { 201: body({ restriction: Id, rev }) },
};
export const restrictionsRoute = {
  tags,
  summary: 'Everything that was set against a dancer, lifted or not',
  params,
  querystring: body({ dancer: Id }),
  response: {
    200: body({
      restrictions: Type.Array(
        body({
          restriction: Id,
          dancer: Id,
          kind: RestrictionWord,
          reason: Type.String(),
          origin: Origin,
          by: Type.String(),
          lifted: orNull(body({ by: Type.String(), reason: Type.String() })),
        }),
      ),
    }),
  },
};
export const liftRoute = {
  tags,
  summary: 'Lifts one restriction by name',
  params: body({ clubId: OfClub, restriction: Id }),
  body: body({ reason: Words, by: Who }),
  response: { 200: body({ rev }) },
};
export const noteRoute = {
  tags,
  summary: 'Adds a note on a dancer',
  params,
  body: body({ dancer: Id, text: Words, by: Who }),
  response: { 201: body({ note: Id, rev }) },
};
const life = { lifeMs: Type.Integer({ minimum: 1, maximum: limits.commandLifeMsMax }), by: Who };
export const commandRoute = {
  tags,
  summary: 'Tells the box to do something; it answers with an event',
  params,
  body: Type.Union([
    body({ cmd: Type.Literal('device.revoke'), args: COMMAND_ARGS['device.revoke'], ...life }),
    body({ cmd: Type.Literal('message.post'), args: COMMAND_ARGS['message.post'], ...life }),
  ]),
  response: { 201: body({ command: Id, rev }) },
};
export const commandsRoute = {
  tags,
  summary: 'The newest commands, with what the box answered',
  params,
  response: {
    200: body({
      commands: Type.Array(
        body({
          command: Id,
          cmd: Type.String(),
          notAfter: Type.Integer(),
          by: Type.String(),
          outcome: orNull(Type.String()),
          refusal: orNull(Type.String()),
        }),
      ),
    }),
  },
};
export const blobRoute = {
  tags,
  summary: 'Hands a blob down, signed by the cloud: a licence, flags',
  params: body({ clubId: OfClub, coll: oneOf('licence', 'flags') }),
  body: body({
    ver: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    payload: Type.Record(Id, Type.Unknown(), { maxProperties: 256 }),
  }),
  response: { 200: body({ rev }) },
};
export const resetRoute = {
  tags,
  summary: 'Declares the feed dead: the box takes a snapshot',
  params,
  body: body({}),
  response: { 200: body({ feed: Type.Literal('reset') }) },
};
export const reviewsRoute = {
  tags,
  summary: 'Values of which a person decides, the oldest first',
  params,
  response: {
    200: body({
      reviews: Type.Array(
        body({
          review: Id,
          kind: oneOf('conflict', 'review', 'not_taken'),
          ...name,
          hqValue: FieldValue,
          floorValue: FieldValue,
          refusal: orNull(Type.String()),
          madeAt: Type.Integer(),
        }),
      ),
    }),
  },
};
export const asideRoute = {
  tags,
  summary: 'Edits of the floor that could not be taken, and why',
  params,
  response: { 200: body({ edits: Type.Array(body({ logId: Id, seq: Count, reason: Type.String() })) }) },
};
export const decideRoute = {
  tags,
  summary: 'Decides a review: who, and why',
  params: body({ clubId: OfClub, review: Id }),
  body: body({ choice: Origin, by: Who, why: Words }),
  response: { 200: body({ review: Id }) },
};
