import { Type, type TSchema } from 'typebox';
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
import { oneOf, RecordKindWord } from './words.ts';

/** The bodies of the door's events and of what is written down for safety: frozen once shipped, as all bodies are. */
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: 500 });
const Count = Type.Integer({ minimum: 0 });
const Instant = Type.Integer();
const DateText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const body = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Postings = Type.Array(body({ account: Text, cents: Type.Integer() }));
const counted = { count: Count, countedAt: orNull(Instant) };
export const DOOR_BODIES = {
  'area.added': body({ area: Id, name: Text, limit: Count }),
  'area.limit_set': body({ area: Id, limit: Count }),
  'door.entered': body({
    entry: Id,
    area: Id,
    kind: EntryKindWord,
    category: EntryCategoryWord,
    paidCents: Count,
    method: orNull(oneOf('cash', 'card')),
    drawer: orNull(Id),
    approver: orNull(Id),
    reason: orNull(CompReasonWord),
    ...counted,
    postings: Postings,
  }),
  'door.left': body({ exit: Id, area: Id, ...counted }),
  'door.moved': body({ move: Id, from: Id, to: Id, ...counted }),
  'door.refused': body({
    refusal: Id,
    area: Id,
    count: Count,
    because: RefusedBecauseWord,
    blocklistEntry: orNull(Id),
  }),
  'occupancy.warned': body({ area: Id, level: oneOf('near', 'full', 'below_zero'), inside: Count, limit: Count }),
  'occupancy.corrected': body({ correction: Id, area: Id, counted: Count, by: Type.Integer(), reason: Text }),
} as const;

export const SAFETY_BODIES = {
  'incident.reported': body({
    incident: Id,
    night: orNull(Id),
    kind: IncidentKindWord,
    severity: SeverityWord,
    happenedAt: Instant,
    room: orNull(Id),
    session: orNull(Id),
    dancers: Type.Array(Id),
    policeCalled: Type.Boolean(),
  }),
  'incident.review_begun': body({ incident: Id }),
  'incident.closed': body({ incident: Id }),
  'complaint.logged': body({
    complaint: Id,
    night: orNull(Id),
    allegation: AllegationWord,
    happenedOn: DateText,
    dancer: orNull(Id),
    statement: StatementWord,
    root: Id,
  }),
  'complaint.judged': body({ complaint: Id, isCredible: Type.Boolean() }),
  'record.noted': body({ note: Id, record: Id }),
  'blocklist_entry.added': body({
    blocklistEntry: Id,
    complaint: orNull(Id),
    evidence: BanEvidenceWord,
    incidentOn: DateText,
    startsOn: DateText,
    minUntil: orNull(DateText),
    expiresOn: orNull(DateText),
    reviewOn: orNull(DateText),
    scope: BanScopeWord,
    rule: Text,
  }),
  'blocklist_entry.reviewed': body({
    blocklistEntry: Id,
    expiresOn: orNull(DateText),
    reviewOn: orNull(DateText),
  }),
  'blocklist_entry.lifted': body({ blocklistEntry: Id, by: Text }),
  'site_visit.recorded': body({
    visit: Id,
    night: orNull(Id),
    agency: Text,
    purpose: VisitPurposeWord,
    arrivedAt: Instant,
    shown: Type.Array(Text),
    isSigned: Type.Boolean(),
    copyHash: orNull(Text),
  }),
  'training.recorded': body({
    training: Id,
    person: Id,
    course: CourseWord,
    completedOn: DateText,
    expiresOn: orNull(DateText),
  }),
  'safety_test.recorded': body({
    test: Id,
    kind: oneOf('panic_button'),
    room: orNull(Id),
    place: orNull(Text),
    isSilent: Type.Boolean(),
    isLocated: Type.Boolean(),
    isLatched: Type.Boolean(),
    hasPassed: Type.Boolean(),
  }),
  'record.opened': body({ record: Id, kind: RecordKindWord }),
  'room_session.opened': body({ session: Id }),
  'inspection_pack.made': body({ pack: Id, night: Id, visit: orNull(Id), dancers: Type.Array(Id) }),
  'record.erased': body({
    record: Id,
    kind: RecordKindWord,
    how: oneOf('erased', 'deleted'),
    rule: Text,
    days: Count,
  }),
} as const;
