import { accounts } from '#shared/domain/account.ts';
import { adjustLedger } from '#shared/domain/adjustment.ts';
import { setCashLimits } from '#shared/domain/cash-limit.ts';
import { payCarried } from '#shared/domain/dancer-payout.ts';
import type { Deciders } from '../command.ts';

/** What is about the club's money and no drawer's own move. */
export const cashCommands: Deciders<'cash_limits.set' | 'dancer.pay_out' | 'ledger.adjust'> = {
  'cash_limits.set': ({ reads }, input) => setCashLimits(reads.cash.limits(), input),
  'dancer.pay_out': ({ reads }, input, ask) => {
    const { dancer, drawer } = input;
    return payCarried(
      {
        known: reads.dancers.dancer(dancer) !== undefined,
        tonight: reads.attendance.ofNight(dancer, ask.day?.day)?.state,
        balanceCents: reads.ledger.balanceCents(accounts.dancer(dancer)),
        drawerCents: reads.drawers.openCents(drawer),
        unsettled: reads.cash.unsettledOf(dancer),
        fees: reads.attendance.owedBy(dancer).map(({ fee }) => fee),
      },
      input,
      ask,
    );
  },
  'ledger.adjust': ({ reads }, { corrects, reason, postings }, ask) =>
    adjustLedger(
      {
        correctsKnown: corrects === null || reads.ledger.entryAt(corrects.pos) === corrects.event,
        dancerKnown: (dancer) => reads.dancers.dancer(dancer) !== undefined,
      },
      { corrects: corrects?.event ?? null, reason, postings },
      ask,
    ),
};
