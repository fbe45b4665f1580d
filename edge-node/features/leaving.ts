import type { Asking } from '#shared/domain/asking.ts';
import { checkOut } from '#shared/domain/attendance.ts';
import { capHouseFee } from '#shared/domain/dance-tally.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { accept, type Decision } from '#shared/kit/decision.ts';
import type { Reads } from '../state/reads.ts';

type AttendanceRow = NonNullable<ReturnType<Reads['attendance']['ofNight']>>;

/** A check-out, with what the law of the place takes off her fee at the end of her shift. */
export function leaving(reads: Reads, dancer: string, ask: Asking): Decision<ClubEvent, Refusal> {
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
}

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
