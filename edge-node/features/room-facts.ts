import type { Asking } from '#shared/domain/asking.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { cannotGo, type SettlementDirection } from '#shared/domain/room-terms.ts';
import type { DancerWhere } from '#shared/domain/room-session.ts';
import { resumeEntries } from '#shared/domain/rotation.ts';
import type { Reads } from '../state/reads.ts';

/** What both halves of the rooms' commands ask of the state. */
export function priceFacts(reads: Reads, rate: string) {
  const club = reads.club.settings();
  return { rate: club?.roomRates.find((one) => one.rate === rate), taxBasisPoints: club?.taxBasisPoints ?? 0 };
}

export function whereIs(reads: Reads, dancer: string, day: string | undefined): DancerWhere {
  return {
    checkedIn: reads.attendance.ofNight(dancer, day)?.state === 'CHECKED_IN',
    onBreak: reads.shifts.isOnBreak(dancer),
    onStage: reads.rotation.liveOfDancer(dancer) !== undefined,
    inRoom: reads.rooms.inRoom(dancer),
  };
}

export function backInRotation(reads: Reads, dancers: readonly string[]): readonly ClubEvent[] {
  const back = dancers.flatMap((dancer) => reads.rotation.ofDancer(dancer));
  const entries = back.map(({ entry }) => entry);
  const isShared = reads.rotation.setting().mode === 'shared';
  const stages = isShared ? back.slice(0, 1) : back;
  return [...new Set(stages.map(({ stage }) => stage))].flatMap((stage) =>
    resumeEntries(reads.rotation.ofQueue(stage), entries),
  );
}

/** Whether who asks may settle a session that way in this club. */
export function cannotGoHere(reads: Reads, way: SettlementDirection, { by }: Asking) {
  return cannotGo(way, reads.club.settings()?.settlementDirection ?? null, reads.club.staff(by)?.roles);
}
