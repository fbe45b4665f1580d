import type { VOUCHER_ROUTES } from '#shared/contract/voucher-api.ts';
import { redeemVoucher, sellVouchers, voidVoucher } from '#shared/domain/voucher.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const voucherCommands: Deciders<keyof typeof VOUCHER_ROUTES> = {
  'voucher.sell': ({ reads }, input, ask) =>
    sellVouchers(
      {
        drawerOpen: input.drawer !== null && reads.drawers.isOpen(input.drawer),
        businessDate: reads.policy.datesAt(ask.now).business,
      },
      input,
      ask,
    ),
  'voucher.redeem': ({ reads }, { voucher, ...input }, ask) =>
    redeemVoucher(
      {
        voucher: reads.vouchers.voucher(voucher),
        dancerKnown: reads.dancers.dancer(input.dancer) !== undefined,
        businessDate: reads.policy.datesAt(ask.now).business,
        drawerCents: centsIn(reads, input.drawer),
      },
      input,
      ask,
    ),
  'voucher.void': ({ reads }, { voucher, reason, drawer, second }, ask) =>
    voidVoucher(
      {
        voucher: reads.vouchers.voucher(voucher),
        // Whoever is second gave a right PIN before this waited: see give.ts.
        second: { staff: second.staff, roles: reads.club.staff(second.staff)?.roles ?? [] },
        drawerCents: centsIn(reads, drawer),
      },
      { reason, drawer },
      ask,
    ),
};

function centsIn(reads: Reads, drawer: string | null): number | null {
  return drawer === null ? null : reads.drawers.openCents(drawer);
}
