import { chargeFee, deferHouseFee, payHouseFee, waiveHouseFee } from '#shared/domain/house-fee.ts';
import { forbidding } from '#shared/domain/policy-pack.ts';
import type { FeeKind } from '#shared/domain/policy-words.ts';
import type { Asking } from '#shared/domain/asking.ts';
import { refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const houseFeeCommands: Deciders<'house_fee.charge' | 'house_fee.pay' | 'house_fee.defer' | 'house_fee.waive'> =
  {
    'house_fee.charge': ({ reads }, input, ask) => {
      if (!reads.dancers.dancer(input.dancer)) return refuse('dancer_unknown');
      const tonight = reads.attendance.ofNight(input.dancer, ask.day?.day);
      return chargeFee({ isForbidden: isForbidden(reads, input.kind, ask), tonight }, input, ask);
    },
    'house_fee.pay': ({ reads }, input) =>
      payHouseFee(reads.attendance.fee(input.fee), input, reads.drawers.isOpen(input.drawer)),
    'house_fee.defer': ({ reads }, input, ask) =>
      deferHouseFee(reads.attendance.fee(input.fee), input, isForbidden(reads, 'carry_forward', ask)),
    'house_fee.waive': ({ reads }, input, ask) => waiveHouseFee(reads.attendance.fee(input.fee), input, ask),
  };

function isForbidden(reads: Reads, kind: FeeKind, ask: Asking): boolean {
  return forbidding(reads.policy.on(reads.policy.datesAt(ask.now).business).pack, kind) !== null;
}
