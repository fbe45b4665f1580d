import { Type, type Static, type TSchema } from 'typebox';
import { OVERRIDABLE, type PolicyPack } from '#shared/domain/policy-words.ts';
import { CredentialKindWord, DocumentKindWord, EngagementWord, oneOf, RecordKindWord, RoleWord } from './words.ts';

/**
 * A policy pack as data. One that does not fit is refused whole. Bounds are such that a pack fits into one line of the log.
 * Neither age nor identity can be named as overridable: a pack that tries does not fit.
 */
const closed = { additionalProperties: false } as const;
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const PackName = Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-z][a-z0-9-]*$' });
const RuleId = Type.String({ minLength: 1, maxLength: 80, pattern: '^[a-z][a-z0-9-]*\\.[a-z0-9_]+$' });
const DateText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const list = <T extends TSchema>(of: T, most: number, least = 0) => Type.Array(of, { minItems: least, maxItems: most });
const FeeKindWord = oneOf(
  'late',
  'no_show',
  'early_leave',
  'missed_stage',
  'stage_buyout',
  'cleaning',
  'card_replacement',
  'room_charge',
  'non_payment',
  'interest',
  'carry_forward',
);

const Kept = body({
  kind: RecordKindWord,
  days: Type.Integer({ minimum: 1, maximum: 36_600 }),
  how: oneOf('erased', 'deleted'),
  rule: RuleId,
});
const BanTerm = body({
  evidence: oneOf('sworn_statement', 'other_credible', 'house_decision'),
  minimumYears: Type.Integer({ minimum: 0, maximum: 99 }),
  scope: orNull(oneOf('club', 'common_ownership')),
  rule: RuleId,
});

export const PackSchema = body({
  pack: PackName,
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  effectiveFrom: DateText,
  effectiveTo: orNull(DateText),
  rules: list(
    body({
      id: RuleId,
      source: Type.String({ minLength: 1, maxLength: 160 }),
      summary: Type.String({ minLength: 1, maxLength: 300 }),
      checkedOn: DateText,
    }),
    32,
    1,
  ),
  minimumAges: list(
    body({
      basis: oneOf('state', 'local', 'alcohol'),
      years: Type.Integer({ minimum: 18, maximum: 99 }),
      rule: RuleId,
    }),
    6,
    1,
  ),
  identity: body({ anyOf: list(DocumentKindWord, 4, 1), severity: oneOf('WARN', 'BLOCK'), rule: RuleId }),
  credentials: list(
    body({ anyOf: list(CredentialKindWord, 9, 1), engagements: orNull(list(EngagementWord, 3, 1)), rule: RuleId }),
    9,
  ),
  terms: list(body({ kind: CredentialKindWord, days: Type.Integer({ minimum: 1, maximum: 3_660 }), rule: RuleId }), 9),
  warningDays: Type.Integer({ minimum: 0, maximum: 366 }),
  validOn: oneOf('business_date', 'each_date'),
  overrides: list(
    body({
      of: RuleId,
      codes: list(oneOf(...OVERRIDABLE), OVERRIDABLE.length, 1),
      roles: list(RoleWord, 7, 1),
      second: orNull(list(RoleWord, 7, 1)),
      rule: RuleId,
    }),
    9,
  ),
  forbiddenFees: list(body({ kind: FeeKindWord, rule: RuleId }), 11),
  feeCap: orNull(
    body({
      percent: Type.Integer({ minimum: 0, maximum: 100 }),
      publicMaxCents: Type.Integer({ minimum: 0, maximum: 100_000_000 }),
      periodHours: Type.Integer({ minimum: 1, maximum: 24 }),
      rule: RuleId,
    }),
  ),
  entryFee: orNull(
    body({
      cents: Type.Integer({ minimum: 0, maximum: 100_000 }),
      dueDay: Type.Integer({ minimum: 1, maximum: 28 }),
      rule: RuleId,
    }),
  ),
  retention: Type.Optional(list(Kept, 7)),
  banTerms: Type.Optional(list(BanTerm, 3)),
});

type MustFit<T extends PolicyPack> = T;
/** While schema and domain say different things, this does not compile. */
export type PackFits = MustFit<Static<typeof PackSchema>>;
