import { Type, type Static } from 'typebox';
import type { Engagement } from '#shared/domain/event.ts';
import type { Origin, RestrictionKind } from '#shared/domain/feed-words.ts';
import type { AgreementKind, ImageType } from '#shared/domain/roster-events.ts';
import type { CredentialKind, CredentialState } from '#shared/domain/policy-words.ts';
import type { ImportField, RowFault } from '#shared/domain/roster-import.ts';
import { closed, DateText, Name, Reason, route, Strokes } from './api-fields.ts';
import { AgreementKindWord } from './roster-words.ts';
import { EngagementWord, oneOf } from './words.ts';

const DateOrNone = Type.Union([Type.Null(), DateText]);
const dates = { reviewOn: DateOrNone, expiresOn: DateOrNone };
const oneName = Type.Object({ stageName: Name }, closed);

/** Commands on the roster beside a registration. */
export const ROSTER_ROUTES = {
  'dancer.correct': route(
    '/dancers/:dancer/correct',
    'Puts her legal name or birth date right, null leaves it; both are sealed',
    Type.Object({ legalName: Type.Union([Type.Null(), Name]), birthDate: DateOrNone }, closed),
  ),
  'dancer.set_engagement': route(
    '/dancers/:dancer/engagement',
    'Says how she is engaged from a coming night on',
    Type.Object({ engagement: EngagementWord, effectiveFrom: DateText }, closed),
  ),
  'dancer.add_stage_name': route('/dancers/:dancer/stage-names', 'Adds a further stage name', oneName),
  'dancer.drop_stage_name': route('/dancers/:dancer/stage-names/drop', 'Drops a further stage name', oneName),
  'dancer.bar': route(
    '/dancers/:dancer/bar',
    'Suspends a dancer until a date, or bans her until a date or a review',
    Type.Object({ kind: oneOf('suspended', 'banned'), reason: Reason, ...dates }, closed),
  ),
  'dancer.review_restriction': route(
    '/restrictions/:restriction/review',
    'Gives a restriction other dates, after somebody looked at it again',
    Type.Object(dates, closed),
  ),
  'agreement.sign': route(
    '/dancers/:dancer/agreements',
    'She signs on the screen; a contract counts as her credential, too',
    Type.Object(
      {
        kind: AgreementKindWord,
        version: Name,
        textHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        expiresOn: DateOrNone,
        strokes: Strokes,
      },
      closed,
    ),
  ),
} as const;

/** GET /dancers/:dancer: all but what is sealed. */
export type DancerAnswer = {
  readonly dancer: string;
  readonly stageName: string;
  readonly further: readonly string[];
  /** On tonight's business date. */
  readonly engagement: Engagement;
  readonly engagements: readonly { readonly effectiveFrom: string; readonly engagement: Engagement }[];
  readonly restrictions: readonly RestrictionRow[];
  /** Times in epoch milliseconds. */
  readonly agreements: readonly {
    readonly agreement: string;
    readonly kind: AgreementKind;
    readonly version: string;
    readonly textHash: string;
    readonly signedAt: number;
    readonly takenBy: string;
  }[];
  /** The newest first; her photo is the first that is of no credential. Each is read at GET /images/:image. */
  readonly images: readonly {
    readonly image: string;
    readonly credential: string | null;
    readonly bytes: number;
    readonly type: ImageType;
    readonly attachedAt: number;
  }[];
};
/** Why somebody was kept from working is for who may lift it: it is not in here. */
export type RestrictionRow = {
  readonly restriction: string;
  readonly dancer: string;
  readonly kind: RestrictionKind;
  readonly origin: Origin;
  readonly reviewOn: string | null;
  readonly expiresOn: string | null;
  /** It keeps her from working tonight. */
  readonly holds: boolean;
  /** It holds, and its day to be looked at again has come. */
  readonly reviewDue: boolean;
};

const Column = Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 255 })]);
/** By field the column it stands in, from 0 on; null for none. */
export const ImportColumns = Type.Object(
  {
    stage_name: Column,
    legal_name: Column,
    birth_date: Column,
    engagement: Column,
    credential_kind: Column,
    credential_issuer: Column,
    credential_number: Column,
    credential_issued_on: Column,
    credential_expires_on: Column,
  } satisfies Record<ImportField, typeof Column>,
  closed,
);
/**
 * POST /roster-imports/preview and POST /roster-imports (owner or manager). `columns` null: as the header's words suggest;
 * `engagement` is that of rows which name none.
 */
export const ImportRequest = Type.Object(
  { csv: Type.String({ minLength: 1 }), columns: Type.Union([Type.Null(), ImportColumns]), engagement: EngagementWord },
  closed,
);
/** `row` is the place in the file, the header is 1. `known`: she is on the roster with all that the row says. */
export type ImportRow = {
  readonly row: number;
  readonly stageName: string;
  readonly outcome: 'registered' | 'credential_added' | 'known' | 'refused';
  readonly fault: RowFault | null;
  readonly dancer: string | null;
};
/** What would be done, or was. A file that is no table, or too long, is refused whole. */
export type ImportAnswer = {
  readonly header: readonly string[];
  readonly columns: Static<typeof ImportColumns>;
  readonly rows: readonly ImportRow[];
};
/** GET /roster (owner or manager): all, with what is sealed opened; that it was taken is in the log. `?format=csv` for a table. */
export type RosterExport = readonly {
  readonly dancer: string;
  readonly stageName: string;
  readonly further: readonly string[];
  /** Null where her key was destroyed. */
  readonly legalName: string | null;
  readonly birthDate: string | null;
  readonly engagement: Engagement;
  readonly credentials: readonly {
    readonly kind: CredentialKind;
    readonly issuer: string;
    readonly number: string | null;
    readonly issuedOn: string | null;
    readonly expiresOn: string | null;
    readonly state: CredentialState;
  }[];
}[];
