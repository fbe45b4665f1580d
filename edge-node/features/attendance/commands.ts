import { accounts } from '#shared/domain/account.ts';
import { checkIn, checkOut, settleAttendance } from '#shared/domain/attendance.ts';
import { eligibility } from '#shared/domain/eligibility.ts';
import { packOn } from '#shared/domain/policy-pack.ts';
import { standing } from '#shared/domain/restriction.ts';
import { refuse } from '#shared/kit/decision.ts';
import type { Deciders } from '../command.ts';

export const attendanceCommands: Deciders<'attendance.check_in' | 'attendance.check_out' | 'attendance.settle'> = {
  'attendance.check_in': ({ reads, seal }, { dancer }, ask) => {
    const club = reads.club.settings();
    if (!club) return refuse('club_not_configured');
    if (!ask.day) return refuse('day_not_open');
    const row = reads.dancers.dancer(dancer);
    if (!row) return refuse('dancer_unknown');
    const facts = {
      birthDate: seal.open(dancer, 'birth_date', row.birthDate),
      engagement: row.engagement,
      credentials: reads.dancers.credentials(dancer),
      restrictions: standing(reads.shared.restrictionsOf(dancer)),
    };
    return checkIn(
      {
        known: true,
        tonight: reads.attendance.ofNight(dancer, ask.day.day),
        eligibility: eligibility(facts, packOn(club.pack, ask.day.date), ask.day.date),
        houseFeeCents: club.houseFeeCents,
      },
      { dancer },
      ask,
    );
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
