import type { CommandInput, RoutedCommand } from '../../edge-node/features/command.ts';
import type { Edge } from '../../edge-node/edge.ts';
import type { Seeded } from '../support/seeded.ts';

/** One command as a tablet would give it: often right, sometimes too late, sometimes nonsense. */
export type Order = {
  readonly [N in RoutedCommand]: { readonly name: N; readonly input: CommandInput<N> };
}[RoutedCommand];
const order = <N extends RoutedCommand>(name: N, input: CommandInput<N>): Order =>
  ({ name, input }) as unknown as Order;

const REASONS = ['time', 'guest', 'dancer', 'manager', 'safety'] as const;
const RATES = [
  { rate: 'short', name: 'Short', minutes: 15, grossCents: 15_001, houseCents: 5_000 },
  { rate: 'long', name: 'Long', minutes: 60, grossCents: 50_003, houseCents: 17_500 },
];

/** A small club, set up by orders like any other. */
export function setUp(): readonly Order[] {
  return [
    order('club.configure', {
      name: 'Simulated',
      tz: 'America/New_York',
      currency: 'USD',
      cutoffMinutes: 360,
      pack: 'generic',
      taxBasisPoints: 825,
    }),
    order('price_list.set', { houseFeeCents: 6_000, roomRates: RATES }),
    order('staff.add', { name: 'Max', roles: ['manager'], pin: '2222' }),
    ...['Main', 'Side'].map((name) => order('stage.add', { name, kind: 'main' })),
    ...['One', 'Two', 'Three'].map((name) => order('room.add', { name })),
    ...['Door', 'Bar'].map((name) => order('drawer.add', { name })),
    ...Array.from({ length: 8 }, (_none, at) =>
      order('dancer.register', {
        stageName: `Dancer ${at}`,
        legalName: `Person ${at}`,
        birthDate: at === 7 ? '2015-01-01' : '1995-05-05',
        engagement: 'lease',
      }),
    ),
  ];
}

/** Papers, an open day, and the first dancers at work. */
export function openingNight({ reads }: Edge): readonly Order[] {
  const roster = reads.dancers.roster().map(({ dancer }) => dancer);
  const drawers = reads.club.drawers().map(({ drawer }) => drawer);
  const responsible = reads.club.everyStaff()[0]?.staff ?? 'nobody';
  return [
    order('day.open', { date: null }),
    ...drawers.map((drawer) => order('drawer.open', { drawer, responsible, bankCents: 100_000 })),
    ...roster.map((dancer) =>
      order('credential.add', { dancer, kind: 'contract', issuer: 'Club', expiresOn: null, verified: true }),
    ),
    ...roster.slice(0, 5).map((dancer) => order('attendance.check_in', { dancer })),
    ...roster
      .slice(0, 5)
      .map((dancer, at) => order('rotation.add', { stage: reads.club.stages()[at % 2]?.stage ?? 'nobody', dancer })),
  ];
}

/** The next order of somebody who looks at the club as it is. */
export function anyOrder(edge: Edge, seed: Seeded): Order {
  const open = edge.reads.day.open();
  if (!open) return seed.chance(0.8) ? order('day.open', { date: null }) : seed.pick(orders(edge, seed));
  if (seed.chance(0.01)) return order('day.begin_closing', {});
  if (open.state === 'CLOSING' && seed.chance(0.2)) return order('day.close', {});
  return seed.pick(orders(edge, seed));
}

function orders(edge: Edge, seed: Seeded): readonly Order[] {
  const { reads } = edge;
  const one = <T>(list: readonly T[], id: (item: T) => string): string =>
    list.length === 0 || seed.chance(0.03) ? 'nobody' : id(seed.pick(list));
  const dancer = one(reads.dancers.roster(), (row) => row.dancer);
  return [
    order('attendance.check_in', { dancer }),
    order('attendance.check_in', { dancer }),
    order('credential.add', {
      dancer,
      kind: 'contract',
      issuer: 'Club',
      expiresOn: seed.pick([null, '2026-11-21', '2030-01-01']),
      verified: seed.chance(0.9),
    }),
    order('attendance.check_out', { dancer }),
    order('attendance.settle', { dancer, drawer: one(reads.club.drawers(), (row) => row.drawer) }),
    ...feeOrders(edge, one, dancer),
    ...rotationOrders(edge, seed, { one, dancer }),
    ...roomOrders(edge, seed, one),
    ...drawerOrders(edge, seed, one),
  ];
}

type One = <T>(list: readonly T[], id: (item: T) => string) => string;

function feeOrders({ reads }: Edge, one: One, dancer: string): readonly Order[] {
  const fee = one(reads.attendance.owedBy(dancer), (row) => row.fee);
  return [
    order('house_fee.pay', { fee, drawer: one(reads.club.drawers(), (row) => row.drawer) }),
    order('house_fee.defer', { fee, reason: 'Later' }),
    order('house_fee.waive', { fee, reason: 'First night' }),
  ];
}

function rotationOrders(
  { reads }: Edge,
  seed: Seeded,
  { one, dancer }: { readonly one: One; readonly dancer: string },
): readonly Order[] {
  const entries = reads.rotation.all();
  const stages = reads.club.stages();
  const entry = one(entries, (row) => row.entry);
  const version = (reads.rotation.entry(entry)?.version ?? 0) - (seed.chance(0.2) ? 1 : 0);
  const sets = stages.flatMap(({ stage }) => reads.rotation.liveOnStage(stage) ?? []);
  return [
    order('rotation.add', { stage: one(stages, (row) => row.stage), dancer }),
    order('rotation.add', { stage: one(stages, (row) => row.stage), dancer }),
    order('rotation.move', {
      entry,
      afterEntry: seed.chance(0.3) ? null : one(entries, (row) => row.entry),
      version: Math.max(0, version),
    }),
    order('rotation.move', { entry, afterEntry: null, version: Math.max(0, version) }),
    order('rotation.call', { entry, away: seed.between(0, 3) }),
    order('rotation.miss', { entry }),
    order('rotation.remove', { entry, reason: 'dj' }),
    order('stage_set.start', { entry }),
    order('stage_set.end', { set: one(sets, (row) => row.set), outcome: 'COMPLETED' }),
  ];
}

function roomOrders({ reads }: Edge, seed: Seeded, one: One): readonly Order[] {
  const room = one(reads.club.rooms(), (row) => row.room);
  const session = one(reads.rooms.open(), (row) => row.session);
  const dancers = Array.from({ length: seed.between(1, 3) }, () => one(reads.dancers.roster(), (row) => row.dancer));
  const rate = seed.pick(['short', 'long', 'none']);
  const cash = seed.chance(0.5);
  return [
    order('room_session.quote', { room, rate, dancers }),
    order('room_session.start', { session }),
    order('room_session.start', { session }),
    order('room_session.cancel', { session, reason: 'Changed his mind' }),
    order('room_session.extend', {
      session,
      rate,
      askedBy: 'guest',
      fromMinutes: reads.rooms.session(session)?.minutes ?? 30,
    }),
    order('room_session.end', { session, reason: seed.pick(REASONS) }),
    order('room_session.settle', {
      session,
      method: cash ? 'cash' : 'card',
      drawer: cash ? one(reads.club.drawers(), (row) => row.drawer) : null,
      tipCents: seed.between(0, 999),
    }),
    order('room.clean', { room }),
  ];
}

function drawerOrders({ reads }: Edge, seed: Seeded, one: One): readonly Order[] {
  const drawer = one(reads.club.drawers(), (row) => row.drawer);
  const all = [
    order('drawer.open', { drawer, responsible: one(reads.club.everyStaff(), (row) => row.staff), bankCents: 100_000 }),
    order('drawer.open', { drawer, responsible: one(reads.club.everyStaff(), (row) => row.staff), bankCents: 100_000 }),
    order('drawer.drop', { drawer, cents: seed.between(1, 50_000) }),
  ];
  return seed.chance(0.2)
    ? [
        ...all,
        order('drawer.count', { drawer, countedCents: seed.between(90_000, 110_000) }),
        order('drawer.close', { drawer }),
      ]
    : all;
}
