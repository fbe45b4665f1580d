import { accounts } from '#shared/domain/account.ts';
import type { Asking } from '#shared/domain/asking.ts';
import {
  checkIn,
  checkInWithOverride,
  checkOut,
  settleAttendance,
  type CheckInFacts,
} from '#shared/domain/attendance.ts';
import { isNameHere } from '#shared/domain/stage-name.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { refuse } from '#shared/kit/decision.ts';
import { eligibilityOf } from '../../state/eligibility.ts';
import type { Deciders, Deciding } from '../command.ts';

export const attendanceCommands: Deciders<
  'attendance.check_in' | 'attendance.check_in_override' | 'attendance.check_out' | 'attendance.settle'
> = {
  'attendance.check_in': (deciding, { dancer }, ask) => {
    const facts = checkInFacts(deciding, dancer, ask);
    return typeof facts === 'string' ? refuse(facts) : checkIn(facts, { dancer }, ask);
  },
  'attendance.check_in_override': (deciding, { dancer, reason, second }, ask) => {
    const facts = checkInFacts(deciding, dancer, ask);
    if (typeof facts === 'string') return refuse(facts);
    const { reads } = deciding;
    const rolesOf = (staff: string) => reads.club.staff(staff)?.roles ?? [];
    const { pack } = reads.policy.on(ask.day?.date ?? '');
    // Whoever is second gave a right PIN before this waited: see prepare.
    const other = second && { staff: second.staff, roles: rolesOf(second.staff) };
    const asked = { by: ask.by, roles: rolesOf(ask.by), reason, second: other };
    return checkInWithOverride(facts, { dancer, pack, asked }, ask);
  },
  'attendance.check_out': ({ reads }, { dancer }, { day }) => {
    const tonight = reads.attendance.ofNight(dancer, day?.day);
    return checkOut({
      tonight,
      onStage: reads.rotation.liveOfDancer(dancer) !== undefined,
      inRoom: reads.rooms.inRoom(dancer),
      roomUnsettled: reads.rooms.open().some(({ state, dancers }) => state !== 'QUOTED' && dancers.includes(dancer)),
      fees: tonight ? reads.attendance.feesOf(tonight.attendance) : [],
      entries: reads.rotation.ofDancer(dancer).map(({ entry }) => entry),
    });
  },
  'attendance.settle': ({ reads }, { dancer, drawer }, { day }) =>
    settleAttendance(
      {
        tonight: reads.attendance.ofNight(dancer, day?.day),
        fees: reads.attendance.owedBy(dancer),
        balanceCents: reads.ledger.balanceCents(accounts.dancer(dancer)),
        drawerCents: reads.drawers.openCents(drawer),
      },
      { drawer },
    ),
};

function checkInFacts({ reads, seal }: Deciding, dancer: string, ask: Asking): CheckInFacts | Refusal {
  const club = reads.club.settings();
  if (!club) return 'club_not_configured';
  if (!ask.day) return 'day_not_open';
  const { roster } = reads;
  if (isNameHere(dancer, roster.namesOf(dancer), roster.namesOfNight(ask.day.day))) return 'stage_name_here';
  return {
    known: reads.dancers.dancer(dancer) !== undefined,
    tonight: reads.attendance.ofNight(dancer, ask.day.day),
    eligibility: eligibilityOf({ reads, seal }, dancer, reads.policy.datesAt(ask.now)),
    houseFeeCents: club.houseFeeCents,
  };
}
