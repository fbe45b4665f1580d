import { recordTally, withdrawTally } from '#shared/domain/dance-tally.ts';
import type { Deciders } from '../command.ts';

export const danceTallyCommands: Deciders<'dance_tally.record' | 'dance_tally.withdraw'> = {
  'dance_tally.record': ({ reads }, { dancer, ...counted }, ask) =>
    recordTally(reads.attendance.ofNight(dancer, ask.day?.day), counted, ask),
  'dance_tally.withdraw': ({ reads }, { tally, reason }, { day }) => {
    const found = reads.tally.tally(tally);
    const tonight = found && reads.attendance.ofNight(found.dancer, day?.day);
    return withdrawTally(found, tonight, { reason });
  },
};
