import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accountClass } from './account.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf, type Posting } from './event.ts';
import { entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';

/**
 * A correction is an entry of its own, in the night that is open now, and names what it puts right; nothing that was booked
 * changes. Cash in a drawer is what is counted there, and what is owed for vouchers is those that circulate: no adjustment
 * touches either.
 */
export function adjustLedger(
  facts: {
    /** The event that is named is there, and has postings; true where none is named. */
    readonly correctsKnown: boolean;
    readonly dancerKnown: (dancer: string) => boolean;
  },
  command: { readonly corrects: string | null; readonly reason: string; readonly postings: readonly Posting[] },
  ask: Asking,
): Decision<EventOf<'ledger.adjusted'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!facts.correctsKnown) return refuse('ledger_entry_unknown');
  if (command.reason.trim() === '') return refuse('reason_missing');
  if (!command.postings.every(({ account }) => isAdjustable(account, facts.dancerKnown)))
    return refuse('account_not_adjustable');
  const sum = command.postings.reduce((cents, posting) => cents + posting.cents, 0);
  if (sum !== 0 || command.postings.every(({ cents }) => cents === 0)) return refuse('entry_unbalanced');
  const { corrects, reason } = command;
  const about = command.postings.flatMap(({ account }) => dancerOf(account) ?? []);
  return accept(event('ledger.adjusted', { corrects, reason, postings: entry(...command.postings) }, about));
}

function isAdjustable(account: string, dancerKnown: (dancer: string) => boolean): boolean {
  const known = accountClass(account);
  if (known === null || known === 'cash_drawer' || known === 'voucher_liability') return false;
  if (known !== 'dancer') return account === known;
  const dancer = dancerOf(account);
  return dancer !== null && dancerKnown(dancer);
}

function dancerOf(account: string): string | null {
  return account.startsWith('dancer:') ? account.slice('dancer:'.length) : null;
}
