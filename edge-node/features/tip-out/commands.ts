import { accounts } from '#shared/domain/account.ts';
import { isBoss } from '#shared/domain/rights.ts';
import { acknowledgeTipOut, declineTipOut, payTipOut, proposeTipOut } from '#shared/domain/tip-out.ts';
import type { Deciders } from '../command.ts';

export const tipOutCommands: Deciders<'tip_out.propose' | 'tip_out.acknowledge' | 'tip_out.pay' | 'tip_out.decline'> = {
  'tip_out.propose': ({ reads }, input, ask) =>
    proposeTipOut(
      {
        dancerKnown: reads.dancers.dancer(input.dancer) !== undefined,
        rolesOfTo: reads.club.staff(input.to)?.roles,
      },
      input,
      ask,
    ),
  'tip_out.acknowledge': ({ reads }, { tip }, ask) => acknowledgeTipOut(reads.cash.tipOut(tip), ask),
  'tip_out.pay': ({ reads }, { tip, drawer }, ask) => {
    const tipOut = reads.cash.tipOut(tip);
    return payTipOut(
      {
        tipOut,
        balanceCents: tipOut ? reads.ledger.balanceCents(accounts.dancer(tipOut.dancer)) : 0,
        drawerCents: drawer === null ? null : reads.drawers.openCents(drawer),
      },
      { drawer },
      ask,
    );
  },
  'tip_out.decline': ({ reads }, { tip }, ask) =>
    declineTipOut(reads.cash.tipOut(tip), isBoss(reads.club.staff(ask.by)?.roles), ask),
};
