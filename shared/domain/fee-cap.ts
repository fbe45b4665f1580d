import { assert } from '#shared/kit/assert.ts';
import type { PolicyPack } from './policy-words.ts';

/** What she was tallied for at the price of her written contract: whole dances, cents each, tips left out. */
export type DanceTally = { readonly dances: number; readonly priceCents: number };
/** One period of a shift, as long as the cap's `periodHours`. */
export type FeePeriod = { readonly publicDances: readonly DanceTally[]; readonly privateDances: readonly DanceTally[] };

/** A cap with each step of its arithmetic, in cents, as it stands on her statement. */
export type PeriodCap = {
  readonly publicCents: number;
  readonly privateCents: number;
  /** The percentage of the public part, floored, and at most the rule's maximum. */
  readonly publicCapCents: number;
  readonly privateCapCents: number;
  readonly capCents: number;
};
export type CappedFee = {
  readonly rule: string;
  readonly percent: number;
  readonly publicMaxCents: number;
  readonly periods: readonly PeriodCap[];
  /** What she receives by the estimate. */
  readonly receivedCents: number;
  readonly contractCents: number;
  readonly capCents: number;
  /** The fee: contract, cap or what she receives, whichever is least. */
  readonly allowedCents: number;
  readonly excessCents: number;
};

/**
 * What a fee may come to (RCW 49.46.360; WAC 296-128-90020). Every period has a cap of its own and they add up; what is not a
 * whole cent is left off, in her favour. The fee is never more than she receives.
 */
export function cappedFee(
  { rule, percent, publicMaxCents }: NonNullable<PolicyPack['feeCap']>,
  contractCents: number,
  periods: readonly FeePeriod[],
): CappedFee {
  const caps = periods.map(({ publicDances, privateDances }): PeriodCap => {
    const publicCents = estimate(publicDances);
    const privateCents = estimate(privateDances);
    const publicCapCents = Math.min(publicMaxCents, Math.floor((publicCents * percent) / 100));
    const privateCapCents = Math.floor((privateCents * percent) / 100);
    return { publicCents, privateCents, publicCapCents, privateCapCents, capCents: publicCapCents + privateCapCents };
  });
  const receivedCents = sum(caps.map(({ publicCents, privateCents }) => publicCents + privateCents));
  const capCents = sum(caps.map((one) => one.capCents));
  const allowedCents = Math.min(contractCents, capCents, receivedCents);
  return {
    rule,
    percent,
    publicMaxCents,
    periods: caps,
    receivedCents,
    contractCents,
    capCents,
    allowedCents,
    excessCents: contractCents - allowedCents,
  };
}

/** A dance as it was counted: when (epoch milliseconds), where, and the contract's price in cents. */
export type CountedDance = { readonly at: number; readonly area: 'public' | 'private'; readonly priceCents: number };
const HOUR_MS = 3_600_000;

/** A shift in blocks of so many hours from its check-in on, the last one as long as the shift lasts. A dance at a border counts in the later block. */
export function feePeriods(
  { periodHours }: NonNullable<PolicyPack['feeCap']>,
  shift: { readonly from: number; readonly to: number },
  dances: readonly CountedDance[],
): readonly FeePeriod[] {
  const long = periodHours * HOUR_MS;
  const count = Math.max(1, Math.ceil((shift.to - shift.from) / long));
  const indexOf = (at: number): number => Math.min(count - 1, Math.max(0, Math.floor((at - shift.from) / long)));
  return Array.from({ length: count }, (_none, index) => {
    const inside = dances.filter(({ at }) => indexOf(at) === index);
    const of = (area: CountedDance['area']): DanceTally[] =>
      inside.filter((one) => one.area === area).map(({ priceCents }) => ({ dances: 1, priceCents }));
    return { publicDances: of('public'), privateDances: of('private') };
  });
}

function estimate(tallies: readonly DanceTally[]): number {
  const cents = sum(tallies.map(({ dances, priceCents }) => dances * priceCents));
  assert(Number.isSafeInteger(cents) && cents >= 0, 'dances are counted whole and priced in whole cents');
  return cents;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, one) => total + one, 0);
}
