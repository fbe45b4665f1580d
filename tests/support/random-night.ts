import { newKey } from './key.ts';
import { seeded } from './seeded.ts';
import type { CommandInput, RoutedCommand } from '../../edge-node/features/command.ts';
import type { Answer } from '../../edge-node/log/answers.ts';
import { nodeActor } from '../../edge-node/give.ts';
import type { Club } from './night.ts';

type Give = <N extends RoutedCommand>(name: N, input: CommandInput<N>) => Promise<Answer>;

/** So many commands of any kind, on things that mostly are there. Answers how many were accepted. */
export async function playRandomly(club: Club, seed: number, commands: number): Promise<number> {
  const random = seeded(seed).next;
  const pick = <T>(list: readonly T[], none: T): T => list[Math.floor(random() * list.length)] ?? none;
  const give: Give = (name, input) => club.edge.command(name, input, { key: newKey(), actor: nodeActor('random') });
  let accepted = 0;
  for (let turn = 0; turn < commands; turn += 1) {
    const kinds = [...floorMoves(club, give, pick), ...roomMoves(club, give, pick), ...moneyMoves(club, give, pick)];
    const answers = await Promise.all([
      pick(kinds, () => Promise.resolve(REFUSED))(),
      pick(kinds, () => Promise.resolve(REFUSED))(),
    ]);
    accepted += answers.filter(({ ok }) => ok).length;
  }
  return accepted;
}

const REFUSED: Answer = { ok: false, refusal: 'box_busy' };
type Pick = <T>(list: readonly T[], none: T) => T;
type Moves = readonly (() => Promise<Answer>)[];

function floorMoves({ edge, dancers }: Club, give: Give, pick: Pick): Moves {
  const { reads } = edge;
  const dancer = () => pick(dancers.slice(0, 16), '');
  const entry = () => pick(reads.rotation.all(), undefined);
  const stage = () => pick(reads.club.stages(), undefined)?.stage ?? '';
  return [
    () => give('attendance.check_in', { dancer: dancer() }),
    () => give('attendance.check_out', { dancer: dancer() }),
    () => give('rotation.add', { stage: stage(), dancer: dancer() }),
    () => give('rotation.add', { stage: stage(), dancer: dancer() }),
    () => {
      const moved = entry();
      const others = reads.rotation.ofStage(moved?.stage ?? '');
      return give('rotation.move', {
        entry: moved?.entry ?? 'x',
        afterEntry: pick(others, undefined)?.entry ?? null,
        version: moved?.version ?? 0,
      });
    },
    () => give('rotation.call', { entry: entry()?.entry ?? 'x', away: pick([0, 1, 2, 3], 0) }),
    () => give('rotation.miss', { entry: entry()?.entry ?? 'x' }),
    () => give('rotation.remove', { entry: entry()?.entry ?? 'x', reason: 'dj' }),
    () => give('stage_set.start', { entry: entry()?.entry ?? 'x' }),
    () => give('stage_set.end', { set: reads.rotation.liveOnStage(stage())?.set ?? 'x', outcome: 'COMPLETED' }),
  ];
}

function roomMoves({ edge, dancers, rooms }: Club, give: Give, pick: Pick): Moves {
  const { reads } = edge;
  const session = (...states: readonly string[]) =>
    pick(
      reads.rooms.open().filter(({ state }) => states.includes(state)),
      undefined,
    )?.session ?? 'x';
  const rate = () => pick(['vip15', 'vip30', 'vip60'], '');
  const who = () => [...new Set([pick(dancers.slice(0, 16), ''), pick(dancers.slice(0, 16), '')])];
  return [
    () => give('room_session.quote', { room: pick(rooms.slice(0, 4), ''), rate: rate(), dancers: who() }),
    () => give('room_session.quote', { room: pick(rooms.slice(0, 4), ''), rate: rate(), dancers: who() }),
    () => give('room_session.cancel', { session: session('QUOTED'), reason: 'left' }),
    () => give('room_session.start', { session: session('QUOTED') }),
    () => give('room_session.start', { session: session('QUOTED') }),
    () => {
      const extended = session('RUNNING');
      const fromMinutes = reads.rooms.session(extended)?.minutes ?? 30;
      return give('room_session.extend', { session: extended, rate: rate(), askedBy: 'guest', fromMinutes });
    },
    () => give('room_session.end', { session: session('RUNNING'), reason: 'time' }),
    () =>
      give('room_session.settle', {
        session: session('ENDED'),
        method: pick(['cash', 'card'] as const, 'card'),
        drawer: pick([null, 'x'], null),
        tipCents: pick([0, 101], 0),
      }),
    () => give('room.clean', { room: pick(rooms.slice(0, 4), '') }),
  ];
}

function moneyMoves({ edge, dancers, drawers, owner }: Club, give: Give, pick: Pick): Moves {
  const { reads } = edge;
  const drawer = () => pick(drawers.slice(0, 2), '');
  const fee = () => pick(reads.attendance.owedBy(pick(dancers.slice(0, 16), '')), undefined)?.fee ?? 'x';
  return [
    () => give('house_fee.pay', { fee: fee(), drawer: drawer() }),
    () => give('house_fee.defer', { fee: fee(), reason: 'later' }),
    () => give('house_fee.waive', { fee: fee(), reason: 'birthday' }),
    () => give('attendance.settle', { dancer: pick(dancers.slice(0, 16), ''), drawer: drawer() }),
    () => give('drawer.open', { drawer: drawer(), responsible: owner.staff, bankCents: 30_000 }),
    () => give('drawer.drop', { drawer: drawer(), cents: 1_000 }),
    () => give('drawer.count', { drawer: drawer(), countedCents: reads.drawers.openCents(drawer()) ?? 0 }),
    () => give('drawer.close', { drawer: drawer() }),
  ];
}
