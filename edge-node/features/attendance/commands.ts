import { accounts } from '#shared/domain/account.ts';
import type { Asking } from '#shared/domain/asking.ts';
import {
  checkIn,
  checkInWithOverride,
  checkOut,
  settleAttendance,
  type CheckInFacts,
} from '#shared/domain/attendance.ts';
import { capHouseFee } from '#shared/domain/dance-tally.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { isNameHere } from '#shared/domain/stage-name.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import { eligibilityOf } from '../../state/eligibility.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders, Deciding } from '../command.ts';

type AttendanceRow = NonNullable<ReturnType<Reads['attendance']['ofNight']>>;

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
  'attendance.check_out': ({ reads }, { dancer }, ask) => {
    const tonight = reads.attendance.ofNight(dancer, ask.day?.day);
    const out = checkOut({
      tonight,
      onStage: reads.rotation.liveOfDancer(dancer) !== undefined,
      inRoom: reads.rooms.inRoom(dancer),
      roomUnsettled: reads.rooms.open().some(({ state, dancers }) => state !== 'QUOTED' && dancers.includes(dancer)),
      fees: tonight ? reads.attendance.feesOf(tonight.attendance) : [],
      entries: reads.rotation.ofDancer(dancer).map(({ entry }) => entry),
    });
    if (!out.ok || !tonight) return out;
    const capped = cappedNow(reads, tonight, ask);
    return capped ? accept<ClubEvent>(...out.events, capped) : out;
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

/** What the law of the place takes off her fee at the end of her shift. */
function cappedNow(reads: Reads, { attendance, dancer, checkedInAt }: AttendanceRow, { day, now }: Asking) {
  const { feeCap } = reads.policy.on(day?.date ?? '').pack;
  if (!feeCap) return null;
  const facts = {
    feeCap,
    attendance,
    dancer,
    from: checkedInAt,
    fees: reads.attendance.feesOf(attendance),
    tallies: reads.tally.ofAttendance(attendance),
    refundedCents: reads.tally.cap(attendance)?.refundedCents ?? 0,
  };
  return capHouseFee(facts, now);
}

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
