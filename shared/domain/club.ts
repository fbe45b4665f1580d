import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { isTimeZone } from './calendar.ts';
import { event, type EventBodies, type EventOf, type RoomRate } from './event.ts';
import { isPack } from './policy-pack.ts';
import type { Refusal } from './refusal.ts';

export type ConfigureClub = EventBodies['club.configured'];

/** Who the club is. Once: what a closed night was counted by must not change behind its back. */
export function configureClub(
  configured: boolean,
  command: ConfigureClub,
): Decision<EventOf<'club.configured'>, Refusal> {
  if (configured) return refuse('club_configured');
  if (!isTimeZone(command.tz)) return refuse('time_zone_unknown');
  if (!isPack(command.pack)) return refuse('pack_unknown');
  return accept(event('club.configured', command));
}

/** Sets the prices for what is quoted from now on; what was quoted keeps its own. */
export function setPriceList(command: {
  readonly houseFeeCents: number;
  readonly roomRates: readonly RoomRate[];
}): Decision<EventOf<'price_list.set'>, Refusal> {
  const ids = new Set(command.roomRates.map(({ rate }) => rate));
  if (ids.size !== command.roomRates.length) return refuse('name_taken');
  if (command.roomRates.some(({ grossCents, houseCents }) => houseCents > grossCents)) return refuse('price_invalid');
  return accept(event('price_list.set', command));
}
