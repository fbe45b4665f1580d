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
  await playRandomly(club, random.between(1, 1_000_000), TURNS / 4);
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
