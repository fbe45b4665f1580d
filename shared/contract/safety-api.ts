import { Type, type TSchema } from 'typebox';
import type { RecordKind, RecordState } from '#shared/domain/safety-words.ts';
import {
  AllegationWord,
  BanEvidenceWord,
  BanScopeWord,
  CompReasonWord,
  CourseWord,
  EntryCategoryWord,
  EntryKindWord,
  IncidentKindWord,
  RefusedBecauseWord,
  SeverityWord,
  StatementWord,
  VisitPurposeWord,
} from './safety-words.ts';
import { Cents, closed, DateText, Id, Name, Nothing, Pin, Reason, route } from './api-fields.ts';
import { oneOf } from './words.ts';

/** The commands of the door and of what is written down for safety. Texts about people are sealed before anything is written. */
/** What happened, in somebody's words. */
const Story = Type.String({ minLength: 1, maxLength: 8_000, pattern: '\\S' });
/** A drawn signature, as an SVG path or a data URL. */
const Signature = Type.String({ minLength: 1, maxLength: 16_000 });
const People = Type.Integer({ minimum: 1, maximum: 200 });
const Limit = Type.Integer({ minimum: 1, maximum: 100_000 });
const Instant = Type.Integer({ minimum: 0 });
const orNull = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema]);
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const counted = { count: People, countedAt: orNull(Instant) };
export const DOOR_ROUTES = {
  'area.add': route(
    '/areas',
    'Adds an area with the most people that may be in it',
    body({ name: Name, limit: Limit }),
  ),
  'area.set_limit': route('/areas/:area/limit', 'Sets the most people that may be in an area', body({ limit: Limit })),
  'door.enter': route(
    '/areas/:area/entries',
    'Counts people in, with their cover; a comp needs the PIN of an owner or manager, or one of them at the door',
    body({
      kind: EntryKindWord,
      category: EntryCategoryWord,
      paidCents: Cents,
      method: orNull(oneOf('cash', 'card')),
      drawer: orNull(Id),
      reason: orNull(CompReasonWord),
      approver: orNull(body({ staff: Id, pin: Pin })),
      ...counted,
    }),
  ),
  'door.leave': route('/areas/:area/exits', 'Counts people out', body(counted)),
  'door.move': route('/areas/:from/moves', 'Counts people from one area into another', body({ to: Id, ...counted })),
  'door.refuse': route(
    '/areas/:area/refusals',
    'Notes that people were turned away; the text is sealed',
    body({ count: People, because: RefusedBecauseWord, blocklistEntry: orNull(Id), text: orNull(Reason) }),
  ),
  'occupancy.correct': route(
    '/areas/:area/correction',
    'Corrects an area after heads were counted, with a reason',
    body({ counted: Type.Integer({ minimum: 0, maximum: 100_000 }), reason: Reason }),
  ),
} as const;

export const SAFETY_ROUTES = {
  'incident.report': route(
    '/incidents',
    'Writes an incident down, also of a night that is closed; the texts are sealed',
    body({
      night: orNull(Id),
      kind: IncidentKindWord,
      severity: SeverityWord,
      happenedAt: Instant,
      room: orNull(Id),
      session: orNull(Id),
      dancers: Type.Array(Id, { maxItems: 16 }),
      policeCalled: Type.Boolean(),
      text: Story,
      people: orNull(Story),
    }),
  ),
  'incident.review': route('/incidents/:record/review', 'Begins to review an incident', Nothing),
  'incident.close': route('/incidents/:record/close', 'Closes an incident with an outcome', body({ outcome: Story })),
  'complaint.log': route(
    '/complaints',
    'Logs an allegation against a customer; who it is and what happened are sealed',
    body({
      night: orNull(Id),
      allegation: AllegationWord,
      happenedOn: DateText,
      dancer: orNull(Id),
      statement: StatementWord,
      sameCustomerAs: orNull(Id),
      customer: Story,
      text: Story,
    }),
  ),
  'complaint.judge': route(
    '/complaints/:record/judgement',
    'Says whether the evidence is credible, and why',
    body({ isCredible: Type.Boolean(), explanation: Story }),
  ),
  'record.note': route(
    '/records/:record/notes',
    'Adds a follow-up to a record; nothing is ever edited',
    body({ text: Story }),
  ),
  'blocklist_entry.add': route(
    '/blocklist',
    'Bans a guest; name and description are sealed',
    body({
      complaint: orNull(Id),
      evidence: BanEvidenceWord,
      incidentOn: DateText,
      expiresOn: orNull(DateText),
      reviewOn: orNull(DateText),
      scope: BanScopeWord,
      name: orNull(Name),
      description: Story,
    }),
  ),
  'blocklist_entry.review': route(
    '/blocklist/:record/review',
    'Gives a ban another end, or another date to look at it again',
    body({ expiresOn: orNull(DateText), reviewOn: orNull(DateText), reason: Story }),
  ),
  'blocklist_entry.lift': route('/blocklist/:record/lift', 'Lifts a ban, with a reason', body({ reason: Story })),
  'site_visit.record': route(
    '/site-visits',
    'Writes down a visit of inspectors; officer, badge, remarks and signature are sealed',
    body({
      night: orNull(Id),
      agency: Name,
      purpose: VisitPurposeWord,
      arrivedAt: Instant,
      shown: Type.Array(Name, { maxItems: 32 }),
      copyHash: orNull(Type.String({ pattern: '^[0-9a-f]{64}$' })),
      officer: Name,
      badge: orNull(Name),
      remarks: orNull(Story),
      signature: orNull(Signature),
    }),
  ),
  'training.record': route(
    '/people/:person/trainings',
    'Writes down a finished course of a dancer or a member of staff; the evidence is sealed',
    body({ course: CourseWord, completedOn: DateText, expiresOn: orNull(DateText), evidence: orNull(Reason) }),
  ),
  'safety_test.record': route(
    '/safety-tests',
    "Writes down the test of a room's or another place's panic button; the remarks are sealed",
    body({
      room: orNull(Id),
      place: orNull(Name),
      isSilent: Type.Boolean(),
      isLocated: Type.Boolean(),
      isLatched: Type.Boolean(),
      remarks: orNull(Reason),
    }),
  ),
  'retention.run': route('/retention/run', 'Lets go of what has been kept as long as it has to be', Nothing),
} as const;

/** GET /door (door, house mom, bosses): how full the house is, and what was counted tonight. `level` asks for a warning or a correction. */
export type DoorAnswer = {
  readonly areas: readonly {
    readonly area: string;
    readonly name: string;
    readonly inside: number;
    readonly limit: number;
    readonly level: 'ok' | 'near' | 'full' | 'below_zero';
  }[];
  readonly inside: number;
  readonly limit: number;
  readonly tonight: DoorCounts | null;
};
/** People of a night. Re-entries are counted apart, so that who owes a fee for each entry may count with or without them. */
export type DoorCounts = {
  readonly payingEntries: number;
  readonly payingReentries: number;
  readonly comps: number;
  readonly vips: number;
  readonly staff: number;
  readonly vendors: number;
  readonly exits: number;
  readonly refused: number;
  readonly coverCents: number;
};
/** POST /records/:record/open: the sealed texts of a record, by name; null where the key is gone. The opening is written to the log. */
export type OpenedRecord = { readonly record: string; readonly texts: Readonly<Record<string, string | null>> };
/** A record in a list: what it says (its event's body), how it stands, its follow-ups by id. Never a sealed text. Instants in epoch milliseconds. */
export type SafetyRow = {
  readonly record: string;
  readonly kind: RecordKind;
  readonly state: RecordState;
  readonly night: string | null;
  /** The complaint that it belongs to: the first about the same customer, or the one that a ban came from. */
  readonly root: string | null;
  readonly at: number;
  readonly by: string | null;
  readonly device: string | null;
  /** Of a complaint, once it was judged. */
  readonly isCredible: boolean | null;
  /** Of a test. */
  readonly hasPassed?: boolean;
  readonly startsOn: string | null;
  readonly minUntil: string | null;
  readonly expiresOn: string | null;
  readonly reviewOn: string | null;
  readonly erasedAt: number | null;
  /** When its time to be kept is over; null while its clock does not run. */
  readonly runsOutAt: number | null;
  readonly notes: readonly { readonly note: string; readonly at: number; readonly by: string | null }[];
};
