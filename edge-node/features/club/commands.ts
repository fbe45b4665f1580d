import { configureClub, setPriceList } from '#shared/domain/club.ts';
import { event, type ClubEvent } from '#shared/domain/event.ts';
import { PRICES } from '#shared/domain/shared-field.ts';
import { editPrices } from '#shared/domain/take-over.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Deciders } from '../command.ts';

export const clubCommands: Deciders<
  'club.configure' | 'price_list.set' | 'stage.add' | 'room.add' | 'drawer.add' | 'staff.add' | 'device.revoke'
> = {
  'club.configure': ({ reads }, input) => configureClub(reads.club.settings() !== undefined, input),
  'price_list.set': ({ reads }, input, ask) => {
    if (!reads.club.settings()) return refuse('club_not_configured');
    const prices = setPriceList(input);
    if (!prices.ok) return prices;
    return accept<ClubEvent>(...prices.events, editPrices(reads.shared.field(PRICES), input, ask));
  },
  'stage.add': ({ reads }, { name, kind }, { id }) =>
    reads.club.stageNamed(name) ? refuse('name_taken') : accept(event('stage.added', { stage: id, name, kind })),
  'room.add': ({ reads }, { name }, { id }) =>
    reads.club.roomNamed(name) ? refuse('name_taken') : accept(event('room.added', { room: id, name })),
  'drawer.add': ({ reads }, { name }, { id }) =>
    reads.club.drawerNamed(name) ? refuse('name_taken') : accept(event('drawer.added', { drawer: id, name })),
  /** `pin` is here already the PIN's hash: see prepare. */
  'staff.add': ({ reads, seal }, { name, roles, pin }, { id }) => {
    if (reads.club.staffNamed(name)) return refuse('staff_exists');
    const pii = { [id]: { pin: seal.seal(id, 'pin', pin) } };
    return accept({ ...event('staff.added', { staff: id, name, roles }, [id]), pii });
  },
  'device.revoke': ({ reads }, { device }) => {
    const known = reads.club.device(device);
    if (!known) return refuse('device_not_found');
    return known.revoked ? refuse('device_gone') : accept(event('device.revoked', { device }));
  },
};
