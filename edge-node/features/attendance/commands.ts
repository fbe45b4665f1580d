import { accounts } from '#shared/domain/account.ts';
import type { Asking } from '#shared/domain/asking.ts';
import { checkIn, checkInWithOverride, settleAttendance, type CheckInFacts } from '#shared/domain/attendance.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { houseFeeAt, usePass } from '#shared/domain/fee-schedule.ts';
import { isNameHere } from '#shared/domain/stage-name.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { eligibilityOf } from '../../state/eligibility.ts';
import type { Deciders, Deciding } from '../command.ts';
import { leaving } from '../leaving.ts';

export const attendanceCommands: Deciders<
  'attendance.check_in' | 'attendance.check_in_override' | 'attendance.check_out' | 'attendance.settle'
> = {
  'attendance.check_in': (deciding, { dancer }, ask) => {
    const facts = checkInFacts(deciding, dancer, ask);
    return typeof facts === 'string' ? refuse(facts) : withPass(deciding, checkIn(facts, { dancer }, ask));
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
    return withPass(deciding, checkInWithOverride(facts, { dancer, pack, asked }, ask));
  },
  'attendance.check_out': ({ reads }, { dancer }, ask) => leaving(reads, dancer, ask),
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

/** A pass of hers lets the fee go that the check-in assessed. */
function withPass({ reads }: Deciding, entered: Decision<ClubEvent, Refusal>): Decision<ClubEvent, Refusal> {
  const fee = entered.ok ? entered.events.find((one) => one.type === 'house_fee.assessed')?.body : undefined;
  const pass = fee ? reads.shifts.freePass(fee.dancer) : null;
  return entered.ok && fee && pass !== null ? accept<ClubEvent>(...entered.events, usePass(pass, fee)) : entered;
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
    houseFeeCents: houseFeeAt(reads.shifts.feeSchedule(ask.day.date), {
      now: ask.now,
      date: ask.day.date,
      tz: club.tz,
      listCents: club.houseFeeCents,
    }),
  };
}
