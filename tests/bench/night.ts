import { randomUUID } from 'node:crypto';
import { assert } from '#shared/kit/assert.ts';
import type { Edge } from '../../edge-node/edge.ts';
import type { CommandInput, RoutedCommand } from '../../edge-node/features/command.ts';
import { nodeActor } from '../../edge-node/give.ts';

export type Give = <N extends RoutedCommand>(name: N, input: CommandInput<N>) => Promise<string>;

/** Gives commands past HTTP; a refusal is an error of the bench. */
export function giver(edge: Edge): Give {
  const actor = nodeActor(edge.log.genesis.nodeId);
  return async (name, input) => {
    const answer = await edge.command(name, input, { key: randomUUID(), actor });
    assert(answer.ok, `the night takes ${name}: ${JSON.stringify(answer)}`);
    return answer.id;
  };
}

/** Puts the demo club into a full night: all 60 dancers in and in a rotation, both stages danced on, all 12 rooms and 4 drawers in use. */
export async function fillNight(edge: Edge): Promise<void> {
  const give = giver(edge);
  const { club, dancers } = edge.reads;
  await give('day.open', { date: null });
  const people = dancers.roster().map(({ dancer }) => dancer);
  const stages = club.stages().map(({ stage }) => stage);
  await Promise.all(people.map((dancer) => give('attendance.check_in', { dancer })));
  const entries = await Promise.all(
    people.map((dancer, at) => give('rotation.add', { dancer, stage: stages[at % stages.length] ?? '' })),
  );
  const onStage = entries.slice(0, stages.length);
  await Promise.all(onStage.map((entry) => give('rotation.call', { entry, away: 0 })));
  await Promise.all(onStage.map((entry) => give('stage_set.start', { entry })));
  const responsible = club.everyStaff()[0]?.staff ?? '';
  await Promise.all(
    club.drawers().map(({ drawer }) => give('drawer.open', { drawer, responsible, bankCents: 20_000 })),
  );
  const rooms = club.rooms().map(({ room }) => room);
  const inRooms = people.slice(-rooms.length);
  const sessions = await Promise.all(
    rooms.map((room, at) => give('room_session.quote', { room, rate: 'vip30', dancers: [inRooms[at] ?? ''] })),
  );
  await Promise.all(sessions.map((session) => give('room_session.start', { session })));
}

/** Entries that can be called any number of times. */
export function callable(edge: Edge): readonly string[] {
  return edge.reads.rotation
    .all()
    .filter(({ held, state }) => !held && state !== 'ON_STAGE')
    .map(({ entry }) => entry);
}

/** A long night after `fillNight`: every room lets, ends, pays and is cleaned, while the DJ calls. Answers how many events the log has. */
export async function playLong(edge: Edge, events: number): Promise<number> {
  const give = giver(edge);
  const entries = callable(edge);
  assert(entries.length > 0, 'the night is full');
  const [drawer] = edge.reads.club.drawers();
  const calls = (times: number) =>
    Array.from({ length: times }, () =>
      entries.map((entry, at) => give('rotation.call', { entry, away: (at % 3) + 1 })),
    );
  while (edge.log.head().pos < events) {
    await Promise.all(calls(5).flat());
    const running = edge.reads.club
      .rooms()
      .flatMap(({ room, session }) => (session === null ? [] : [{ room, session }]));
    const dancers = running.map(({ session }) => [...(edge.reads.rooms.session(session)?.dancers ?? [])]);
    await Promise.all(running.map(({ session }) => give('room_session.end', { session, reason: 'time' })));
    await Promise.all(
      running.map(({ session }) =>
        give('room_session.settle', { session, method: 'cash', drawer: drawer?.drawer ?? '', tipCents: 2_000 }),
      ),
    );
    await Promise.all(running.map(({ room }) => give('room.clean', { room })));
    const quoted = await Promise.all(
      running.map(({ room }, at) => give('room_session.quote', { room, rate: 'vip30', dancers: dancers[at] ?? [] })),
    );
    await Promise.all(quoted.map((session) => give('room_session.start', { session })));
  }
  return edge.log.head().pos;
}
