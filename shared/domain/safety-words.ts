/** What is written down for safety and for inspectors. Each kind has a retention clock of its own. */
export type RecordKind =
  | 'incident'
  | 'complaint'
  | 'refusal'
  | 'blocklist_entry'
  | 'site_visit'
  | 'training'
  | 'safety_test';
/** An incident goes OPEN → UNDER_REVIEW → CLOSED, a ban ACTIVE → LIFTED; that a ban has expired is derived from its date. All else is FILED. */
export type RecordState = 'OPEN' | 'UNDER_REVIEW' | 'CLOSED' | 'ACTIVE' | 'LIFTED' | 'FILED';

export type IncidentKind =
  | 'assault'
  | 'injury'
  | 'medical'
  | 'theft'
  | 'trespass'
  | 'overdose'
  | 'harassment'
  | 'weapon'
  | 'fire'
  | 'property'
  | 'trafficking_concern'
  | 'other';
export type Severity = 'low' | 'medium' | 'high' | 'critical';
/** What Washington's log has to hold every allegation of: WAC 296-831. */
export type Allegation = 'trafficking' | 'prostitution' | 'promotion' | 'assault' | 'harassment';
export type Statement = 'none' | 'sworn' | 'other';
export type BanEvidence = 'sworn_statement' | 'other_credible' | 'house_decision';
/** Within which clubs a ban holds: this one, or all of its organisation. */
export type BanScope = 'club' | 'common_ownership';
export type VisitPurpose = 'routine' | 'complaint' | 'follow_up' | 'licence' | 'other';
export type Course = 'trafficking_awareness' | 'pre_work' | 'responder' | 'alcohol_server' | 'other';
/** `erased`: its texts can't be read by anyone any more, its facts stay. `deleted`: it is gone from the lists, too. */
export type ErasedHow = 'erased' | 'deleted';
