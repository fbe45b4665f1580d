import { expect, test } from 'vitest';
import type { DeviceCeiling, Role } from '#shared/domain/event.ts';
import { may, RIGHTS, rolesHere, sightOf, type CommandName } from '#shared/domain/rights.ts';

const ROLES: readonly Role[] = ['owner', 'manager', 'door', 'vip_host', 'dj', 'house_mom', 'bartender'];
const COMMANDS = Object.keys(RIGHTS) as CommandName[];

test('someone without a role may do nothing', () => {
  expect(COMMANDS.filter((command) => may([], command))).toEqual([]);
});

test('the owner may do everything', () => {
  expect(COMMANDS.filter((command) => !may(['owner'], command))).toEqual([]);
});

test('the manager may do everything but what changes a closed night, forces a close, books by hand or sets limits', () => {
  const owners: readonly CommandName[] = ['cash_limits.set', 'day.force_close', 'day.reopen', 'ledger.adjust'];
  expect(COMMANDS.filter((command) => !may(['manager'], command))).toEqual(owners);
});

test('only owner and manager set up the club, open and close a night, waive a fee, close a drawer', () => {
  const bossesOnly: readonly CommandName[] = [
    'club.configure',
    'price_list.set',
    'staff.add',
    'device.pair',
    'device.revoke',
    'day.open',
    'day.begin_closing',
    'day.close',
    'house_fee.defer',
    'house_fee.waive',
    'drawer.close',
    'stage.add',
    'room.add',
    'drawer.add',
  ];
  const rest = ROLES.filter((role) => role !== 'owner' && role !== 'manager');
  expect(bossesOnly.filter((command) => may(rest, command))).toEqual([]);
});

test('the DJ runs the rotation and touches no money', () => {
  expect(may(['dj'], 'rotation.move')).toBe(true);
  expect(may(['dj'], 'stage_set.start')).toBe(true);
  const money = COMMANDS.filter(
    (command) => /^(drawer|house_fee|room_session|price_list)\./.test(command) || command === 'attendance.settle',
  );
  expect(money.filter((command) => may(['dj'], command))).toEqual([]);
});

test("any of a person's roles is enough", () => {
  expect(may(['bartender', 'dj'], 'rotation.call')).toBe(true);
});

test.each([
  ['office', ROLES],
  ['floor', ['owner', 'manager', 'door', 'vip_host', 'house_mom', 'bartender']],
  ['door', ['owner', 'manager', 'door', 'house_mom']],
  ['dj', ['dj']],
] as const)('a device of the %s is used as %j at most', (ceiling: DeviceCeiling, left: readonly Role[]) => {
  expect(rolesHere(ROLES, ceiling)).toEqual(left);
});

test('a device never adds a role', () => {
  expect(rolesHere(['dj'], 'floor')).toEqual([]);
  expect(rolesHere(['bartender'], 'office')).toEqual(['bartender']);
});

test.each([
  [['owner'], 'money'],
  [['dj', 'manager'], 'money'],
  [['bartender'], 'cash'],
  [['door'], 'cash'],
  [['dj'], 'booth'],
  [[], 'booth'],
] as const)('someone who is %j sees %s', (roles, sight) => {
  expect(sightOf(roles)).toBe(sight);
});
