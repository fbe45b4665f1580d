import { isDeepStrictEqual } from 'node:util';
import { COMMAND_ROUTES } from '#shared/contract/api.ts';
import { addDays, proposedDate } from '#shared/domain/calendar.ts';
import { BUILT_IN_PACKS } from '#shared/domain/policy-pack.ts';
import { REFUSALS } from '#shared/domain/refusal.ts';
import { RIGHTS } from '#shared/domain/rights.ts';
import type { Opened } from '../../../edge-node/db/open.ts';
import type { CommandInput, RoutedCommand } from '../../../edge-node/features/command.ts';
import { seeded, type Seeded } from '../../support/seeded.ts';
import { Breach, must } from '../breaks.ts';
import { openSimClub, type SimClub } from './club.ts';
import { object, type Maker, type Schema } from './generate.ts';
import { openWatch } from './invariants.ts';
import { openNights } from './nights.ts';
import { openPools } from './pools.ts';

/** So many commands see one club, about ten nights; then a new one begins, so that the tables stay small. */
const CLUB_COMMANDS = 10_000;
const NIGHT_COMMANDS = 1_000;
/** So many before its end a night begins to close. */
const CLOSING_COMMANDS = 150;
/** So long a night that was opened again stays open. */
const REOPENED_COMMANDS = 60;
const CHECK_EVERY = 25;
const REFRESH_EVERY = 10;

/** What a night does seldom, as it changes what the club is, ends the night, or costs a PIN's hash. */
const SELDOM = new Set<string>(
  `
    club.configure staff.add stage.add room.add drawer.add area.add area.set_limit policy_pack.install club_policy.set price_list.set
    device.revoke cash_limits.set retention.run day.begin_closing day.force_close day.reopen dancer.restrict dancer.register
    drawer.hand_over rotation.configure music.configure stage.close credential.revoke credential.suspend rotation.remove
    room_session.cancel room_session.void room.take_out comp.grant voucher.void
  `
    .trim()
    .split(/\s+/),
);
const SELDOM_CHANCE = 0.05;
/** These end most of what a night is made of. */
const HARDLY_EVER = new Set<string>(['day.begin_closing', 'day.force_close']);
const HARDLY_EVER_CHANCE = 0.01;
/** What most of a night is made of. */
const OFTEN = ['attendance.', 'rotation.', 'stage_set.', 'room_session.', 'room.', 'house_fee.', 'drawer.', 'door.'];
const OFTEN_TIMES = 3;

const NAMES = Object.keys(COMMAND_ROUTES) as readonly RoutedCommand[];
const DECK = NAMES.flatMap((name) => {
  const times = !SELDOM.has(name) && OFTEN.some((start) => name.startsWith(start)) ? OFTEN_TIMES : 1;
  return Array.from({ length: times }, () => name);
});

export type Tally = { given: number; accepted: number; readonly refused: Map<string, number> };
export type DomainResult = {
  readonly commands: number;
  readonly accepted: number;
  readonly events: number;
  readonly byCommand: ReadonlyMap<string, Tally>;
  readonly breach: string | null;
};

/** One club from a seed: so many random commands through the real command layer, with what must hold looked at all along. */
export async function runDomain(seedNumber: number, commands: number, fresh: Opened): Promise<DomainResult> {
  const seed = seeded(seedNumber);
  const club = await openSimClub(seed);
  const byCommand = new Map<string, Tally>(NAMES.map((name) => [name, { given: 0, accepted: 0, refused: new Map() }]));
  const result = (breach: string | null): DomainResult => {
    const tallies = [...byCommand.values()];
    const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
    const events = club.edge.log.head().pos;
    return {
      commands: sum((one) => one.given),
      accepted: sum((one) => one.accepted),
      events,
      byCommand,
      breach,
    };
  };
  try {
    await play(club, seed, { commands, byCommand, fresh });
    return result(null);
  } catch (error) {
    if (error instanceof Breach) return result(error.message);
    return result(`it threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await club.edge.close();
  }
}

type Play = {
  readonly commands: number;
  readonly byCommand: Map<string, Tally>;
  readonly fresh: Opened;
};

async function play(club: SimClub, seed: Seeded, { commands, byCommand, fresh }: Play): Promise<void> {
  const { edge } = club;
  const pools = openPools(edge.sqlite);
  const watch = openWatch(edge.sqlite);
  const makers = makerOf(club, seed, pools);
  const note = (name: RoutedCommand, refusal: string | null): void => {
    const tally = byCommand.get(name);
    if (!tally) return;
    tally.given += 1;
    if (refusal === null) tally.accepted += 1;
    else tally.refused.set(refusal, (tally.refused.get(refusal) ?? 0) + 1);
  };
  const nights = openNights(club, seed, note);
  for (let turn = 0; turn < commands; turn += 1) {
    if (turn % REFRESH_EVERY === 0) pools.refresh();
    passTime(club, seed);
    const ofNight = turn % NIGHT_COMMANDS;
    if (ofNight === 0) await nights.next();
    if (ofNight === REOPENED_COMMANDS) await nights.goOn();
    if (ofNight === NIGHT_COMMANDS - CLOSING_COMMANDS) await nights.beginClosing();
    const name = draw(seed);
    const refusal = await giveOne(club, name, inputFor(name, makers(name)), seed);
    note(name, refusal);
    if (turn % CHECK_EVERY === 0) watch.check();
  }
  watch.check();
  watch.finish(fresh);
}

function makerOf({ edge, clock }: SimClub, seed: Seeded, pools: Maker['pools']): (name: RoutedCommand) => Maker {
  const version = edge.sqlite.prepare<[string], number>('SELECT version FROM rotation_entry WHERE entry = ?').pluck();
  const all = {
    seed,
    pools,
    now: clock.wall,
    date: () => proposedDate(clock.wall(), 'America/New_York', 360),
    expectedCents: (drawer: string) => Math.max(0, edge.reads.drawers.openCents(drawer) ?? 0),
    minutesOf: (session: string) => edge.reads.rooms.session(session)?.minutes ?? 0,
    versionOf: (entry: string) => version.get(entry) ?? 0,
  };
  return (name) => ({ ...all, noun: name.split('.')[0] ?? '' });
}

function draw(seed: Seeded): RoutedCommand {
  for (;;) {
    const name = seed.pick(DECK);
    if (!SELDOM.has(name) || seed.chance(HARDLY_EVER.has(name) ? HARDLY_EVER_CHANCE : SELDOM_CHANCE)) return name;
  }
}

function inputFor(name: RoutedCommand, maker: Maker): object {
  const { path, body } = COMMAND_ROUTES[name];
  const params: Record<string, Schema> = {};
  for (const [, param = ''] of path.matchAll(/:([A-Za-z]+)/g))
    params[param] = { type: 'string', pattern: '^[A-Za-z0-9_-]+$' };
  const named = object({ properties: params, required: Object.keys(params) }, maker, {});
  if (name === 'policy_pack.install') return { pack: newerPack(maker) };
  return object(body as Schema, maker, named);
}

/** A built-in pack in a newer version that holds from some coming night on. */
function newerPack({ seed, date }: Maker): object {
  return {
    ...seed.pick(BUILT_IN_PACKS),
    version: seed.between(2, 9),
    effectiveFrom: addDays(date(), seed.between(0, 5)),
  };
}

/** Answers the refusal's code. A refused command leaves nothing behind, and is refused for the same reason when it is asked again. */
async function giveOne(club: SimClub, name: RoutedCommand, input: object, seed: Seeded): Promise<string | null> {
  const may = club.staff.filter(({ roles }) =>
    roles.some((role) => (RIGHTS[name] as readonly string[]).includes(role)),
  );
  // What is for one person alone, that person mostly does.
  const own = 'tip' in input && seed.chance(0.5) ? club.edge.reads.cash.tipOut(String(input.tip))?.to : undefined;
  const by = may.find(({ staff }) => staff === own)?.staff ?? seed.pick(may).staff;
  const give = () => club.give(name, input as CommandInput<typeof name>, by);
  const before = club.edge.log.head().pos;
  const answer = await give();
  if (answer.ok) return null;
  must(Object.hasOwn(REFUSALS, answer.refusal), `${name} was refused with ${answer.refusal}, which is no code`);
  must(club.broke.length === 0, `${name} broke on ${JSON.stringify(input)}: ${club.broke.join()}`);
  must(answer.refusal !== 'box_fault' && answer.refusal !== 'box_busy', `${name} broke on ${JSON.stringify(input)}`);
  must(!club.hasWritten(before), `${name} was refused with ${answer.refusal} and wrote all the same`);
  if (seed.chance(0.1) && answer.refusal !== 'pin_locked' && answer.refusal !== 'pin_wrong') {
    const again = await give();
    must(isDeepStrictEqual(again, answer), `${name} was refused with ${answer.refusal}, then ${JSON.stringify(again)}`);
  }
  return answer.refusal;
}

/** Seconds to minutes pass; now and then somebody sets the wall clock. */
function passTime({ clock }: SimClub, seed: Seeded): void {
  const ms = seed.between(0, 40) * 1_000;
  const step = seed.chance(0.002) ? seed.pick([-3_600_000, 3_600_000, 600_000]) : 0;
  clock.set({ wall: clock.wall() + ms + step, mono: clock.mono() + ms });
}

export { CLUB_COMMANDS };
