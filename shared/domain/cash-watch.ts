import type { ClubEvent } from './event.ts';

/**
 * Cash over $10,000 from one payer in one or related transactions is reported on Form 8300 within 15 days (26 USC 6050I;
 * 26 CFR 1.6050I-1). Payments of one payer within 24 hours are related. The law also relates what is connected over 12 months:
 * that is no fact that the club's box knows, so nothing here guesses at it.
 */
export const CASH_REPORT_CENTS = 1_000_000;
const RELATED_MS = 24 * 3_600_000;
const REPORT_MS = 15 * 24 * 3_600_000;

/** Cash that came from one payer. A guest is known by the room session that was paid, a dancer by her id; no name is kept for this. */
export type CashReceipt = { readonly payer: string; readonly cents: number; readonly at: number };
export type CashOverLimit = {
  readonly payer: string;
  readonly cents: number;
  readonly payments: number;
  /** Epoch milliseconds of the payment that went over, and by when it is reported. */
  readonly overAt: number;
  readonly reportBy: number;
};

/** Who paid cash in this event, and how much of it came into a drawer; null where nobody did. */
export function cashReceivedIn(event: ClubEvent): { readonly payer: string; readonly cents: number } | null {
  const payer = payerOf(event);
  if (payer === null || !('postings' in event.body)) return null;
  const cents = event.body.postings.reduce(
    (sum, posting) => (posting.account.startsWith('cash_drawer:') ? sum + posting.cents : sum),
    0,
  );
  return cents > 0 ? { payer, cents } : null;
}

function payerOf({ type, body }: ClubEvent): string | null {
  if (type === 'room_session.settled') return `room_session:${body.session}`;
  return type === 'house_fee.paid' || type === 'attendance.settled' ? `dancer:${body.dancer}` : null;
}

/** Payers whose cash within any 24 hours is over the limit, by the first payment that went over. Receipts come in any order. */
export function cashOverLimit(receipts: readonly CashReceipt[]): readonly CashOverLimit[] {
  const inOrder = receipts.toSorted((a, b) => a.at - b.at);
  const payers = new Set(inOrder.map(({ payer }) => payer));
  return [...payers].flatMap((payer) => firstOver(inOrder.filter((one) => one.payer === payer)) ?? []);
}

function firstOver(receipts: readonly CashReceipt[]): CashOverLimit | null {
  for (const [last, { payer, at }] of receipts.entries()) {
    const related = receipts.slice(0, last + 1).filter((one) => at - one.at < RELATED_MS);
    const cents = related.reduce((sum, one) => sum + one.cents, 0);
    if (cents > CASH_REPORT_CENTS)
      return { payer, cents, payments: related.length, overAt: at, reportBy: at + REPORT_MS };
  }
  return null;
}
