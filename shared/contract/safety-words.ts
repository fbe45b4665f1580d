import { oneOf } from './words.ts';

/** The closed sets of words of the door and of what is written down for safety. */
export const EntryKindWord = oneOf('entry', 'reentry');
export const EntryCategoryWord = oneOf('paying', 'comp', 'vip', 'staff', 'vendor');
export const CompReasonWord = oneOf('birthday', 'promotion', 'regular', 'complaint', 'worker_guest', 'other');
export const RefusedBecauseWord = oneOf(
  'no_id',
  'under_age',
  'intoxicated',
  'blocklisted',
  'capacity',
  'conduct',
  'dress_code',
  'other',
);
export const IncidentKindWord = oneOf(
  'assault',
  'injury',
  'medical',
  'theft',
  'trespass',
  'overdose',
  'harassment',
  'weapon',
  'fire',
  'property',
  'trafficking_concern',
  'other',
);
export const SeverityWord = oneOf('low', 'medium', 'high', 'critical');
export const AllegationWord = oneOf('trafficking', 'prostitution', 'promotion', 'assault', 'harassment');
export const StatementWord = oneOf('none', 'sworn', 'other');
export const BanEvidenceWord = oneOf('sworn_statement', 'other_credible', 'house_decision');
export const BanScopeWord = oneOf('club', 'common_ownership');
export const VisitPurposeWord = oneOf('routine', 'complaint', 'follow_up', 'licence', 'other');
export const CourseWord = oneOf('trafficking_awareness', 'pre_work', 'responder', 'alcohol_server', 'other');
