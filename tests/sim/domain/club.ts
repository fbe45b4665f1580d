import { parseLine } from '#shared/contract/event-line.ts';
import { openAssets } from '../../../edge-node/assets.ts';
import { CHECKS } from '../../../edge-node/checks.ts';
import { setClock, type SetClock } from '../../../edge-node/clock.ts';
import type { Edge } from '../../../edge-node/edge.ts';
import type { CommandInput, RoutedCommand } from '../../../edge-node/features/command.ts';
import type { Answer } from '../../../edge-node/log/answers.ts';
import { openEdge } from '../../../edge-node/open-edge.ts';
import type { Role } from '#shared/domain/event.ts';
import { must } from '../breaks.ts';
import type { Seeded } from '../../support/seeded.ts';
import { PIN } from './generate.ts';

/** Nine in the evening in New York, a week before the hour that comes twice. */
export const EVENING = Date.parse('2026-10-24T01:00:00Z');
const STAFF: readonly Role[] = ['owner', 'manager', 'door', 'vip_host', 'dj', 'house_mom', 'bartender'];
const DANCERS = 10;

export type SimClub = {
  readonly edge: Edge;
  readonly clock: SetClock;
  readonly staff: readonly { readonly staff: string; readonly roles: readonly Role[] }[];
  /** Whether a command wrote after this place; the box's own word on a clock that jumped is none. */
  readonly hasWritten: (after: number) => boolean;
  /** What threw inside the box; it goes on, and says no more than `box_fault`. */
  readonly broke: readonly string[];
  readonly give: <N extends RoutedCommand>(name: N, input: CommandInput<N>, by: string) => Promise<Answer>;
};

/** A small club in memory whose staff all have the same PIN: two stages, three rooms and drawers, ten dancers with their papers. */
export async function openSimClub(seed: Seeded): Promise<SimClub> {
  const clock = setClock({ wall: EVENING, mono: 1 }, 'b_domain');
  const broke: string[] = [];
  const edge = openEdge({
    file: ':memory:',
    assets: openAssets(),
    binding: null,
    clock,
    random: seed.bytes,
    clubKey: seed.bytes(32),
    node: { nodeId: 'n', keyThumbprint: 't' },
    demoCode: null,
    cloud: () => ({ link: 'off', waiting: 0, oldestMs: null }),
    mirror: null,
    replaces: null,
    checks: CHECKS,
    committed: () => undefined,
    broken: (error, what) => broke.push(`${what}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`),
  });
  let keys = 0;
  const give: SimClub['give'] = (name, input, by) => {
    keys += 1;
    const actor = { kind: 'staff', id: by, dev: 'tablet', auth: 'pin' } as const;
    return edge.command(name, input, { key: `key-${keys}`, actor });
  };
  const since = edge.sqlite.prepare<[number], string>('SELECT line FROM event WHERE pos > ?').pluck();
  const hasWritten = (after: number) => since.all(after).some((line) => parseLine(line).type !== 'clock.stepped');
  await edge.pairDevice({ name: 'Tablet', ceiling: 'floor' });
  return { edge, clock, staff: await setUp(give), hasWritten, broke, give };
}

async function setUp(give: SimClub['give']): Promise<SimClub['staff']> {
  const id = async <N extends RoutedCommand>(name: N, input: CommandInput<N>): Promise<string> => {
    const answer = await give(name, input, 'n');
    must(answer.ok, `${name} of the set-up was refused`);
    return answer.id;
  };
  const club = { name: 'C', tz: 'America/New_York', currency: 'USD', cutoffMinutes: 360, pack: 'generic' };
  await id('club.configure', { ...club, taxBasisPoints: 825 });
  const rates = [
    { rate: 'short', name: 'Short', minutes: 15, grossCents: 15_001, houseCents: 5_000 },
    { rate: 'long', name: 'Long', minutes: 60, grossCents: 50_003, houseCents: 17_500 },
  ];
  await id('price_list.set', { houseFeeCents: 6_001, roomRates: rates });
  for (const name of ['Main', 'Side']) await id('stage.add', { name, kind: 'main' });
  for (const name of ['One', 'Two', 'Three']) {
    await id('room.add', { name });
    await id('drawer.add', { name });
  }
  await id('area.add', { name: 'House', limit: 30 });
  for (let at = 0; at < DANCERS; at += 1) {
    const person = { legalName: 'A B', birthDate: '1990-02-28', engagement: 'lease' } as const;
    const dancer = await id('dancer.register', { ...person, stageName: `Dancer ${at}` });
    await id('credential.add', { dancer, kind: 'contract', issuer: 'C', expiresOn: null, verified: true });
  }
  const staff: { staff: string; roles: Role[] }[] = [];
  for (const role of STAFF)
    staff.push({ staff: await id('staff.add', { name: role, roles: [role], pin: PIN }), roles: [role] });
  return staff;
}
