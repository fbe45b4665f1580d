import { Type } from 'typebox';

/** The closed sets of words that cross a wire. */
export const oneOf = <const T extends readonly string[]>(...values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: values });

export const RoleWord = oneOf('owner', 'manager', 'door', 'vip_host', 'dj', 'house_mom', 'bartender');
export const CeilingWord = oneOf('door', 'floor', 'dj', 'office');
export const EngagementWord = oneOf('employee', 'independent_contractor', 'lease');
export const RestrictionWord = oneOf('banned', 'suspended', 'licence_expired', 'under_age');
export const StageKindWord = oneOf('main', 'side', 'podium');
export const CredentialKindWord = oneOf(
  'work_card',
  'performer_card',
  'adult_permit',
  'alcohol_permit',
  'business_license',
  'provisional_card',
  'temporary_authorization',
  'contract',
  'training',
);
export const CredentialEndedByWord = oneOf('issuer', 'police', 'club', 'entered_wrongly');
export const DocumentKindWord = oneOf('driver_license', 'state_id', 'passport', 'us_military_id');
export const OverrideReasonWord = oneOf('renewal_filed', 'issuer_confirmed', 'paper_seen', 'registry_unreachable');
export const ChargeKindWord = oneOf(
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
);
export const RecordKindWord = oneOf(
  'incident',
  'complaint',
  'refusal',
  'blocklist_entry',
  'site_visit',
  'training',
  'safety_test',
);
