import { Type, type TSchema } from 'typebox';
import { AgreementKindWord, ImageTypeWord, PersonFieldWord } from './roster-words.ts';
import { EngagementWord } from './words.ts';

/** The bodies of what happens to the roster: frozen once shipped, as all bodies are. */
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: 500 });
const DateText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const body = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const ROSTER_BODIES = {
  'dancer.corrected': body({ dancer: Id, fields: Type.Array(PersonFieldWord), by: Text }),
  'dancer.engagement_set': body({ dancer: Id, engagement: EngagementWord, effectiveFrom: DateText, by: Text }),
  'dancer.stage_name_added': body({ dancer: Id, stageName: Text }),
  'dancer.stage_name_dropped': body({ dancer: Id, stageName: Text }),
  'dancer.restriction_dated': body({
    restriction: Id,
    dancer: Id,
    reviewOn: orNull(DateText),
    expiresOn: orNull(DateText),
    by: Text,
  }),
  'agreement.signed': body({
    agreement: Id,
    dancer: Id,
    kind: AgreementKindWord,
    version: Text,
    textHash: Text,
    by: Text,
  }),
  'image.attached': body({
    image: Id,
    dancer: Id,
    credential: orNull(Id),
    hash: Text,
    bytes: Type.Integer({ minimum: 0 }),
    type: ImageTypeWord,
    by: Text,
  }),
  'image.opened': body({ image: Id, dancer: Id, by: Text }),
  'roster.exported': body({ dancers: Type.Integer({ minimum: 0 }), by: Text }),
} as const;
