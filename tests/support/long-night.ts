import type { Edge } from '../../edge-node/edge.ts';
import { callable, giver } from '../bench/night.ts';

/** At most: who comes out of a room goes back into a rotation. */
const EVENTS_OF_A_ROOM = 10;

/** After `fillNight`: the DJ calls, rooms are let, paid and cleaned, until the club's history has so many events, or a few more. */
export async function playUntil(edge: Edge, events: number): Promise<void> {
  const give = giver(edge);
  const entries = callable(edge);
  const [drawer] = edge.reads.club.drawers();
  for (let away = 1; edge.log.head().pos < events; away = (away % 3) + 1) {
    const left = events - edge.log.head().pos;
    await Promise.all(entries.slice(0, left).map((entry) => give('rotation.call', { entry, away })));
    const running = edge.reads.rooms.open().filter(({ state }) => state === 'RUNNING');
    const some = running.slice(0, Math.floor((events - edge.log.head().pos) / EVENTS_OF_A_ROOM));
    await Promise.all(
      some.map(async ({ session, room, dancers }) => {
        await give('room_session.end', { session, reason: 'time' });
        await give('room_session.settle', { session, method: 'cash', drawer: drawer?.drawer ?? '', tipCents: 2_000 });
        await give('room.clean', { room });
        const next = await give('room_session.quote', { room, rate: 'vip30', dancers: [...dancers] });
        await give('room_session.start', { session: next });
      }),
    );
  }
}
