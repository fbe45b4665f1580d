import type { DeviceCeiling, Role } from './event.ts';

/** Which roles may give which command. One table; a command that is not in it does not compile. */
const EVERYONE: readonly Role[] = ['owner', 'manager', 'door', 'vip_host', 'dj', 'house_mom', 'bartender'];
const OWNER: readonly Role[] = ['owner'];
export const BOSSES: readonly Role[] = ['owner', 'manager'];
export const DOOR: readonly Role[] = [...BOSSES, 'door', 'house_mom'];
export const BOOTH: readonly Role[] = [...BOSSES, 'dj', 'house_mom'];
const ROOMS: readonly Role[] = [...BOSSES, 'vip_host'];
export const CASH: readonly Role[] = [...BOSSES, 'door', 'vip_host', 'bartender', 'house_mom'];

export const RIGHTS = {
  'club.configure': BOSSES,
  'stage.add': BOSSES,
  'room.add': BOSSES,
  'drawer.add': BOSSES,
  'price_list.set': BOSSES,
  'staff.add': BOSSES,
  'device.pair': BOSSES,
  'device.revoke': BOSSES,
  'day.open': BOSSES,
  'day.begin_closing': BOSSES,
  'day.close': BOSSES,
  'dancer.register': DOOR,
  'credential.add': DOOR,
  'credential.renew': DOOR,
  'credential.verify': DOOR,
  'credential.suspend': BOSSES,
  'credential.revoke': BOSSES,
  'identity.check': DOOR,
  'policy_pack.install': BOSSES,
  'club_policy.set': BOSSES,
  'onboarding.invite': DOOR,
  'onboarding.open': BOSSES,
  'onboarding.approve': BOSSES,
  'onboarding.refuse': BOSSES,
  'dancer.rename': DOOR,
  'dancer.correct': BOSSES,
  'dancer.set_engagement': BOSSES,
  'dancer.add_stage_name': DOOR,
  'dancer.drop_stage_name': DOOR,
  'dancer.bar': BOSSES,
  'dancer.review_restriction': BOSSES,
  'agreement.sign': DOOR,
  'dancer.set_photo': DOOR,
  'credential.attach_image': DOOR,
  'image.open': BOSSES,
  'roster.import': BOSSES,
  'roster.export': BOSSES,
  'dancer.note': DOOR,
  'dancer.restrict': BOSSES,
  'dancer.lift_restriction': BOSSES,
  'attendance.check_in': DOOR,
  /** The pack says who of these may override what. */
  'attendance.check_in_override': DOOR,
  'attendance.check_out': DOOR,
  'attendance.settle': DOOR,
  'attendance.begin_break': [...DOOR, 'dj', 'vip_host'],
  'attendance.end_break': [...DOOR, 'dj', 'vip_host'],
  'attendance.send_home': DOOR,
  'shift.schedule': DOOR,
  'shift.cancel': DOOR,
  'shift.miss': BOSSES,
  'shift.request_swap': DOOR,
  'shift.answer_swap': DOOR,
  'shift.approve_swap': BOSSES,
  'fee_schedule.set': BOSSES,
  'fee_pass.give': BOSSES,
  'house_fee.charge': BOSSES,
  'house_fee.pay': DOOR,
  'house_fee.defer': BOSSES,
  'house_fee.waive': BOSSES,
  'dance_tally.record': [...DOOR, 'vip_host', 'dj'],
  'dance_tally.withdraw': BOSSES,
  'rotation.add': BOOTH,
  'rotation.move': BOOTH,
  'rotation.call': BOOTH,
  'rotation.miss': BOOTH,
  'rotation.remove': BOOTH,
  'stage_set.start': BOOTH,
  'stage_set.end': BOOTH,
  'rotation.configure': BOSSES,
  'stage.open': BOOTH,
  'stage.close': BOOTH,
  'rotation.acknowledge': BOOTH,
  'rotation.run_calls': BOOTH,
  'rotation.skip': BOOTH,
  'rotation.plan': BOOTH,
  'stage_set.join': BOOTH,
  'feature.schedule': BOSSES,
  'feature.cancel': BOSSES,
  'feature.start': BOOTH,
  'room_session.quote': ROOMS,
  'room_session.cancel': ROOMS,
  'room_session.start': ROOMS,
  'room_session.extend': ROOMS,
  'room_session.end': [...ROOMS, 'house_mom', 'door'],
  'room_session.settle': ROOMS,
  'settlement_direction.set': BOSSES,
  'room.take_out': [...ROOMS, 'house_mom'],
  'room.put_back': [...ROOMS, 'house_mom'],
  'room_session.set_minimum': ROOMS,
  'room_session.swap': ROOMS,
  'room_session.join': ROOMS,
  'room_session.add': ROOMS,
  'room_session.confirm': [...ROOMS, 'house_mom'],
  'room_session.dispute': [...ROOMS, 'house_mom'],
  'room_session.decide': BOSSES,
  'room_session.collect': ROOMS,
  'room_session.void': BOSSES,
  'play.record': [...BOSSES, 'dj'],
  'music.configure': BOSSES,
  'track.edit': [...BOSSES, 'dj'],
  'crate.make': [...BOSSES, 'dj'],
  'crate.change': [...BOSSES, 'dj'],
  'crate.drop': [...BOSSES, 'dj'],
  'crate.put': [...BOSSES, 'dj'],
  'crate.take': [...BOSSES, 'dj'],
  'dancer.list_song': BOOTH,
  'dancer.unlist_song': BOOTH,
  'dance_count.settle': BOSSES,
  'room_session.acknowledge': ROOMS,
  'room_session.open': BOSSES,
  'room.reserve': [...ROOMS, 'door'],
  'reservation.keep': [...ROOMS, 'door'],
  'reservation.cancel': [...ROOMS, 'door'],
  'comp.grant': CASH,
  'room.clean': EVERYONE,
  'area.add': BOSSES,
  'area.set_limit': BOSSES,
  'door.enter': DOOR,
  'door.leave': DOOR,
  'door.move': [...DOOR, 'vip_host', 'bartender'],
  'door.refuse': DOOR,
  'occupancy.correct': DOOR,
  'incident.report': EVERYONE,
  'incident.review': BOSSES,
  'incident.close': BOSSES,
  'complaint.log': EVERYONE,
  'complaint.judge': BOSSES,
  'record.note': BOSSES,
  'record.open': BOSSES,
  'blocklist_entry.add': BOSSES,
  'blocklist_entry.review': BOSSES,
  'blocklist_entry.lift': BOSSES,
  'blocklist_entry.open': DOOR,
  'site_visit.record': DOOR,
  'training.record': BOSSES,
  'safety_test.record': BOSSES,
  'inspection_pack.make': BOSSES,
  'retention.run': BOSSES,
  'drawer.open': CASH,
  'drawer.drop': CASH,
  'drawer.count': CASH,
  'drawer.close': BOSSES,
  'drawer.pay_in': CASH,
  'drawer.pay_out': CASH,
  'drawer.no_sale': BOSSES,
  'drawer.recount': CASH,
  'drawer.explain': CASH,
  'drawer.hand_over': CASH,
  'voucher.sell': CASH,
  'voucher.redeem': CASH,
  'voucher.void': BOSSES,
  'cash_limits.set': OWNER,
  'tip_out.propose': EVERYONE,
  'tip_out.acknowledge': EVERYONE,
  'tip_out.pay': DOOR,
  'tip_out.decline': EVERYONE,
  'dancer.pay_out': DOOR,
  'day.force_close': OWNER,
  'day.reopen': OWNER,
  'ledger.adjust': OWNER,
  'recovery.finish': BOSSES,
} as const satisfies Record<string, readonly Role[]>;

export type CommandName = keyof typeof RIGHTS;

/** What a device may at most be used for, whoever signs in on it. */
const CEILINGS: Record<DeviceCeiling, readonly Role[]> = {
  office: EVERYONE,
  floor: ['manager', 'owner', 'vip_host', 'bartender', 'house_mom', 'door'],
  door: ['manager', 'owner', 'door', 'house_mom'],
  dj: ['dj'],
};

/** Effective rights: the person's roles, cut to the device's ceiling. */
export function rolesHere(roles: readonly Role[], ceiling: DeviceCeiling): readonly Role[] {
  return roles.filter((role) => CEILINGS[ceiling].includes(role));
}

export function may(roles: readonly Role[], command: CommandName): boolean {
  const allowed: readonly Role[] = RIGHTS[command];
  return roles.some((role) => allowed.includes(role));
}

export function isBoss(roles: readonly Role[] | undefined): boolean {
  return roles?.some((role) => BOSSES.includes(role)) ?? false;
}

/** How much a screen shows: `booth` is names, places and times; `cash` adds prices, fees and drawers; `money` adds what drawers hold. */
export const SIGHTS = ['money', 'cash', 'booth'] as const;
export type Sight = (typeof SIGHTS)[number];

/** Fields of live rows that not every sight has, by `table.field`: who sees less is sent null, an empty list, or no such row. */
export const SEEN_FROM = {
  'club.rates': 'cash',
  'attendance.fee.cents': 'cash',
  'room.session.grossCents': 'cash',
  'drawer.name': 'cash',
  'drawer.state': 'cash',
  'drawer.responsible': 'cash',
  'drawer.bankCents': 'money',
} as const satisfies Record<string, Sight>;

export function sightOf(roles: readonly Role[]): Sight {
  if (isBoss(roles)) return 'money';
  return roles.some((role) => CASH.includes(role)) ? 'cash' : 'booth';
}
