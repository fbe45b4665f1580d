import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  collectSession,
  confirmSession,
  decideDispute,
  disputeSession,
  voidSession,
  type AnswerFact,
} from '#shared/domain/room-dispute.ts';
import { addExtra, joinSession, putBackInService, swapDancer, takeOutOfService } from '#shared/domain/room-people.ts';
import { addPrices, priceOf, settleRoomSession, type SessionFact } from '#shared/domain/room-session.ts';
import { asking, eventOf, eventsOf, HALF_HOUR, NIGHT, NOW } from '../support/rules.ts';

const FREE = { checkedIn: true, onStage: false, inRoom: false };
const session = (over: Partial<SessionFact> = {}): SessionFact => ({
  session: 's',
  room: 'r',
  state: 'RUNNING',
  dancers: ['jade', 'ruby'],
  minutes: 30,
  segments: 1,
  plannedEnd: NOW,
  price: priceOf(HALF_HOUR, ['jade', 'ruby'], 0),
  ...over,
});
const coming = { session: session(), coming: FREE, entries: [] };

describe('dancers of a running session', () => {
  test('one takes another’s place with what is agreed of her share; the price stays as it was quoted', () => {
    const held = { ...coming, entries: [{ entry: 'e', dancer: 'opal' }] };
    const events = eventsOf(swapDancer(held, { out: 'ruby', into: 'opal', shareCents: 4_000 }, asking()));
    expect(events.map(({ type }) => type)).toEqual(['room_session.swapped', 'rotation.held']);
    expect(events[0]?.body).toMatchObject({ out: 'ruby', into: 'opal', shareCents: 4_000 });
  });

  test('nobody comes who is on stage, in a room, not here or there already, and none takes more than the share', () => {
    const swap = { out: 'ruby', into: 'opal', shareCents: 0 };
    const refusal = (over: object, command: object = {}) =>
      swapDancer({ ...coming, ...over }, { ...swap, ...command }, asking());
    expect(refusal({ coming: { ...FREE, onStage: true } })).toMatchObject({ refusal: 'on_stage' });
    expect(refusal({ coming: { ...FREE, inRoom: true } })).toMatchObject({ refusal: 'in_room' });
    expect(refusal({ coming: { ...FREE, checkedIn: false } })).toMatchObject({ refusal: 'not_checked_in' });
    expect(refusal({}, { into: 'jade' })).toMatchObject({ refusal: 'dancer_listed_twice' });
    expect(refusal({}, { out: 'pearl' })).toMatchObject({ refusal: 'not_in_session' });
    expect(refusal({}, { shareCents: 9_501 })).toMatchObject({ refusal: 'share_too_large' });
    expect(refusal({ session: undefined })).toMatchObject({ refusal: 'session_unknown' });
  });

  test('a swap at the moment of the end comes too late', () => {
    const ended = { ...coming, session: session({ state: 'ENDED' }) };
    expect(swapDancer(ended, { out: 'ruby', into: 'opal', shareCents: 0 }, asking())).toMatchObject({
      refusal: 'session_not_running',
    });
  });

  test('one more dancer has a price of her own, from the list as it is now', () => {
    const joined = eventOf(
      joinSession({ ...coming, rate: HALF_HOUR, taxBasisPoints: 0 }, { dancer: 'opal', rate: 'vip30' }, asking()),
    );
    expect(joined.body).toMatchObject({
      dancer: 'opal',
      price: { grossCents: 28_000, shares: [{ dancer: 'opal', cents: 19_000 }] },
    });
    const facts = { ...coming, rate: undefined, taxBasisPoints: 0 };
    expect(joinSession(facts, { dancer: 'opal', rate: 'x' }, asking())).toMatchObject({ refusal: 'rate_unknown' });
    const closing = asking({ day: { ...NIGHT, state: 'CLOSING' } });
    expect(joinSession({ ...facts, rate: HALF_HOUR }, { dancer: 'opal', rate: 'x' }, closing)).toMatchObject({
      refusal: 'day_closing',
    });
  });

  test('a dancer who is in a later segment alone is not dropped from the price', () => {
    const added = addPrices(priceOf(HALF_HOUR, ['jade'], 0), priceOf(HALF_HOUR, ['opal'], 0));
    expect(added.shares).toEqual([
      { dancer: 'jade', cents: 19_000 },
      { dancer: 'opal', cents: 19_000 },
    ]);
  });
});

describe('what is sold beside the time', () => {
  test('dances are counted whole, at a price each; the odd cent is the house’s', () => {
    const extra = { kind: 'dances', name: 'Dances', count: 3, eachCents: 2_001, houseCents: 500 } as const;
    expect(eventOf(addExtra(session(), extra, 0)).body.price).toEqual({
      grossCents: 6_003,
      houseCents: 1_501,
      taxCents: 0,
      shares: [
        { dancer: 'jade', cents: 2_251 },
        { dancer: 'ruby', cents: 2_251 },
      ],
    });
  });

  test('a bottle is the house’s alone; the house never takes more than the price; a settled session takes no more', () => {
    const bottle = { kind: 'bottle', name: 'Champagne', count: 1, eachCents: 30_000, houseCents: 30_000 } as const;
    expect(eventOf(addExtra(session(), bottle, 0)).body.price.shares.map(({ cents }) => cents)).toEqual([0, 0]);
    expect(addExtra(session(), { ...bottle, houseCents: 30_001 }, 0)).toMatchObject({ refusal: 'price_invalid' });
    expect(addExtra(session({ state: 'SETTLED' }), bottle, 0)).toMatchObject({ refusal: 'session_not_running' });
    expect(addExtra(undefined, bottle, 0)).toMatchObject({ refusal: 'session_unknown' });
  });
});

describe('a room out of service', () => {
  test('only a free room is taken out, with a reason, and only one that is out comes back', () => {
    const out = { room: 'r', reason: 'a leak' };
    expect(eventOf(takeOutOfService('AVAILABLE', out)).body).toEqual(out);
    expect(takeOutOfService('OCCUPIED', out)).toMatchObject({ refusal: 'room_not_available' });
    expect(takeOutOfService('AVAILABLE', { ...out, reason: ' ' })).toMatchObject({ refusal: 'reason_missing' });
    expect(takeOutOfService(undefined, out)).toMatchObject({ refusal: 'room_unknown' });
    expect(eventOf(putBackInService('OUT_OF_SERVICE', out)).body).toEqual({ room: 'r' });
    expect(putBackInService('AVAILABLE', out)).toMatchObject({ refusal: 'room_in_service' });
    expect(putBackInService(undefined, out)).toMatchObject({ refusal: 'room_unknown' });
  });
});

const ENDED = session({ state: 'ENDED' });
const answered = (dancer: string, answer: AnswerFact['answer']): AnswerFact => ({ dancer, answer });

describe('two parties agree', () => {
  test('each dancer answers once, for a session that has ended', () => {
    expect(
      eventOf(confirmSession({ session: ENDED, answers: [], paidTonight: false }, { dancer: 'jade' })).body,
    ).toMatchObject({
      dancer: 'jade',
    });
    expect(confirmSession({ session: session(), answers: [], paidTonight: false }, { dancer: 'jade' })).toMatchObject({
      refusal: 'session_not_ended',
    });
    expect(confirmSession({ session: ENDED, answers: [], paidTonight: false }, { dancer: 'opal' })).toMatchObject({
      refusal: 'not_in_session',
    });
    const answers = [answered('jade', 'AGREED')];
    expect(
      disputeSession({ session: ENDED, answers, paidTonight: false }, { dancer: 'jade', about: 'count' }),
    ).toMatchObject({
      refusal: 'session_answered',
    });
  });

  test('what was paid is answered too, until the night closes in which it was', () => {
    const paid = { session: session({ state: 'SETTLED' }), answers: [], paidTonight: true };
    const about = { dancer: 'jade', about: 'split' } as const;
    expect(eventOf(disputeSession(paid, about)).body).toMatchObject(about);
    expect(eventOf(confirmSession(paid, { dancer: 'jade' })).body).toMatchObject({ dancer: 'jade' });
    expect(disputeSession({ ...paid, paidTonight: false }, about)).toMatchObject({ refusal: 'session_night_closed' });
    const voided = { ...paid, session: session({ state: 'VOIDED' }) };
    expect(disputeSession(voided, about)).toMatchObject({ refusal: 'session_not_ended' });
  });

  test('a disputed session is not settled either way before somebody decides, with a reason', () => {
    const disputed = eventOf(
      disputeSession({ session: ENDED, answers: [], paidTonight: false }, { dancer: 'ruby', about: 'price' }),
    );
    expect(disputed.body).toMatchObject({ dancer: 'ruby', about: 'price' });
    const answers = [answered('ruby', 'DISPUTED')];
    const settle = { method: 'card', drawer: null, tipCents: 0 } as const;
    expect(
      settleRoomSession({ session: ENDED, drawerOpen: false, isDisputed: true, shortCents: 0 }, settle),
    ).toMatchObject({
      refusal: 'session_disputed',
    });
    expect(collectSession({ session: ENDED, answers, shortCents: 0 }, { dancer: 'jade' })).toMatchObject({
      refusal: 'session_disputed',
    });
    expect(decideDispute({ session: ENDED, answers }, { dancer: 'ruby', reason: '' })).toMatchObject({
      refusal: 'reason_missing',
    });
    expect(decideDispute({ session: ENDED, answers }, { dancer: 'jade', reason: 'x' })).toMatchObject({
      refusal: 'not_disputed',
    });
    expect(
      eventOf(decideDispute({ session: ENDED, answers }, { dancer: 'ruby', reason: 'she was right' })).body,
    ).toMatchObject({ dancer: 'ruby' });
  });
});

describe('both directions, and a void', () => {
  const settled = {
    pos: 7,
    method: 'card',
    postings: [
      { account: 'card_clearing', cents: 5 },
      { account: 'room_income', cents: -5 },
    ],
  } as const;
  const second = { staff: 'boss', roles: ['manager'] } as const;

  test('who has the guest’s money owes house, tax and the other dancer, not her own share', () => {
    expect(
      eventOf(collectSession({ session: ENDED, answers: [], shortCents: 0 }, { dancer: 'jade' })).body,
    ).toMatchObject({
      collectedCents: 28_000,
      postings: [
        { account: 'dancer:jade', cents: 18_500 },
        { account: 'room_income', cents: -9_000 },
        { account: 'dancer:ruby', cents: -9_500 },
      ],
    });
    expect(collectSession({ session: session(), answers: [], shortCents: 0 }, { dancer: 'jade' })).toMatchObject({
      refusal: 'session_not_ended',
    });
    expect(collectSession({ session: ENDED, answers: [], shortCents: 0 }, { dancer: 'opal' })).toMatchObject({
      refusal: 'not_in_session',
    });
  });

  test('a void takes a second owner or manager, and names what it turns round', () => {
    const facts = { session: session({ state: 'SETTLED' }), settled, second, drawerCents: null };
    const why = { reason: 'wrong card', drawer: null };
    expect(eventOf(voidSession(facts, why, asking())).body).toMatchObject({
      approver: 'boss',
      corrects: 7,
      postings: [
        { account: 'card_clearing', cents: -5 },
        { account: 'room_income', cents: 5 },
      ],
    });
    expect(voidSession({ ...facts, second: { ...second, staff: 'staff-1' } }, why, asking())).toMatchObject({
      refusal: 'second_person_same',
    });
    expect(voidSession({ ...facts, second: { staff: 'x', roles: ['vip_host'] } }, why, asking())).toMatchObject({
      refusal: 'second_person_not_allowed',
    });
    expect(voidSession(facts, { ...why, reason: '' }, asking())).toMatchObject({ refusal: 'reason_missing' });
    expect(voidSession({ ...facts, session: session() }, why, asking())).toMatchObject({
      refusal: 'session_not_ended',
    });
    expect(voidSession(facts, why, asking({ day: null }))).toMatchObject({ refusal: 'day_not_open' });
  });

  test('cash goes back out of an open drawer that has it', () => {
    const cash = {
      pos: 7,
      method: 'cash',
      postings: [
        { account: 'cash_drawer:old', cents: 900 },
        { account: 'room_income', cents: -900 },
      ],
    } as const;
    const facts = { session: session({ state: 'SETTLED' }), settled: cash, second, drawerCents: 900 };
    const why = { reason: 'refund', drawer: 'bar' };
    expect(eventOf(voidSession(facts, why, asking())).body.postings[0]).toEqual({
      account: 'cash_drawer:bar',
      cents: -900,
    });
    expect(voidSession({ ...facts, drawerCents: 899 }, why, asking())).toMatchObject({ refusal: 'not_enough_cash' });
    expect(voidSession({ ...facts, drawerCents: null }, why, asking())).toMatchObject({ refusal: 'drawer_not_open' });
  });

  test('whatever books money names everybody whose money it is, also who was swapped out', () => {
    const swapped = session({ state: 'ENDED', dancers: ['opal', 'ruby'] });
    const price = { ...swapped.price, shares: [...swapped.price.shares, { dancer: 'opal', cents: 0 }] };
    const ended = { ...swapped, price };
    const bill = { session: ended, answers: [], drawerOpen: false, isDisputed: false, shortCents: 0 };
    const events = [
      eventOf(settleRoomSession(bill, { method: 'card', drawer: null, tipCents: 0 })),
      eventOf(collectSession(bill, { dancer: 'ruby' })),
      eventOf(
        voidSession({ session: ended, settled, second, drawerCents: null }, { reason: 'x', drawer: null }, asking()),
      ),
    ];
    expect(events.map(({ sub }) => sub)).toEqual(events.map(() => ['jade', 'ruby', 'opal']));
  });

  test('whatever a session comes to, each direction sums to zero, and a void brings every account back', () => {
    const prices = fc.record({
      gross: fc.integer({ min: 0, max: 90_000 }),
      house: fc.nat(100),
      tax: fc.nat(2_000),
      tip: fc.nat(9_999),
    });
    fc.assert(
      fc.property(prices, fc.constantFrom(1, 2, 3), ({ gross, house, tax, tip }, count) => {
        const dancers = ['jade', 'ruby', 'opal'].slice(0, count);
        const rate = { ...HALF_HOUR, grossCents: gross, houseCents: Math.floor((gross * house) / 100) };
        const ended = session({ state: 'ENDED', dancers, price: priceOf(rate, dancers, tax) });
        const paid = settleRoomSession(
          { session: ended, drawerOpen: false, isDisputed: false, shortCents: 0 },
          { method: 'card', drawer: null, tipCents: tip },
        );
        const collected = collectSession({ session: ended, answers: [], shortCents: 0 }, { dancer: 'jade' });
        for (const { postings } of [eventOf(paid).body, eventOf(collected).body]) {
          expect(postings.reduce((sum, { cents }) => sum + cents, 0)).toBe(0);
          const done = { ...ended, state: 'SETTLED' } as const;
          const back = voidSession(
            { session: done, settled: { pos: 1, method: null, postings }, second, drawerCents: null },
            { reason: 'x', drawer: null },
            asking(),
          );
          const sums = new Map<string, number>();
          for (const { account, cents } of [...postings, ...eventOf(back).body.postings])
            sums.set(account, (sums.get(account) ?? 0) + cents);
          expect([...sums.values()].filter((cents) => cents !== 0)).toEqual([]);
        }
      }),
    );
  });
});
