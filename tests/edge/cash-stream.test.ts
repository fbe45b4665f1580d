import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openAssets } from '../../edge-node/assets.ts';
import { CHECKS } from '../../edge-node/checks.ts';
import { setClock } from '../../edge-node/clock.ts';
import type { Edge } from '../../edge-node/edge.ts';
import type { CommandInput, RoutedCommand } from '../../edge-node/features/command.ts';
import { openEdge } from '../../edge-node/open-edge.ts';
import { newKey } from '../support/key.ts';
import { NINE_PM } from '../support/night.ts';
import { sumOfPostings } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

const PIN = '1234';
const DANCERS = 3;
const DRAWERS = 2;
const STAFF = 3;

/** One command about cash: what it is, which of the things it is about, by whom, and for how much. */
const step = fc.record({
  kind: fc.constantFrom(
    'open',
    'sell',
    'sell',
    'propose',
    'acknowledge',
    'pay_tip',
    'owed',
    'force_close',
    'reopen',
    'open_day',
    'open_day',
    'open',
    'drop',
    'pay_in',
    'pay_out',
    'no_sale',
    'count',
    'recount',
    'explain',
    'hand_over',
    'close',
    'sell',
    'settle',
    'owed',
    'propose',
    'acknowledge',
    'pay_tip',
    'decline',
    'adjust',
    'limits',
    'begin_closing',
    'force_close',
    'end_night',
    'reopen',
    'open_day',
  ),
  of: fc.nat(5),
  by: fc.nat(STAFF - 1),
  cents: fc.integer({ min: 1, max: 30_000 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

type Small = {
  readonly edge: Edge;
  readonly staff: readonly string[];
  readonly dancers: readonly string[];
  readonly drawers: readonly string[];
  readonly tips: string[];
  readonly give: <N extends RoutedCommand>(name: N, input: CommandInput<N>, by: string) => Promise<string | null>;
};

/** A club in memory with a night open: an owner, a bartender, a DJ, two drawers, three dancers. */
async function smallClub(): Promise<Small> {
  const edge = openEdge({
    file: ':memory:',
    assets: openAssets(),
    binding: null,
    clock: setClock({ wall: NINE_PM, mono: 1 }, 'b_stream'),
    random: randomBytes,
    clubKey: randomBytes(32),
    node: { nodeId: 'n', keyThumbprint: 't' },
    demoCode: null,
    cloud: () => ({ link: 'off', waiting: 0, oldestMs: null }),
    mirror: null,
    replaces: null,
    checks: CHECKS,
    committed: () => undefined,
    broken: (error) => {
      throw error;
    },
  });
  const give: Small['give'] = async (name, input, by) => {
    const actor = { kind: 'staff', id: by, dev: 'tablet', auth: 'pin' } as const;
    const answer = await edge.command(name, input, { key: newKey(), actor });
    expect(answer).not.toMatchObject({ refusal: 'box_fault' });
    return answer.ok ? answer.id : null;
  };
  const club = { name: 'C', tz: 'America/New_York', currency: 'USD', cutoffMinutes: 360, pack: 'generic' };
  await give('club.configure', { ...club, taxBasisPoints: 825 }, 'n');
  const rate = { rate: 'vip', name: 'VIP', minutes: 1, grossCents: 10_001, houseCents: 3_334 };
  await give('price_list.set', { houseFeeCents: 2_001, roomRates: [rate] }, 'n');
  const made = async (name: string, at: number): Promise<string> => {
    const roles = [(['owner', 'bartender', 'dj'] as const)[at] ?? 'dj'];
    return (await give('staff.add', { name, roles, pin: PIN }, 'n')) ?? '';
  };
  const staff = [await made('A', 0), await made('B', 1), await made('C', 2)];
  const dancers: string[] = [];
  for (let at = 0; at < DANCERS; at += 1) {
    const person = { stageName: `D${at}`, legalName: 'A B', birthDate: '1990-01-01', engagement: 'lease' } as const;
    const dancer = (await give('dancer.register', person, 'n')) ?? '';
    const contract = { kind: 'contract', issuer: 'C', expiresOn: null, verified: true } as const;
    await give('credential.add', { dancer, ...contract }, 'n');
    dancers.push(dancer);
  }
  const drawers: string[] = [];
  for (let at = 0; at < DRAWERS; at += 1) {
    drawers.push((await give('drawer.add', { name: `T${at}` }, 'n')) ?? '');
    await give('room.add', { name: `R${at}` }, 'n');
  }
  await give('day.open', { date: null }, 'n');
  return { edge, staff, dancers, drawers, tips: [], give };
}

async function take(small: Small, { kind, of, by: who, cents }: Step): Promise<void> {
  const { edge, give, staff, tips } = small;
  const by = staff[who] ?? '';
  const drawer = small.drawers[of % DRAWERS] ?? '';
  const dancer = small.dancers[of % DANCERS] ?? '';
  const tip = tips[of % Math.max(1, tips.length)] ?? 'none';
  const other = { staff: staff[(who + 1) % STAFF] ?? '', pin: PIN };
  const reason = 'why';
  const steps: { readonly [K in Step['kind']]: () => Promise<unknown> } = {
    open: () => give('drawer.open', { drawer, responsible: by, bankCents: cents }, by),
    drop: () => give('drawer.drop', { drawer, cents }, by),
    pay_in: () => give('drawer.pay_in', { drawer, cents, reason }, by),
    pay_out: () => give('drawer.pay_out', { drawer, cents, reason, approver: of > 2 ? other : null }, by),
    no_sale: () => give('drawer.no_sale', { drawer, reason }, by),
    count: () => give('drawer.count', { drawer, countedCents: cents }, by),
    recount: () => give('drawer.recount', { drawer, countedCents: cents }, by),
    explain: () => give('drawer.explain', { drawer, reason }, by),
    hand_over: () => give('drawer.hand_over', { drawer, countedCents: cents, receiver: other }, by),
    close: () => give('drawer.close', { drawer }, by),
    sell: () => sell(small, { dancer, drawer: of > 3 ? null : drawer, tipCents: cents }),
    settle: async () => {
      const tonight = edge.reads.attendance.ofNight(dancer, edge.reads.day.open()?.day);
      for (const { fee } of edge.reads.attendance.feesOf(tonight?.attendance ?? ''))
        await give('house_fee.defer', { fee, reason }, by);
      await give('attendance.check_out', { dancer }, by);
      if (of > 1) await give('attendance.settle', { dancer, drawer }, by);
    },
    owed: () => {
      const isAway = (one: string) => !edge.reads.attendance.ofNight(one, edge.reads.day.open()?.day);
      const carried = edge.reads.ledger.ofDancers().find((one) => one.cents < 0 && isAway(one.dancer));
      const open = small.drawers.find((one) => edge.reads.drawers.isOpen(one)) ?? drawer;
      return give(
        'dancer.pay_out',
        { dancer: carried?.dancer ?? dancer, cents: (cents % 2_000) + 1, drawer: open },
        by,
      );
    },
    propose: async () => {
      const born = await give('tip_out.propose', { dancer, to: other.staff, cents }, by);
      if (born !== null) tips.push(born);
    },
    acknowledge: () => give('tip_out.acknowledge', { tip }, edge.reads.cash.tipOut(tip)?.to ?? by),
    pay_tip: () => give('tip_out.pay', { tip, drawer: of > 3 ? null : drawer }, by),
    decline: () => give('tip_out.decline', { tip }, by),
    adjust: () => {
      const lines = [
        { account: 'safe', cents },
        { account: of > 3 ? 'over_short' : `dancer:${dancer}`, cents: -cents },
      ];
      return give('ledger.adjust', { corrects: null, reason, postings: lines }, by);
    },
    limits: () => give('cash_limits.set', { paidOutCents: cents, overShortCents: cents, drawerCents: null }, by),
    begin_closing: () => give('day.begin_closing', {}, by),
    force_close: async () => {
      await give('day.begin_closing', {}, by);
      await give('day.force_close', { reason }, by);
    },
    end_night: () => give('day.close', {}, by),
    reopen: () => give('day.reopen', { night: edge.reads.day.nights()[0]?.day ?? '', reason }, by),
    open_day: () => give('day.open', { date: edge.reads.day.nights().length === 1 ? '2026-11-22' : null }, by),
  };
  await steps[kind]();
}

type Sale = { readonly dancer: string; readonly drawer: string | null; readonly tipCents: number };

async function sell({ edge, give }: Small, { dancer, drawer, tipCents }: Sale): Promise<void> {
  const room = edge.reads.club.rooms().find(({ state }) => state === 'AVAILABLE')?.room ?? 'none';
  await give('attendance.check_in', { dancer }, 'n');
  const session = (await give('room_session.quote', { room, rate: 'vip', dancers: [dancer] }, 'n')) ?? 'none';
  await give('room_session.start', { session }, 'n');
  await give('room_session.end', { session, reason: 'guest' }, 'n');
  const method = drawer === null ? 'card' : 'cash';
  await give('room_session.settle', { session, method, drawer, tipCents }, 'n');
  await give('room.clean', { room }, 'n');
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  none: ['OPENED'],
  OPENED: ['COUNTED', 'CLOSED', 'OPENED'],
  COUNTED: ['CLOSED'],
  CLOSED: ['OPENED'],
};

const statesOf = ({ edge, drawers }: Small): readonly string[] =>
  drawers.map((drawer) => edge.reads.drawers.session(drawer)?.state ?? 'none');

/** What does not hold after a step, in words; empty where all is well. */
function faults({ edge, drawers }: Small, before: readonly string[], now: readonly string[]): readonly string[] {
  const open = edge.reads.day.nights().filter(({ state }) => state !== 'CLOSED').length;
  const found = drawers.flatMap((drawer, at) => {
    const [was, is] = [before[at] ?? 'none', now[at] ?? 'none'];
    const cents = edge.reads.ledger.balanceCents(`cash_drawer:${drawer}`);
    const { expectedCents = 0, overShortCents = 0 } = edge.reads.reports.drawer(drawer) ?? {};
    const reported = is === 'OPENED' ? expectedCents : is === 'COUNTED' ? expectedCents + (overShortCents ?? 0) : 0;
    return [
      was === is || NEXT[was]?.includes(is) ? '' : `a drawer went from ${was} to ${is}`,
      cents < 0 ? `a drawer has ${cents} cents` : '',
      cents === reported ? '' : `a drawer that is ${is} has ${cents} cents, its report says ${reported}`,
    ];
  });
  return [...found, open > 1 ? 'two nights are open' : ''].filter((fault) => fault !== '');
}

test('whatever happens with cash: the ledger is zero, no drawer leaves its states, reports say what the ledger says, a replay gives the tables', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 100 }), async (steps) => {
      const small = await smallClub();
      try {
        let states: readonly string[] = [];
        for (const one of steps) {
          await take(small, one);
          const now = statesOf(small);
          expect(faults(small, states, now)).toEqual([]);
          states = now;
        }
        const { sqlite } = small.edge;
        expect(sumOfPostings(sqlite)).toBe(0);
        expect(sqlite.prepare('SELECT count(*) FROM posting WHERE day IS NULL').pluck().get()).toBe(0);
        expectWhole({ edge: { sqlite } });
        for (const type of sqlite.prepare<[], string>("SELECT DISTINCT line ->> '$.type' FROM event").pluck().all())
          seen.add(type);
      } finally {
        await small.edge.close();
      }
    }),
    { numRuns: 20, seed: 20_261_123 },
  );
  // The stream reaches what it is about.
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'drawer.handed_over',
      'drawer.recounted',
      'drawer.paid_out',
      'tip_out.paid',
      'dancer.paid_out',
      'day.force_closed',
      'day.reopened',
      'ledger.adjusted',
    ]),
  );
}, 120_000);
