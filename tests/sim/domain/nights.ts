import type { CommandInput, RoutedCommand } from '../../../edge-node/features/command.ts';
import type { Seeded } from '../../support/seeded.ts';
import { must } from '../breaks.ts';
import { EVENING, type SimClub } from './club.ts';

const DAY_MS = 86_400_000;
/** Longer than any record of safety is kept, so that some of them run out. */
const AWAY_MS = 3_000 * DAY_MS;

export type Nights = {
  /** Ends what is open. The next evening begins, or the night that has just ended is opened again. */
  readonly next: () => Promise<void>;
  /** Where the last night was opened again: ends it, and the next evening begins. */
  readonly goOn: () => Promise<void>;
  /** Begins to close: nothing new starts. */
  readonly beginClosing: () => Promise<void>;
};

/** What chance alone would hardly do: begin and end the club's nights. `noted` hears of each command and its refusal, null for none. */
export function openNights(
  { edge, clock, staff, give }: SimClub,
  seed: Seeded,
  noted: (name: RoutedCommand, refusal: string | null) => void,
): Nights {
  const { reads, sqlite } = edge;
  const sets = sqlite.prepare<[], string>('SELECT stage_set FROM stage_set WHERE ended_at IS NULL').pluck();
  const owner = staff[0]?.staff ?? '';
  let isReopened = false;

  const does = async <N extends RoutedCommand>(name: N, input: CommandInput<N>): Promise<boolean> => {
    const answer = await give(name, input, owner);
    noted(name, answer.ok ? null : answer.refusal);
    return answer.ok;
  };

  /** As a good house does it: everybody leaves, every drawer is counted. False where something stood in the way. */
  const closeTidily = async (): Promise<boolean> => {
    for (const set of sets.all()) await does('stage_set.end', { set, outcome: 'COMPLETED' });
    for (const { session, state } of reads.rooms.open()) {
      if (state === 'QUOTED') await does('room_session.cancel', { session, reason: 'The night is over' });
      if (state === 'RUNNING') await does('room_session.end', { session, reason: 'time' });
    }
    for (const { dancer } of reads.attendance.checkedIn()) {
      for (const { fee } of reads.attendance.owedBy(dancer))
        await does('house_fee.defer', { fee, reason: 'Next time' });
      await does('attendance.check_out', { dancer });
    }
    for (const { drawer } of reads.club.drawers()) {
      await does('drawer.count', { drawer, countedCents: Math.max(0, reads.drawers.openCents(drawer) ?? 0) });
      await does('drawer.close', { drawer });
    }
    return does('day.close', {});
  };

  const end = async (): Promise<void> => {
    if (!reads.day.open()) return;
    await does('day.begin_closing', {});
    if (!seed.chance(0.5) || !(await closeTidily())) await does('day.force_close', { reason: 'The night is over' });
    must(reads.day.open() === undefined, 'a night can be closed by force at any time');
  };

  const begin = async (): Promise<void> => {
    isReopened = false;
    const after = clock.wall() + (seed.chance(0.05) ? AWAY_MS : 0);
    const evening = Math.ceil((after - EVENING) / DAY_MS) * DAY_MS + EVENING;
    clock.set({ wall: evening, mono: clock.mono() + evening - clock.wall() });
    await does('day.open', { date: null });
    for (const { drawer } of reads.club.drawers().slice(0, 3))
      await does('drawer.open', { drawer, responsible: seed.pick(staff).staff, bankCents: 100_000 });
    for (const { dancer } of reads.dancers.roster())
      if (seed.chance(0.5)) await does('attendance.check_in', { dancer });
  };

  return {
    next: async () => {
      const night = reads.day.open()?.day;
      await end();
      isReopened =
        night !== undefined &&
        seed.chance(0.3) &&
        (await does('day.reopen', { night, reason: 'A drawer was forgotten' }));
      if (!isReopened) await begin();
    },
    goOn: async () => {
      if (!isReopened) return;
      await end();
      await begin();
    },
    beginClosing: async () => void (await does('day.begin_closing', {})),
  };
}
