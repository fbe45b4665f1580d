import { deferHouseFee, payHouseFee, waiveHouseFee } from '#shared/domain/house-fee.ts';
import type { Deciders } from '../command.ts';

export const houseFeeCommands: Deciders<'house_fee.pay' | 'house_fee.defer' | 'house_fee.waive'> = {
  'house_fee.pay': ({ reads }, input) =>
    payHouseFee(reads.attendance.fee(input.fee), input, reads.drawers.isOpen(input.drawer)),
  'house_fee.defer': ({ reads }, input) => deferHouseFee(reads.attendance.fee(input.fee), input),
  'house_fee.waive': ({ reads }, input, ask) => waiveHouseFee(reads.attendance.fee(input.fee), input, ask),
};
