import type { DoorBodies } from './door-events.ts';
import type {
  Allegation,
  BanEvidence,
  BanScope,
  Course,
  ErasedHow,
  IncidentKind,
  RecordKind,
  Severity,
  Statement,
  VisitPurpose,
} from './safety-words.ts';

/**
 * What is written down for safety. Every text about a person is sealed under the record's own id, so that destroying one
 * key takes the words and leaves the facts. `night` is the business day that it belongs to, also when it is told later.
 */
export type SafetyBodies = DoorBodies & {
  'incident.reported': {
    readonly incident: string;
    readonly night: string | null;
    readonly kind: IncidentKind;
    readonly severity: Severity;
    readonly happenedAt: number;
    readonly room: string | null;
    readonly session: string | null;
    readonly dancers: readonly string[];
    readonly policeCalled: boolean;
  };
  'incident.review_begun': { readonly incident: string };
  'incident.closed': { readonly incident: string };
  'complaint.logged': {
    readonly complaint: string;
    readonly night: string | null;
    readonly allegation: Allegation;
    readonly happenedOn: string;
    /** Who it happened to; null where she does not want to be named. */
    readonly dancer: string | null;
    /** Nobody can be asked to give one. */
    readonly statement: Statement;
    /** The first complaint about the same customer: itself, for the first. */
    readonly root: string;
  };
  'complaint.judged': { readonly complaint: string; readonly isCredible: boolean };
  /** A follow-up; what was written before it stands. */
  'record.noted': { readonly note: string; readonly record: string };
  'blocklist_entry.added': {
    readonly blocklistEntry: string;
    readonly complaint: string | null;
    readonly evidence: BanEvidence;
    readonly incidentOn: string;
    readonly startsOn: string;
    /** It can't be lifted or shortened to before this date; null for no minimum. */
    readonly minUntil: string | null;
    /** Last date that it holds on; null: until a review ends it. */
    readonly expiresOn: string | null;
    readonly reviewOn: string | null;
    readonly scope: BanScope;
    readonly rule: string;
  };
  'blocklist_entry.reviewed': {
    readonly blocklistEntry: string;
    readonly expiresOn: string | null;
    readonly reviewOn: string | null;
  };
  'blocklist_entry.lifted': { readonly blocklistEntry: string; readonly by: string };
  'site_visit.recorded': {
    readonly visit: string;
    readonly night: string | null;
    readonly agency: string;
    readonly purpose: VisitPurpose;
    readonly arrivedAt: number;
    readonly shown: readonly string[];
    readonly isSigned: boolean;
    /** SHA-256 of what they took a copy of, in hex; null where they took none. */
    readonly copyHash: string | null;
  };
  'training.recorded': {
    readonly training: string;
    /** A dancer or a member of staff. */
    readonly person: string;
    readonly course: Course;
    readonly completedOn: string;
    /** Last date that it is valid on; null has no end. */
    readonly expiresOn: string | null;
  };
  'safety_test.recorded': {
    readonly test: string;
    readonly kind: 'panic_button';
    /** A room, or another place by its name. */
    readonly room: string | null;
    readonly place: string | null;
    readonly isSilent: boolean;
    readonly isLocated: boolean;
    readonly isLatched: boolean;
    readonly hasPassed: boolean;
  };
  /** Somebody read its sealed texts. */
  'record.opened': { readonly record: string; readonly kind: RecordKind };
  /** Whose sealed names were opened for an inspector, and for which site visit. */
  /** Somebody looked at a guest's signature. */
  'room_session.opened': { readonly session: string };
  'inspection_pack.made': {
    readonly pack: string;
    readonly night: string;
    readonly visit: string | null;
    readonly dancers: readonly string[];
  };
  'record.erased': {
    readonly record: string;
    readonly kind: RecordKind;
    readonly how: ErasedHow;
    readonly rule: string;
    readonly days: number;
  };
};
