import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setPriceList } from '#shared/domain/club.ts';
import type { Price, RoomRate } from '#shared/domain/event.ts';
import {
  addPrices,
  cancelQuote,
  cleanRoom,
  endRoomSession,
  extendRoomSession,
  priceOf,
  quoteRoom,
  settleRoomSession,
  startRoomSession,
  type SessionFact,
} from '#shared/domain/room-session.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, CLOSING, eventOf, eventsOf, HALF_HOUR, MINUTE, NOW } from '../support/rules.ts';

const HERE = { checkedIn: true, onStage: false, inRoom: false };
const QUOTING = { room: 'AVAILABLE', rate: HALF_HOUR, taxBasisPoints: 0, dancers: [HERE, HERE] } as const;
const QUOTE = { room: 'vip1', rate: 'vip30', dancers: ['jade', 'ruby'] };
const PRICE: Price = {
  grossCents: 28_000,
  houseCents: 9_000,
  taxCents: 0,
  shares: [
    { dancer: 'jade', cents: 9_500 },
    { dancer: 'ruby', cents: 9_500 },
  ],
};
const session = (over: Partial<SessionFact> = {}): SessionFact => ({
  session: 's',
  room: 'vip1',
  state: 'QUOTED',
  dancers: ['jade', 'ruby'],
  minutes: 30,
  segments: 1,
  plannedEnd: null,
  price: PRICE,
  ...over,
});
const RUNNING = session({ state: 'RUNNING', plannedEnd: NOW + 30 * MINUTE });
const ENDED = session({ state: 'ENDED', plannedEnd: NOW + 30 * MINUTE });
const partsOf = (price: Price) =>
  price.houseCents + price.taxCents + price.shares.reduce((sum, { cents }) => sum + cents, 0);

test("a price is the house's share, the tax and the dancers' shares, and what does not divide is the house's", () => {
  expect(priceOf(HALF_HOUR, ['jade'], 0)).toEqual({
    grossCents: 28_000,
    houseCents: 9_000,
    taxCents: 0,
    shares: [{ dancer: 'jade', cents: 19_000 }],
  });
  const three = priceOf({ ...HALF_HOUR, grossCents: 10_001, houseCents: 1_000 }, ['jade', 'ruby', 'star'], 825);
  expect(three.taxCents).toBe(825);
  expect(three.shares.map(({ cents }) => cents)).toEqual([2_725, 2_725, 2_725]);
  expect(three.houseCents).toBe(1_001);
  expect(partsOf(three)).toBe(10_001);
});

test("tax comes out of the dancers' part first; of what is the house's alone, the house pays it", () => {
  const bottle = { ...HALF_HOUR, grossCents: 30_000, houseCents: 30_000 };
  expect(priceOf(bottle, ['jade'], 825)).toMatchObject({
    houseCents: 27_525,
    taxCents: 2_475,
    shares: [{ dancer: 'jade', cents: 0 }],
  });
  expect(priceOf(HALF_HOUR, ['jade'], 10_000)).toMatchObject({ houseCents: 0, taxCents: 28_000 });
});

const rates = fc
  .tuple(
    fc.integer({ min: 0, max: 1_000_000_000 }),
    fc.integer({ min: 0, max: 1_000_000_000 }),
    fc.integer({ min: 1, max: 480 }),
  )
  .map(([a, b, minutes]): RoomRate => ({
    rate: 'r',
    name: 'r',
    minutes,
    grossCents: Math.max(a, b),
    houseCents: Math.min(a, b),
  }));
const dancers = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });

test('any price is its parts to the cent, none of them below nothing, and the dancers share alike', () => {
  fc.assert(
    fc.property(rates, dancers, fc.integer({ min: 0, max: 10_000 }), (rate, who, tax) => {
      const price = priceOf(rate, who, tax);
      expect(partsOf(price)).toBe(rate.grossCents);
      expect(new Set(price.shares.map(({ cents }) => cents)).size).toBe(1);
      expect(price.taxCents).toBe(Math.floor((rate.grossCents * tax) / 10_000));
      const kept = Math.min(rate.houseCents, rate.grossCents - price.taxCents);
      const least = Math.min(price.houseCents - kept, ...price.shares.map(({ cents }) => cents));
      expect(least).toBeGreaterThanOrEqual(0);
      expect(price.houseCents - rate.houseCents).toBeLessThan(who.length);
    }),
  );
});

test('segments with any dancers in each add up, every one with the sum of her shares, to the cent', () => {
  fc.assert(
    fc.property(
      fc.tuple(rates, rates),
      dancers,
      dancers,
      fc.integer({ min: 0, max: 2_000 }),
      ([a, b], first, second, tax) => {
        const prices = [priceOf(a, first, tax), priceOf(b, second, tax)] as const;
        const both = addPrices(...prices);
        expect(both.grossCents).toBe(a.grossCents + b.grossCents);
        expect(partsOf(both)).toBe(both.grossCents);
        const all = prices.flatMap(({ shares }) => shares);
        const hers = (who: string) =>
          all.filter(({ dancer }) => dancer === who).reduce((sum, { cents }) => sum + cents, 0);
        const everyone = [...new Set([...first, ...second])];
        expect(both.shares).toEqual(everyone.map((dancer) => ({ dancer, cents: hers(dancer) })));
      },
    ),
  );
});

test('a dancer of the second segment alone is paid when the session is settled', () => {
  const price = addPrices(PRICE, priceOf(HALF_HOUR, ['star', 'ruby'], 0));
  const { postings } = eventOf(
    settleRoomSession(
      { session: { ...ENDED, price }, drawerOpen: false, isDisputed: false, shortCents: 0 },
      { method: 'card', drawer: null, tipCents: 2 },
    ),
  ).body;
  expect(postings).toEqual([
    { account: 'card_clearing', cents: 56_002 },
    { account: 'room_income', cents: -18_000 },
    { account: 'dancer:jade', cents: -9_502 },
    { account: 'dancer:ruby', cents: -19_000 },
    { account: 'dancer:star', cents: -9_500 },
  ]);
});

test('a quote fixes price and split', () => {
  expect(eventOf(quoteRoom(QUOTING, QUOTE, asking())).body).toEqual({
    session: 'born',
    ...QUOTE,
    minutes: 30,
    price: PRICE,
  });
});

test('a dancer who is on stage now can be quoted, but the session starts without her on it', () => {
  const onStage = { ...HERE, onStage: true };
  expect(quoteRoom({ ...QUOTING, dancers: [HERE, onStage] }, QUOTE, asking()).ok).toBe(true);
  expect(startRoomSession({ session: session(), dancers: [HERE, onStage], entries: [] }, asking())).toEqual(
    refuse('on_stage'),
  );
});

test.each([
  [{ room: undefined }, {}, 'room_unknown'],
  [{ room: 'RESERVED' }, {}, 'room_not_available'],
  [{ room: 'OCCUPIED' }, {}, 'room_not_available'],
  [{ room: 'CLEANING' }, {}, 'room_not_available'],
  [{ rate: undefined }, {}, 'rate_unknown'],
  [{ dancers: [] }, { dancers: [] }, 'dancers_missing'],
  [{}, { dancers: ['jade', 'jade'] }, 'dancer_listed_twice'],
  [{ dancers: [HERE, { ...HERE, checkedIn: false }] }, {}, 'not_checked_in'],
  [{ dancers: [HERE, { ...HERE, inRoom: true }] }, {}, 'in_room'],
] as const)('with %j and %j nothing is quoted: %s', (facts, command, refusal) => {
  expect(quoteRoom({ ...QUOTING, ...facts }, { ...QUOTE, ...command }, asking())).toEqual(refuse(refusal));
});

test('nothing is quoted or started without a night, nor while it closes', () => {
  const starting = { session: session(), dancers: [HERE, HERE], entries: [] };
  for (const [day, refusal] of [
    [null, 'day_not_open'],
    [CLOSING, 'day_closing'],
  ] as const) {
    expect(quoteRoom(QUOTING, QUOTE, asking({ day }))).toEqual(refuse(refusal));
    expect(startRoomSession(starting, asking({ day }))).toEqual(refuse(refusal));
  }
});

test('a session ends as many minutes after its start as were quoted, and the places in the rotations are held', () => {
  const started = startRoomSession(
    { session: session(), dancers: [HERE, HERE], entries: [{ entry: 'e', dancer: 'jade' }] },
    asking(),
  );
  const [first, held] = eventsOf(started);
  expect(first?.body).toEqual({
    session: 's',
    room: 'vip1',
    dancers: ['jade', 'ruby'],
    startedAt: NOW,
    plannedEnd: NOW + 30 * MINUTE,
  });
  expect(held).toMatchObject({ type: 'rotation.held', body: { entry: 'e' }, sub: ['jade'] });
});

test('an hour is sixty real minutes also in the night the clocks go back', () => {
  const start = Date.parse('2026-11-01T01:30:00-04:00');
  const started = startRoomSession(
    { session: session({ minutes: 60 }), dancers: [HERE], entries: [] },
    asking({ now: start }),
  );
  expect(eventsOf(started)[0]?.body).toMatchObject({ plannedEnd: Date.parse('2026-11-01T01:30:00-05:00') });
});

test.each([
  [{ session: undefined }, 'session_unknown'],
  [{ session: RUNNING }, 'session_not_quoted'],
  [{ session: session({ state: 'CANCELLED' }) }, 'session_not_quoted'],
  [{ dancers: [HERE, { ...HERE, checkedIn: false }] }, 'not_checked_in'],
  [{ dancers: [{ ...HERE, inRoom: true }] }, 'in_room'],
] as const)('with %j no session starts: %s', (over, refusal) => {
  expect(startRoomSession({ session: session(), dancers: [HERE], entries: [], ...over }, asking())).toEqual(
    refuse(refusal),
  );
});

test('a quote can be dropped with a reason, a running session can not', () => {
  expect(eventOf(cancelQuote(session(), { reason: 'changed his mind' })).body).toEqual({
    session: 's',
    room: 'vip1',
    reason: 'changed his mind',
  });
  expect(cancelQuote(session(), { reason: ' ' })).toEqual(refuse('reason_missing'));
  expect(cancelQuote(RUNNING, { reason: 'x' })).toEqual(refuse('session_not_quoted'));
  expect(cancelQuote(undefined, { reason: 'x' })).toEqual(refuse('session_unknown'));
});

const EXTENDING = { session: RUNNING, rate: HALF_HOUR, taxBasisPoints: 0 };
const EXTEND = { rate: 'vip30', askedBy: 'guest', fromMinutes: RUNNING.minutes } as const;

test('an extension is a segment with its own price and consent, and the planned ends add up', () => {
  const { body } = eventOf(extendRoomSession(EXTENDING, EXTEND, asking()));
  expect(body).toEqual({
    session: 's',
    room: 'vip1',
    segment: 2,
    rate: 'vip30',
    minutes: 30,
    askedBy: 'guest',
    price: PRICE,
    plannedEnd: NOW + 60 * MINUTE,
  });
});

test('a price list that changes in the middle of a session touches its extension and not its quote', () => {
  const dearer = { ...HALF_HOUR, grossCents: 40_000 };
  expect(setPriceList({ houseFeeCents: 0, roomRates: [dearer] }).ok).toBe(true);
  const { price } = eventOf(extendRoomSession({ ...EXTENDING, rate: dearer }, EXTEND, asking())).body;
  expect(price.grossCents).toBe(40_000);
  const booked = addPrices(RUNNING.price, price);
  expect(booked.grossCents).toBe(68_000);
  expect(RUNNING.price).toEqual(PRICE);
});

test('a session runs eight hours at most, to the minute', () => {
  const from = (minutes: number) =>
    extendRoomSession(
      { ...EXTENDING, session: { ...RUNNING, minutes } },
      { ...EXTEND, fromMinutes: minutes },
      asking(),
    );
  expect(from(450).ok).toBe(true);
  expect(from(451)).toEqual(refuse('session_too_long'));
});

test.each([
  [{ session: undefined }, 'session_unknown'],
  [{ session: session() }, 'session_not_running'],
  [{ session: ENDED }, 'session_not_running'],
  [{ rate: undefined }, 'rate_unknown'],
] as const)('with %j nothing is extended: %s', (over, refusal) => {
  expect(extendRoomSession({ ...EXTENDING, ...over }, EXTEND, asking())).toEqual(refuse(refusal));
});

test('while the day closes nothing is extended', () => {
  expect(extendRoomSession(EXTENDING, EXTEND, asking({ day: CLOSING }))).toEqual(refuse('day_closing'));
});

test('overtime is flagged and changes no price', () => {
  const { body } = eventOf(endRoomSession(RUNNING, { reason: 'time' }, asking({ now: NOW + 37 * MINUTE })));
  expect(body).toEqual({
    session: 's',
    room: 'vip1',
    dancers: ['jade', 'ruby'],
    endedAt: NOW + 37 * MINUTE,
    overMs: 7 * MINUTE,
    reason: 'time',
  });
  expect('price' in body).toBe(false);
});

test.each(['guest', 'dancer', 'manager', 'safety'] as const)(
  'an early end because of the %s is no overtime and takes nothing from the shares',
  (reason) => {
    expect(eventOf(endRoomSession(RUNNING, { reason }, asking({ now: NOW + 3 * MINUTE }))).body.overMs).toBe(0);
    const { postings } = eventOf(
      settleRoomSession(
        { session: ENDED, drawerOpen: false, isDisputed: false, shortCents: 0 },
        { method: 'card', drawer: null, tipCents: 0 },
      ),
    ).body;
    expect(postings).toContainEqual({ account: 'dancer:jade', cents: -9_500 });
  },
);

test('a session is ended once', () => {
  expect(endRoomSession(undefined, { reason: 'time' }, asking())).toEqual(refuse('session_unknown'));
  expect(endRoomSession(session(), { reason: 'time' }, asking())).toEqual(refuse('session_not_running'));
  expect(endRoomSession(ENDED, { reason: 'time' }, asking())).toEqual(refuse('session_not_running'));
});

test("settling books everyone's part, and the odd cent of a tip is the first dancer's", () => {
  const { body } = eventOf(
    settleRoomSession(
      { session: ENDED, drawerOpen: true, isDisputed: false, shortCents: 0 },
      { method: 'cash', drawer: 'vip', tipCents: 5_001 },
    ),
  );
  expect(body.postings).toEqual([
    { account: 'cash_drawer:vip', cents: 33_001 },
    { account: 'room_income', cents: -9_000 },
    { account: 'dancer:jade', cents: -12_001 },
    { account: 'dancer:ruby', cents: -12_000 },
  ]);
});

test('a card needs no drawer, and goes to none that is named', () => {
  const { body } = eventOf(
    settleRoomSession(
      { session: ENDED, drawerOpen: false, isDisputed: false, shortCents: 0 },
      { method: 'card', drawer: 'vip', tipCents: 0 },
    ),
  );
  expect(body.postings[0]).toEqual({ account: 'card_clearing', cents: 28_000 });
});

test('cash needs a drawer that is open', () => {
  expect(
    settleRoomSession(
      { session: ENDED, drawerOpen: true, isDisputed: false, shortCents: 0 },
      { method: 'cash', drawer: null, tipCents: 0 },
    ),
  ).toEqual(refuse('drawer_not_open'));
  expect(
    settleRoomSession(
      { session: ENDED, drawerOpen: false, isDisputed: false, shortCents: 0 },
      { method: 'cash', drawer: 'vip', tipCents: 0 },
    ),
  ).toEqual(refuse('drawer_not_open'));
});

test.each(['QUOTED', 'RUNNING', 'SETTLED', 'CANCELLED'] as const)('a session that is %s is not settled', (state) => {
  expect(
    settleRoomSession(
      { session: session({ state }), drawerOpen: true, isDisputed: false, shortCents: 0 },
      { method: 'card', drawer: null, tipCents: 0 },
    ),
  ).toEqual(refuse('session_not_ended'));
});

test('any settlement sums to zero, with tax and tip and any number of dancers', () => {
  fc.assert(
    fc.property(
      rates,
      dancers,
      fc.integer({ min: 0, max: 3_000 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      (rate, who, tax, tipCents) => {
        const ended = { ...ENDED, dancers: who, price: priceOf(rate, who, tax) };
        const { postings } = eventOf(
          settleRoomSession(
            { session: ended, drawerOpen: true, isDisputed: false, shortCents: 0 },
            { method: 'cash', drawer: 'vip', tipCents },
          ),
        ).body;
        expect(postings.reduce((sum, { cents }) => sum + cents, 0)).toBe(0);
        const theirs = postings
          .filter(({ account }) => account.startsWith('dancer:'))
          .reduce((sum, { cents }) => sum - cents, 0);
        expect(theirs).toBe(ended.price.shares.reduce((sum, { cents }) => sum + cents, 0) + tipCents);
      },
    ),
  );
});

test('a room is cleaned when it waits to be', () => {
  expect(eventOf(cleanRoom({ room: 'CLEANING', session: 'SETTLED' }, { room: 'vip1' })).body).toEqual({ room: 'vip1' });
  expect(cleanRoom({ room: 'OCCUPIED', session: 'RUNNING' }, { room: 'vip1' })).toEqual(refuse('room_not_dirty'));
  expect(cleanRoom({ room: 'AVAILABLE', session: undefined }, { room: 'vip1' })).toEqual(refuse('room_not_dirty'));
  expect(cleanRoom({ room: undefined, session: undefined }, { room: 'vip1' })).toEqual(refuse('room_unknown'));
  expect(cleanRoom({ room: 'CLEANING', session: 'ENDED' }, { room: 'vip1' })).toEqual(refuse('room_session_open'));
});
