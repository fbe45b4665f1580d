import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf, type Role } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';
import { isBoss } from './rights.ts';

/** PROPOSED → ACKNOWLEDGED → PAID; DECLINED from either of the first two. Voluntary, between two persons: nothing computes one. */
export type TipOutState = 'PROPOSED' | 'ACKNOWLEDGED' | 'PAID' | 'DECLINED';
export type TipOutFact = {
  readonly tipOut: string;
  readonly dancer: string;
  readonly to: string;
  readonly cents: number;
  readonly state: TipOutState;
  readonly proposedBy: string;
};

/**
 * A dancer wants to give. She has no sign-in of her own, so somebody who gains nothing by it writes it down. Owners and managers
 * take none: an employer may not keep tips (DOL tip rule, 29 CFR 531.52, published as 2020-28555).
 */
export function proposeTipOut(
  facts: { readonly dancerKnown: boolean; readonly rolesOfTo: readonly Role[] | undefined },
  command: { readonly dancer: string; readonly to: string; readonly cents: number },
  ask: Asking,
): Decision<EventOf<'tip_out.proposed'>, Refusal> {
  if (!facts.dancerKnown) return refuse('dancer_unknown');
  if (!facts.rolesOfTo) return refuse('staff_unknown');
  if (isBoss(facts.rolesOfTo)) return refuse('tip_out_to_boss');
  const { dancer, to, cents } = command;
  if (to === ask.by) return refuse('same_person');
  return accept(event('tip_out.proposed', { tipOut: ask.id, dancer, to, cents, proposedBy: ask.by }, [dancer]));
}

export function acknowledgeTipOut(
  fact: TipOutFact | undefined,
  ask: Asking,
): Decision<EventOf<'tip_out.acknowledged'>, Refusal> {
  if (!fact) return refuse('tip_out_unknown');
  if (fact.state !== 'PROPOSED') return refuse('tip_out_not_proposed');
  if (ask.by !== fact.to) return refuse('not_yours');
  const { tipOut, dancer, to } = fact;
  return accept(event('tip_out.acknowledged', { tipOut, dancer, to }, [dancer]));
}

/** Over a drawer it is taken from what the club owes her; from hand to hand it touches no account of the club's. */
export function payTipOut(
  facts: {
    readonly tipOut: TipOutFact | undefined;
    /** Her balance in cents: below zero the club owes her. */
    readonly balanceCents: number;
    readonly drawerCents: number | null;
  },
  command: { readonly drawer: string | null },
  ask: Asking,
): Decision<EventOf<'tip_out.paid'>, Refusal> {
  if (!facts.tipOut) return refuse('tip_out_unknown');
  const { tipOut, dancer, to, cents, state } = facts.tipOut;
  if (state !== 'ACKNOWLEDGED') return refuse('tip_out_not_acknowledged');
  const { drawer } = command;
  if (drawer === null)
    return accept(event('tip_out.paid', { tipOut, dancer, to, cents, drawer, postings: [] }, [dancer]));
  if (!ask.day) return refuse('day_not_open');
  if (facts.drawerCents === null) return refuse('drawer_not_open');
  if (-facts.balanceCents < cents) return refuse('balance_too_low');
  if (facts.drawerCents < cents) return refuse('not_enough_cash');
  const postings = entry(debit(accounts.dancer(dancer), cents), credit(accounts.cashDrawer(drawer), cents));
  return accept(event('tip_out.paid', { tipOut, dancer, to, cents, drawer, postings }, [dancer]));
}

/** By who would get it, by who wrote it down, or by an owner or manager. Nobody is asked for a reason. */
export function declineTipOut(
  fact: TipOutFact | undefined,
  byIsBoss: boolean,
  ask: Asking,
): Decision<EventOf<'tip_out.declined'>, Refusal> {
  if (!fact) return refuse('tip_out_unknown');
  if (fact.state === 'PAID' || fact.state === 'DECLINED') return refuse('tip_out_done');
  if (ask.by !== fact.to && ask.by !== fact.proposedBy && !byIsBoss) return refuse('not_yours');
  const { tipOut, dancer, to } = fact;
  return accept(event('tip_out.declined', { tipOut, dancer, to }, [dancer]));
}
