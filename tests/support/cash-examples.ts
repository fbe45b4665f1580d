import type { CASH_ROUTES } from '#shared/contract/cash-api.ts';
import type { VOUCHER_ROUTES } from '#shared/contract/voucher-api.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { CommandInput } from '../../edge-node/features/command.ts';

const GHOST = 'no-such-id';
type Named = keyof typeof CASH_ROUTES | keyof typeof VOUCHER_ROUTES;

/** The examples about cash. */
export const CASH_EXAMPLES: { readonly [N in Named]: CommandInput<N> } = {
  'voucher.sell': {
    count: 1,
    denominationCents: 2_000,
    feeCents: 0,
    discountCents: 0,
    method: 'cash',
    drawer: null,
    expiresOn: null,
  },
  'voucher.redeem': { voucher: GHOST, dancer: GHOST, discountCents: 0, drawer: null },
  'voucher.void': { voucher: GHOST, reason: 'why', drawer: null, second: { staff: GHOST, pin: '1234' } },
  'drawer.pay_in': { drawer: GHOST, cents: 1, reason: 'why' },
  'drawer.pay_out': { drawer: GHOST, cents: 1, reason: 'why', approver: null },
  'drawer.no_sale': { drawer: GHOST, reason: 'why' },
  'drawer.recount': { drawer: GHOST, countedCents: 0 },
  'drawer.explain': { drawer: GHOST, reason: 'why' },
  'drawer.hand_over': { drawer: GHOST, countedCents: 0, receiver: { staff: GHOST, pin: '1234' } },
  'cash_limits.set': { paidOutCents: null, overShortCents: null, drawerCents: null },
  'tip_out.propose': { dancer: GHOST, to: GHOST, cents: 1 },
  'tip_out.acknowledge': { tip: GHOST },
  'tip_out.pay': { tip: GHOST, drawer: null },
  'tip_out.decline': { tip: GHOST },
  'dancer.pay_out': { dancer: GHOST, cents: 1, drawer: GHOST },
  'day.force_close': { reason: 'why' },
  'day.reopen': { night: GHOST, reason: 'why' },
  'ledger.adjust': {
    corrects: null,
    reason: 'why',
    postings: [
      { account: 'safe', cents: 1 },
      { account: 'over_short', cents: 1 },
    ],
  },
};

export const CASH_REFUSED: { readonly [N in Named]: Refusal } = {
  'voucher.sell': 'drawer_not_open',
  'voucher.redeem': 'voucher_unknown',
  'voucher.void': 'staff_unknown',
  'drawer.pay_in': 'drawer_unknown',
  'drawer.pay_out': 'drawer_unknown',
  'drawer.no_sale': 'drawer_unknown',
  'drawer.recount': 'drawer_unknown',
  'drawer.explain': 'drawer_unknown',
  'drawer.hand_over': 'staff_unknown',
  'cash_limits.set': 'nothing_changed',
  'tip_out.propose': 'dancer_unknown',
  'tip_out.acknowledge': 'tip_out_unknown',
  'tip_out.pay': 'tip_out_unknown',
  'tip_out.decline': 'tip_out_unknown',
  'dancer.pay_out': 'dancer_unknown',
  'day.force_close': 'day_not_closing',
  'day.reopen': 'night_unknown',
  'ledger.adjust': 'entry_unbalanced',
};
