/** From which total on a club files a Form 1099 for a payee, by tax year, in cents. */
export type TaxThreshold = { readonly cents: number; readonly source: string };

const UP_TO_2025: TaxThreshold = { cents: 60_000, source: 'IRC 6041(a), as it was up to tax year 2025' };
const IN_2026: TaxThreshold = {
  cents: 200_000,
  source: 'IRC 6041(a) as amended by Pub. L. 119-21, for payments after 31 December 2025',
};

/**
 * The federal threshold of a tax year. From 2027 on it is indexed each year and rounded to $100: null until the figure is
 * published and stands here. A state may ask for less; a club's accountant says so.
 */
export function taxThreshold(year: number): TaxThreshold | null {
  if (year <= 2025) return UP_TO_2025;
  return year === 2026 ? IN_2026 : null;
}
