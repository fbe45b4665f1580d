import {
  correctOccupancy,
  enterDoor,
  leaveDoor,
  moveBetweenAreas,
  refuseAtDoor,
  type EnterFacts,
} from '#shared/domain/door.ts';
import { event } from '#shared/domain/event.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';
import { withTexts } from '../sealed.ts';

export const doorCommands: Deciders<
  'area.add' | 'area.set_limit' | 'door.enter' | 'door.leave' | 'door.move' | 'door.refuse' | 'occupancy.correct'
> = {
  'area.add': ({ reads }, { name, limit }, { id }) =>
    reads.door.areaNamed(name) ? refuse('name_taken') : accept(event('area.added', { area: id, name, limit })),
  'area.set_limit': ({ reads }, { area, limit }) => {
    const known = reads.door.area(area, undefined);
    if (!known) return refuse('area_unknown');
    return known.limit === limit ? refuse('nothing_changed') : accept(event('area.limit_set', { area, limit }));
  },
  /** `approver` is checked already: see prepare. Without one, an owner or manager at the door allows it. */
  'door.enter': ({ reads }, { approver, ...input }, ask) =>
    enterDoor(
      {
        area: reads.door.area(input.area, ask.day?.day),
        drawerOpen: input.drawer !== null && reads.drawers.isOpen(input.drawer),
        approver: approverOf(reads, approver?.staff ?? null, ask.by),
      },
      input,
      ask,
    ),
  'door.leave': ({ reads }, input, ask) => leaveDoor(reads.door.area(input.area, ask.day?.day), input, ask),
  'door.move': ({ reads }, input, ask) =>
    moveBetweenAreas(
      { from: reads.door.area(input.from, ask.day?.day), to: reads.door.area(input.to, ask.day?.day) },
      input,
      ask,
    ),
  'door.refuse': (edge, { text, ...input }, ask) => {
    const areaKnown = edge.reads.door.area(input.area, undefined) !== undefined;
    const banKnown =
      input.blocklistEntry !== null && edge.reads.safety.blocklistEntry(input.blocklistEntry) !== undefined;
    return withTexts(refuseAtDoor({ areaKnown, banKnown }, input, ask), edge, ask.id, { text });
  },
  'occupancy.correct': ({ reads }, input, ask) =>
    correctOccupancy(reads.door.area(input.area, ask.day?.day), input, ask),
};

/** Who is at the door counts as the approver only where that person may approve. */
function approverOf(reads: Reads, named: string | null, by: string): EnterFacts['approver'] {
  const person = reads.club.staff(named ?? by);
  if (!person) return null;
  const mayApprove = person.roles.includes('owner') || person.roles.includes('manager');
  return named === null && !mayApprove ? null : { staff: person.staff, roles: person.roles };
}
