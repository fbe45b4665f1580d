import type { DayFact } from '#shared/domain/asking.ts';
import type { FeeFact } from '#shared/domain/house-fee.ts';
import { forbidding } from '#shared/domain/policy-pack.ts';
import type { Reads } from './reads.ts';

/** Fees of the night that nobody paid, where the law lets none be carried into another night; none elsewhere. */
export function uncarriedFees(reads: Reads, { day, date }: Pick<DayFact, 'day' | 'date'>): readonly FeeFact[] {
  const isForbidden = forbidding(reads.policy.on(date).pack, 'carry_forward') !== null;
  return isForbidden ? reads.attendance.unpaidOf(day) : [];
}
