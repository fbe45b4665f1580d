import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { EVENT_BODIES } from '#shared/contract/event-schemas.ts';
import type { EventType } from '#shared/domain/event.ts';
import { BUILT_IN_PACKS } from '#shared/domain/policy-pack.ts';
import type { CommandInput, RoutedCommand } from '../../edge-node/features/command.ts';
import { nodeActor } from '../../edge-node/give.ts';
import { newKey } from '../support/key.ts';
import { openClub, pass, type Club } from '../support/night.ts';
import { playRandomly } from '../support/random-night.ts';
import { seeded, type Seeded } from '../support/seeded.ts';
import { linesOf } from '../support/verify-log.ts';
import { CORPUS, fileOf, goldenHash, HASHES, HISTORY, LINES_A_TYPE, SHIPPED } from './corpus.ts';
import { fromSchema } from './from-schema.ts';

const NIGHTS = 12;
const TURNS = 400;

/** Makes the corpus's missing files from nights that a real node played; what was made once is left as it is. */
async function make(): Promise<void> {
  mkdirSync(CORPUS, { recursive: true });
  const missing = SHIPPED.filter(({ name }) => !existsSync(fileOf(name)));
  if (missing.length === 0 && existsSync(fileOf(HISTORY))) return;
  const histories: (readonly string[])[] = [];
  for (let seed = 1; seed <= NIGHTS; seed += 1) histories.push(await oneHistory(seed));
  if (!existsSync(fileOf(HISTORY))) keep(HISTORY, histories[0] ?? []);
  const played = [...new Set(histories.flat())];
  for (const { name, type, tv } of missing) {
    const picked = spread(
      played.filter((line) => isOf(line, type, tv)),
      LINES_A_TYPE,
    );
    const made = Array.from({ length: LINES_A_TYPE - picked.length }, (_, at) => oneLine(type, tv, at));
    keep(name, [...picked, ...made]);
    process.stdout.write(`${name}: ${picked.length} played, ${made.length} from the schema\n`);
  }
}

function keep(name: string, lines: readonly string[]): void {
  const hashes = existsSync(HASHES) ? (JSON.parse(readFileSync(HASHES, 'utf8')) as Record<string, string>) : {};
  writeFileSync(fileOf(name), lines.map((line) => `${line}\n`).join(''));
  const all = Object.entries({ ...hashes, [name]: goldenHash(name, lines) }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(HASHES, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}

function isOf(line: string, type: EventType, tv: number): boolean {
  const read = JSON.parse(line) as { readonly type: string; readonly tv: number };
  return read.type === type && read.tv === tv;
}

function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, at) => list[Math.floor((at * list.length) / most)] as T);
}

/** A club from its set-up on, with two nights and all that happens between and beside them. */
async function oneHistory(seed: number): Promise<readonly string[]> {
  const club = await openClub();
  const random = seeded(seed);
  await playRandomly(club, seed, TURNS);
  await beside(club, random);
  await papers(club);
  await withCash(club, random);
  pass(club.clock, 60_000);
  await playRandomly(club, seed + 1_000, TURNS / 4);
  await give(club, 'day.begin_closing', {});
  await closeAll(club);
  await give(club, 'day.close', {});
  club.clock.set({ wall: club.clock.wall() + 3_600_000, mono: club.clock.mono() + 1_000 });
  await give(club, 'day.open', { date: null });
  const lines = linesOf(club.edge.sqlite).map(({ line }) => line);
  await club.close();
  return lines;
}

function give<N extends RoutedCommand>(club: Club, name: N, input: CommandInput<N>) {
  return club.edge.command(name, input, { key: newKey(), actor: nodeActor('golden') });
}

/** What a night of the floor does not bring about by itself. */
async function beside(club: Club, random: Seeded): Promise<void> {
  const { edge, dancers } = club;
  for (const dancer of dancers.slice(30, 40)) {
    await give(club, 'dancer.note', { dancer, text: `note ${random.between(1, 999)}` });
    const kind = random.pick(['banned', 'suspended', 'licence_expired', 'under_age'] as const);
    const restricted = await give(club, 'dancer.restrict', { dancer, kind, reason: 'seen' });
    if (restricted.ok) await give(club, 'dancer.lift_restriction', { restriction: restricted.id, reason: 'cleared' });
    await give(club, 'dancer.rename', { dancer, stageName: `Nova ${random.between(1, 9_999)}` });
    const paired = await edge.pairDevice({ name: 'Tablet', ceiling: random.pick(['door', 'floor', 'dj', 'office']) });
    if (typeof paired === 'object') await give(club, 'device.revoke', { device: paired.device });
    await give(club, 'room.add', { name: `Back ${dancer.slice(-6)}` });
    await give(club, 'stage.add', { name: `Podium ${dancer.slice(-6)}`, kind: 'podium' });
    await give(club, 'drawer.add', { name: `Till ${dancer.slice(-6)}` });
  }
  await atTheDoor(club, random);
  await inRotation(club, random);
  await forSafety(club, random);
  await playRandomly(club, random.between(1, 1_000_000), TURNS / 4);
}

async function inRotation(club: Club, random: Seeded): Promise<void> {
  const { reads } = club.edge;
  const stages = reads.club.stages().map(({ stage }) => stage);
  for (let turn = 0; turn < 200; turn += 1) {
    pass(club.clock, random.between(1, 60) * 1_000);
    const one = random.pick([{ entry: 'x', dancer: 'x' }, ...reads.rotation.all()]);
    const stage = random.pick(stages);
    const set = reads.rotation.liveOnStage(stage)?.set ?? 'x';
    const songs = Array.from({ length: random.between(0, 3) }, (_, at) => ({ track: `t${at}`, title: `Song ${at}` }));
    const feature = reads.rotation.features().at(-1)?.feature ?? 'x';
    const dancer = random.pick(club.dancers.slice(0, 16));
    const showsAt = club.clock.wall() + 30_000;
    const timeout = { songsPerSet: 3, callTimeoutS: random.between(30, 300) };
    await give(club, 'rotation.configure', { mode: reads.rotation.setting().mode, ...timeout });
    await random.pick([
      () => give(club, 'rotation.run_calls', { stage }),
      () => give(club, 'rotation.acknowledge', { entry: one.entry }),
      () => give(club, 'rotation.skip', { entry: one.entry, reason: random.pick(['break', 'manager', 'dj']) }),
      () => give(club, 'rotation.plan', { entry: one.entry, songs }),
      () => give(club, 'attendance.check_in', { dancer }),
      () => give(club, 'rotation.add', { stage, dancer }),
      () => give(club, 'stage_set.start', { entry: one.entry }),
      () => give(club, 'stage_set.join', { set, entry: one.entry }),
      () => give(club, 'stage_set.end', { set, outcome: 'COMPLETED' }),
      () => give(club, 'stage.close', { stage, into: null }),
      () => give(club, 'stage.open', { stage }),
      () => give(club, 'feature.schedule', { stage, dancer: one.dancer, showsAt }),
      () => give(club, 'feature.start', { feature }),
      () => give(club, 'feature.cancel', { feature }),
    ])();
  }
}

async function atTheDoor(club: Club, random: Seeded): Promise<void> {
  const patio = await give(club, 'area.add', { name: `Patio ${random.between(1, 999)}`, limit: 40 });
  const [house, other] = [club.edge.reads.door.areas(undefined)[0]?.area ?? '', patio.ok ? patio.id : ''];
  const drawer = club.drawers.find((one) => club.edge.reads.drawers.isOpen(one)) ?? null;
  const free = { paidCents: 0, method: null, drawer: null, reason: null, approver: null } as const;
  for (let turn = 0; turn < 20; turn += 1) {
    const counted = { count: random.between(1, 12), countedAt: random.chance(0.5) ? club.clock.wall() : null };
    const kind = random.pick(['entry', 'reentry'] as const);
    const category = random.pick(['vip', 'staff', 'vendor'] as const);
    const paid =
      drawer !== null && random.chance(0.6) ? { method: 'cash' as const, drawer } : { method: 'card' as const };
    await give(club, 'door.enter', {
      area: house,
      kind,
      category: 'paying',
      ...free,
      ...counted,
      ...paid,
      paidCents: 2_000,
    });
    await give(club, 'door.enter', { area: house, kind, category, ...free, ...counted });
    await give(club, 'door.move', { from: house, to: other, ...counted });
    await give(club, 'door.leave', { area: random.pick([house, other]), ...counted });
    const because = random.pick(['no_id', 'under_age', 'intoxicated', 'capacity'] as const);
    await give(club, 'door.refuse', {
      area: house,
      count: 1,
      because,
      blocklistEntry: null,
      text: 'by the look of it',
    });
    await give(club, 'occupancy.correct', { area: other, counted: random.between(0, 60), reason: 'heads counted' });
    await give(club, 'area.set_limit', { area: other, limit: random.between(20, 80) });
  }
}

async function forSafety(club: Club, random: Seeded): Promise<void> {
  const night = club.edge.reads.day.open()?.day ?? null;
  const happenedAt = club.clock.wall();
  for (const dancer of club.dancers.slice(0, 5)) {
    const kind = random.pick(['assault', 'injury', 'theft', 'trafficking_concern'] as const);
    const where = { room: random.pick(club.rooms), session: null, dancers: [dancer], night, happenedAt };
    const told = {
      kind,
      severity: 'medium',
      policeCalled: random.chance(0.5),
      text: 'what happened',
      people: null,
    } as const;
    const incident = await give(club, 'incident.report', { ...where, ...told });
    const record = incident.ok ? incident.id : '';
    await give(club, 'incident.review', { record });
    await give(club, 'record.note', { record, text: 'a follow-up' });
    await give(club, 'incident.close', { record, outcome: 'how it ended' });
    await club.edge.openRecord(record, { roles: ['owner'], actor: nodeActor('golden') });
    const complaint = await give(club, 'complaint.log', {
      night,
      dancer,
      allegation: 'harassment',
      happenedOn: '2026-11-20',
      statement: 'none',
      sameCustomerAs: null,
      customer: 'a tall man',
      text: 'what he did',
    });
    const from = complaint.ok ? complaint.id : '';
    await give(club, 'complaint.judge', { record: from, isCredible: random.chance(0.5), explanation: 'why' });
    const ban = await give(club, 'blocklist_entry.add', {
      complaint: from,
      evidence: 'house_decision',
      incidentOn: '2026-11-20',
      expiresOn: '2027-11-20',
      reviewOn: null,
      scope: 'club',
      name: null,
      description: 'a tall man',
    });
    const entry = ban.ok ? ban.id : '';
    await give(club, 'blocklist_entry.review', {
      record: entry,
      expiresOn: null,
      reviewOn: '2027-05-01',
      reason: 'why',
    });
    await give(club, 'blocklist_entry.lift', { record: entry, reason: 'why' });
    await give(club, 'site_visit.record', {
      night,
      agency: 'The city',
      purpose: 'routine',
      arrivedAt: happenedAt,
      shown: ['the daily log'],
      copyHash: null,
      officer: 'An Officer',
      badge: '17',
      remarks: null,
      signature: 'M0 0L9 9',
    });
    const course = { person: dancer, course: 'pre_work', completedOn: '2026-11-01', expiresOn: '2027-11-01' } as const;
    await give(club, 'training.record', { ...course, evidence: null });
    const button = { room: random.pick(club.rooms), place: null, isSilent: true, isLocated: true } as const;
    await give(club, 'safety_test.record', { ...button, isLatched: random.chance(0.8), remarks: null });
  }
}

/** A drawer's life, tip-outs, a payout of an earlier night, adjustments; then the night is forced to its end and looked at again. */
async function withCash(club: Club, random: Seeded): Promise<void> {
  const { edge, owner, dancers } = club;
  const { reads } = edge;
  const [, bartender, dj] = [owner.staff, staffNamed(club, 'Ben'), staffNamed(club, 'DJ')];
  const reason = random.pick(['change for a guest', 'ice, and "limes"', 'taxi']);
  await give(club, 'cash_limits.set', {
    paidOutCents: random.between(1, 9) * 1_000,
    overShortCents: null,
    drawerCents: 90_000,
  });
  for (const [at, drawer] of club.drawers.slice(1, 3).entries()) {
    await give(club, 'drawer.open', { drawer, responsible: bartender, bankCents: 90_000 });
    await give(club, 'drawer.pay_in', { drawer, cents: random.between(1, 5_000), reason });
    await give(club, 'drawer.pay_out', { drawer, cents: random.between(1, 900), reason, approver: null });
    await give(club, 'drawer.no_sale', { drawer, reason });
    const held = () => reads.ledger.balanceCents(`cash_drawer:${drawer}`);
    const receiver = { staff: owner.staff, pin: '1111' };
    await as(club, bartender, 'drawer.hand_over', { drawer, countedCents: held() - random.between(0, 200), receiver });
    await give(club, 'drawer.count', { drawer, countedCents: held() - random.between(0, 200) });
    await as(club, owner.staff, 'drawer.recount', { drawer, countedCents: held() + random.between(1, 200) });
    await give(club, 'drawer.explain', { drawer, reason });
    if (at === 0) await give(club, 'drawer.close', { drawer });
  }
  const drawer = club.drawers[1] ?? '';
  await give(club, 'drawer.open', { drawer, responsible: bartender, bankCents: 900_000 });
  for (const dancer of dancers.slice(0, 12)) {
    const proposed = await give(club, 'tip_out.propose', { dancer, to: dj, cents: random.between(1, 9) * 100 });
    const tip = proposed.ok ? proposed.id : '';
    await as(club, dj, 'tip_out.acknowledge', { tip });
    await give(club, 'tip_out.pay', { tip, drawer: random.pick([null, drawer]) });
    await as(club, dj, 'tip_out.decline', { tip });
    const postings = [
      { account: `dancer:${dancer}`, cents: -random.between(5_000, 9_000) },
      { account: 'room_income', cents: 0 },
    ].map((one, _at, [first]) => (one.cents === 0 ? { ...one, cents: -(first?.cents ?? 0) } : one));
    await give(club, 'ledger.adjust', { corrects: null, reason, postings });
  }
  await give(club, 'day.begin_closing', {});
  await give(club, 'day.force_close', { reason: 'nobody closed' });
  await give(club, 'day.reopen', { night: reads.day.nights()[0]?.day ?? '', reason: 'a drawer was forgotten' });
  await closeAll(club);
  await give(club, 'day.close', {});
  club.clock.set({ wall: club.clock.wall() + 86_400_000, mono: club.clock.mono() + 1_000 });
  await give(club, 'day.open', { date: null });
  await give(club, 'drawer.open', { drawer, responsible: bartender, bankCents: 900_000 });
  for (const dancer of dancers.slice(12, 24)) {
    const postings = [
      { account: `dancer:${dancer}`, cents: -7_000 },
      { account: 'safe', cents: 7_000 },
    ];
    await give(club, 'ledger.adjust', { corrects: null, reason, postings });
    await give(club, 'dancer.pay_out', { dancer, cents: random.between(1, 7_000), drawer });
  }
  await give(club, 'drawer.count', { drawer, countedCents: reads.drawers.openCents(drawer) ?? 0 });
  await give(club, 'drawer.close', { drawer });
}

const staffNamed = ({ edge }: Club, first: string): string =>
  edge.reads.club.everyStaff().find(({ name }) => name.startsWith(first))?.staff ?? '';

function as<N extends RoutedCommand>(club: Club, staff: string, name: N, input: CommandInput<N>) {
  const actor = { kind: 'staff', id: staff, dev: 'golden', auth: 'pin' } as const;
  return club.edge.command(name, input, { key: newKey(), actor });
}

/** Papers of some dancers, and rules for nights to come. */
async function papers(club: Club): Promise<void> {
  const kinds = ['work_card', 'adult_permit', 'training', 'provisional_card'] as const;
  const birthDate = '1996-02-29';
  for (let at = 0; at < 12; at += 1) {
    const person = { legalName: 'A Person', birthDate, engagement: 'employee' } as const;
    const registered = await give(club, 'dancer.register', { stageName: `Paper ${at}`, ...person });
    const dancer = registered.ok ? registered.id : '';
    const kind = kinds[at % kinds.length] ?? 'contract';
    const paper = { issuer: 'Sheriff', issuedOn: '2025-12-01', expiresOn: `2026-12-${10 + at}`, number: `W-${at}` };
    const added = await give(club, 'credential.add', { dancer, kind, ...paper, verified: false });
    const credential = added.ok ? added.id : '';
    await give(club, 'credential.verify', { credential });
    if (at % 2 === 0) await give(club, 'credential.suspend', { credential, endedBy: 'issuer' });
    if (at % 3 === 0) await give(club, 'credential.renew', { credential, ...paper, verified: true });
    await give(club, 'credential.revoke', { credential, endedBy: at % 4 === 0 ? 'police' : 'club' });
    const seen = { document: 'passport', issuer: 'US', last4: String(1_000 + at), expiresOn: null } as const;
    await give(club, 'identity.check', { dancer, ...seen, birthDate });
    const effectiveFrom = `2027-01-${10 + at}`;
    const [pack] = BUILT_IN_PACKS;
    const next = { ...structuredClone(pack), version: at + 2, effectiveFrom } as Pack;
    await give(club, 'policy_pack.install', { pack: next });
    await give(club, 'club_policy.set', {
      pack: BUILT_IN_PACKS[at % BUILT_IN_PACKS.length]?.pack ?? '',
      effectiveFrom,
      servesAlcohol: at % 2 === 0,
      minimumAgeYears: at % 3 === 0 ? 21 + at : null,
    });
  }
}
type Pack = CommandInput<'policy_pack.install'>['pack'];

async function closeAll(club: Club): Promise<void> {
  const { reads } = club.edge;
  for (const { session, state } of reads.rooms.open()) {
    if (state === 'QUOTED') await give(club, 'room_session.cancel', { session, reason: 'closing' });
    if (state === 'RUNNING') await give(club, 'room_session.end', { session, reason: 'manager' });
    await give(club, 'room_session.settle', { session, method: 'card', drawer: null, tipCents: 0 });
  }
  for (const { set } of reads.rotation.all().flatMap(({ stage }) => reads.rotation.liveOnStage(stage) ?? []))
    await give(club, 'stage_set.end', { set, outcome: 'CUT_SHORT' });
  const drawer = club.drawers[3] ?? '';
  await give(club, 'drawer.open', { drawer, responsible: club.owner.staff, bankCents: 5_000_000 });
  for (const dancer of club.dancers) await give(club, 'attendance.check_out', { dancer });
  for (const dancer of club.dancers) await give(club, 'attendance.settle', { dancer, drawer });
  for (const one of club.drawers) {
    await give(club, 'drawer.count', { drawer: one, countedCents: reads.drawers.openCents(one) ?? 0 });
    await give(club, 'drawer.close', { drawer: one });
  }
}

function oneLine(type: EventType, tv: number, at: number): string {
  const random = seeded(type.length * 1_000 + at);
  const id = `01a2056f-${String(at).padStart(4, '0')}-72ec-a95d-${random.bytes(6).toString('hex')}`;
  const wall = 1_795_387_501_508 + at * 1_000;
  return JSON.stringify({
    v: 1,
    seq: at + 1,
    id,
    type,
    tv,
    at: { wall, off: -480, mono: 1_200 + at, boot: 'b_golden', clk: 'local' },
    day: null,
    actor: { kind: 'node', id: 'golden', dev: null, auth: 'node' },
    cmd: `golden-${at}`,
    sub: [],
    body: fromSchema(EVENT_BODIES[type], random),
  });
}

await make();
