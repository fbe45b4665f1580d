import type { Role } from './event.ts';
import { BOOTH, BOSSES, CASH, DOOR, RIGHTS } from './rights.ts';

/**
 * Who may ask what, beside the commands: `anyone` on the LAN, any paired `device`, anybody who is `signed_in`, or these roles,
 * cut to the device's ceiling. One table; a route that is not in it does not open.
 */
export type Askers = 'anyone' | 'device' | 'signed_in' | readonly Role[];

const ROSTER = DOOR;

export const ROUTE_RIGHTS: Readonly<Record<string, Askers>> = {
  'POST /devices': 'anyone',
  'GET /sign-in': 'device',
  'POST /sessions': 'device',
  'DELETE /sessions/current': 'anyone',
  'GET /sessions/current': 'signed_in',
  'POST /pairing/codes': RIGHTS['device.pair'],
  'POST /witness/tails': 'device',
  'POST /recovery/finish': RIGHTS['recovery.finish'],
  'GET /status': 'signed_in',
  'GET /view': 'signed_in',
  'GET /dancers': ROSTER,
  'GET /dancers/:dancer/balance': ROSTER,
  'GET /dancers/:dancer/eligibility': ROSTER,
  'GET /dancers/:dancer/papers': ROSTER,
  'GET /dancers/:dancer/statements/:day': ROSTER,
  'GET /dancers/:dancer/statements/:day/statement.pdf': ROSTER,
  'GET /dancers/:dancer/years/:year': BOSSES,
  'GET /alerts': ROSTER,
  'GET /overrides': BOSSES,
  'GET /policy': 'signed_in',
  'GET /policy-packs': BOSSES,
  'GET /rotation': 'signed_in',
  'GET /nights': BOSSES,
  'GET /nights/:day': BOSSES,
  'GET /nights/:day/report': BOSSES,
  'GET /nights/:day/z-reports': BOSSES,
  'GET /nights/:day/report.csv': BOSSES,
  'GET /nights/:day/ledger.csv': BOSSES,
  'GET /nights/:day/ledger.json': BOSSES,
  'GET /nights/:day/rotation-overrides': BOOTH,
  'GET /nights/:day/door': BOSSES,
  'GET /nights/:day/records': BOSSES,
  'GET /business-day/checks': BOSSES,
  'GET /cash-limits': BOSSES,
  'GET /cash-watch': BOSSES,
  'GET /tip-outs': 'signed_in',
  'GET /drawers/:drawer/x-report': CASH,
  'GET /entry-fees/:quarter': BOSSES,
  'GET /entry-fees/:quarter/entries.csv': BOSSES,
  'GET /door': ROSTER,
  'GET /people/:person/records': BOSSES,
  'GET /incidents': BOSSES,
  'GET /complaints': BOSSES,
  'GET /refusals': BOSSES,
  'GET /site-visits': BOSSES,
  'GET /blocklist': ROSTER,
  'GET /trainings': ROSTER,
  'GET /safety-tests': BOSSES,
  /** The door opens bans alone; the rule looks at the record's kind. */
  'POST /records/:record/open': [...RIGHTS['record.open'], ...RIGHTS['blocklist_entry.open']],
  'POST /inspection-packs': RIGHTS['inspection_pack.make'],
};
