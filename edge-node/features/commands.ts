import { attendanceCommands } from './attendance/commands.ts';
import { businessDayCommands } from './business-day/commands.ts';
import { cashCommands } from './cash/commands.ts';
import { clubCommands } from './club/commands.ts';
import type { Deciders, RoutedCommand } from './command.ts';
import { danceTallyCommands } from './dance-tally/commands.ts';
import { dancerCommands } from './dancer/commands.ts';
import { deskCommands } from './desk/commands.ts';
import { doorCommands } from './door/commands.ts';
import { drawerCommands } from './drawer/commands.ts';
import { houseFeeCommands } from './house-fee/commands.ts';
import { onboardingCommands } from './onboarding/commands.ts';
import { paperCommands } from './paper/commands.ts';
import { policyCommands } from './policy/commands.ts';
import { roomPeopleCommands } from './room-people/commands.ts';
import { roomSessionCommands } from './room-session/commands.ts';
import { rosterCommands } from './roster/commands.ts';
import { rotationCommands } from './rotation/commands.ts';
import { safetyCommands } from './safety/commands.ts';
import { shiftCommands } from './shift/commands.ts';
import { stageCommands } from './stage/commands.ts';
import { stageSetCommands } from './stage-set/commands.ts';
import { trackCommands } from './track/commands.ts';
import { voucherCommands } from './voucher/commands.ts';
import { tipOutCommands } from './tip-out/commands.ts';

/** Every command that has an address. One without a decider does not compile. */
export const DECIDERS: Deciders<RoutedCommand> = {
  ...clubCommands,
  ...businessDayCommands,
  ...dancerCommands,
  ...paperCommands,
  ...policyCommands,
  ...attendanceCommands,
  ...houseFeeCommands,
  ...rotationCommands,
  ...stageSetCommands,
  ...stageCommands,
  ...roomSessionCommands,
  ...roomPeopleCommands,
  ...drawerCommands,
  ...doorCommands,
  ...safetyCommands,
  ...cashCommands,
  ...tipOutCommands,
  ...danceTallyCommands,
  ...shiftCommands,
  ...trackCommands,
  ...voucherCommands,
  ...deskCommands,
  ...onboardingCommands,
  ...rosterCommands,
};
