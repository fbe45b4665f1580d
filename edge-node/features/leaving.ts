import type { Asking } from '#shared/domain/asking.ts';
import { checkOut } from '#shared/domain/attendance.ts';
import { capHouseFee } from '#shared/domain/dance-tally.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { SessionFact } from '#shared/domain/room-session.ts';
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
    roomUnsettled: reads.rooms.open().some((session) => session.state !== 'QUOTED' && isHers(session, dancer)),
    fees: tonight ? reads.attendance.feesOf(tonight.attendance) : [],
    isCapped: capOf(reads, ask) !== null,
    entries: reads.rotation.ofDancer(dancer).map(({ entry }) => entry),
  });
  if (!out.ok || !tonight) return out;
  const capped = cappedNow(reads, tonight, ask);
  return capped ? accept<ClubEvent>(...out.events, capped) : out;
}

/** Also of one who was swapped out: her share comes with its settlement. */
function isHers({ dancers, price }: Pick<SessionFact, 'dancers' | 'price'>, dancer: string): boolean {
  return dancers.includes(dancer) || price.shares.some((share) => share.dancer === dancer && share.cents > 0);
}

const capOf = (reads: Reads, { day }: Asking) => reads.policy.on(day?.date ?? '').pack.feeCap;

/** What the law of the place takes off her fee at the end of her shift; null for nothing. */
export function cappedNow(reads: Reads, { attendance, dancer, checkedInAt }: AttendanceRow, ask: Asking) {
  const feeCap = capOf(reads, ask);
  if (!feeCap) return null;
  const fees = reads.attendance.feesOf(attendance);
  const tallies = reads.tally.ofAttendance(attendance);
  return capHouseFee({ feeCap, attendance, dancer, from: checkedInAt, fees, tallies }, ask.now);
}
