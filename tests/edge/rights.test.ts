import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMAND_ROUTES, type PairingCodeAnswer, type Problem } from '#shared/contract/api.ts';
import { TABLE_NAMES, type ServerFrame } from '#shared/contract/live.ts';
import type { DeviceCeiling, Role } from '#shared/domain/event.ts';
import { RIGHTS, rolesHere, SEEN_FROM, SIGHTS, sightOf } from '#shared/domain/rights.ts';
import { ROUTE_RIGHTS, type Askers } from '#shared/domain/route-rights.ts';
import { DEMO_STAFF } from '../../edge-node/demo.ts';
import type { RoutedCommand } from '../../edge-node/features/command.ts';
import { fromSchema } from '../golden/from-schema.ts';
import { arrive, openBar, sellRoom } from '../support/cash.ts';
import { EXAMPLES } from '../support/examples.ts';
import { openScreen } from '../support/live-screen.ts';
import { openClub, type Club } from '../support/night.ts';
import { seeded } from '../support/seeded.ts';
import { addressOf, asker, pairDevice, signInOn, type Tablet } from '../support/tablet.ts';

const CEILINGS: readonly DeviceCeiling[] = ['office', 'floor', 'door', 'dj'];
const ROLES = DEMO_STAFF.flatMap(({ roles }) => roles);
/** Would sign the asker out, which takes nothing from anybody else; it has a test of its own. */
const SIGN_OUT = 'DELETE /sessions/current';

type Operation = {
  readonly 'x-askers'?: Askers;
  readonly operationId?: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
};
type OpenApi = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
type Route = { readonly key: string; readonly method: string; readonly path: string; readonly operation: Operation };

let club: Club;
let routes: readonly Route[];
/** Somebody of each role on a device of each ceiling. */
const people: { readonly role: Role; readonly ceiling: DeviceCeiling; readonly tablet: Tablet }[] = [];

beforeAll(async () => {
  club = await openClub();
  const { body } = await club.owner.ask<OpenApi>('GET', '/api/v1/openapi.json');
  routes = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const pattern = path.replace('/api/v1', '').replaceAll(/\{(\w+)\}/g, ':$1');
      return { key: `${method.toUpperCase()} ${pattern}`, method: method.toUpperCase(), path, operation };
    }),
  );
  for (const ceiling of CEILINGS) {
    const { body: made } = await club.owner.ask<PairingCodeAnswer>('POST', '/api/v1/pairing/codes', { ceiling });
    const device = await pairDevice(club.url, { code: made.code, name: ceiling });
    for (const { name, pin, roles } of DEMO_STAFF)
      people.push({ role: roles[0] ?? 'dj', ceiling, tablet: await signInOn(club.url, device, { name, pin }) });
  }
});
afterAll(() => club.close());

/** What the tables say, apart from the node's own reading of them. */
function askersOf(route: Route): Askers | undefined {
  const command = (Object.keys(COMMAND_ROUTES) as RoutedCommand[]).find(
    (name) => `POST ${COMMAND_ROUTES[name].path}` === route.key,
  );
  return command ? RIGHTS[command] : ROUTE_RIGHTS[route.key];
}

/** A request in the form that is asked for, on things that no club has. */
function requestTo({ operation, method, path }: Route): { readonly at: string; readonly body: unknown } {
  const { operationId } = operation;
  if (operationId !== undefined && operationId in EXAMPLES) {
    const { path: at, body } = addressOf(operationId as RoutedCommand, EXAMPLES[operationId as RoutedCommand]);
    return { at, body };
  }
  const at = path
    .replace('{quarter}', '2026-Q4')
    .replace('{year}', '2026')
    .replaceAll(/\{\w+\}/g, 'no-such-id');
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (method === 'GET' || !schema) return { at, body: undefined };
  // A PIN has a form that no other text has.
  return { at, body: at.endsWith('/sessions') ? { staff: 'nobody', pin: '1234' } : fromSchema(schema, seeded(1)) };
}

async function answerTo(route: Route, ask: Tablet['ask']): Promise<{ readonly status: number; readonly code: string }> {
  const { at, body } = requestTo(route);
  const reply = await ask<Partial<Problem> | null>(route.method, at, body, { 'idempotency-key': randomUUID() });
  return { status: reply.status, code: reply.body?.code ?? 'answered' };
}

test('every operation of the API stands in one of the two tables, and nothing else does', () => {
  expect(routes.filter((route) => askersOf(route) === undefined).map(({ key }) => key)).toEqual([]);
  expect(routes.length).toBeGreaterThan(Object.keys(COMMAND_ROUTES).length);
  const known = new Set(routes.map(({ key }) => key));
  expect(Object.keys(ROUTE_RIGHTS).filter((key) => !known.has(key))).toEqual([]);
  for (const route of routes) expect([route.key, route.operation['x-askers']]).toEqual([route.key, askersOf(route)]);
});

describe.each(CEILINGS)('on a device for %s', (ceiling) => {
  test.each(ROLES)('a %s is let past exactly where the table says so, on every route', async (role) => {
    const who = people.find((one) => one.role === role && one.ceiling === ceiling);
    if (!who) throw new Error('Somebody of each role signed in on each device.');
    const here = rolesHere([role], ceiling);
    const wrong: string[] = [];
    for (const route of routes) {
      if (route.key === SIGN_OUT) continue;
      const askers = askersOf(route);
      const isOpen = askers === 'anyone' || askers === 'device' || askers === 'signed_in';
      const isAllowed = isOpen || here.some((one) => askers?.includes(one));
      const { status, code } = await answerTo(route, who.tablet.ask);
      const refused = status === 403 && code === 'not_allowed';
      if (refused === isAllowed) wrong.push(`${route.key}: ${status} ${code}`);
      if (status >= 500) wrong.push(`${route.key}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});

test('who is not signed in gets nowhere but where the table says anyone or a device', async () => {
  const ask = asker(club.url, {});
  for (const route of routes) {
    const askers = askersOf(route);
    if (askers === 'anyone') continue;
    const { status, code } = await answerTo(route, ask);
    expect([route.key, status, code]).toEqual([
      route.key,
      401,
      askers === 'device' ? 'device_unknown' : 'not_signed_in',
    ]);
  }
});

/** The value at `table.field` of a row; undefined where there is no such row or field. */
function valueAt(row: unknown, fields: readonly string[]): unknown {
  return fields.reduce<unknown>((value, field) => (Object(value) as Record<string, unknown>)[field], row);
}

test('each role’s live frames hold what its sight has, and nothing beyond it', async () => {
  const one = await openClub();
  const screens = await Promise.all(
    DEMO_STAFF.map(async ({ name, roles }) => {
      const { token } = await one.tablet(name);
      return { roles, screen: openScreen(one.url, { f: 'hello', token }) };
    }),
  );
  for (const { screen } of screens) await screen.until('the snapshot', () => screen.seq() !== null);
  const bar = await openBar(one, one.owner);
  const [jade = '', ruby = ''] = one.dancers;
  await one.owner.must('attendance.check_in', { dancer: ruby });
  await arrive(one, jade);
  await sellRoom(one, [jade], { room: one.rooms[0] ?? '', drawer: bar });
  const head = one.edge.log.head().pos;
  for (const { roles, screen } of screens) {
    await screen.until('the last commit', () => screen.seq() === head);
    const sight = sightOf(roles);
    for (const [name, from] of Object.entries(SEEN_FROM)) {
      const [table = '', ...fields] = name.split('.');
      const isSeen = SIGHTS.indexOf(sight) <= SIGHTS.indexOf(from);
      const values = rowsIn(screen.frames, table).map((row) => valueAt(row, fields));
      const told = values.filter((value) => value !== undefined && value !== null && !isEmpty(value));
      expect([roles, name, told.length > 0]).toEqual([roles, name, isSeen]);
    }
    const amounts = TABLE_NAMES.flatMap((table) => rowsIn(screen.frames, table).flatMap((row) => centsIn(row, table)));
    const ruled = Object.keys(SEEN_FROM);
    const unruled = amounts.filter((at) => !ruled.some((name) => at === name || at.startsWith(`${name}.`)));
    expect(unruled).toEqual([]);
    await screen.close();
  }
  await one.close();
});

function rowsIn(frames: readonly ServerFrame[], table: string): readonly unknown[] {
  const changes = frames.flatMap((frame) => {
    if (frame.f === 'snapshot') return frame.rows;
    return frame.f === 'events' ? frame.list : [];
  });
  return changes.filter(([name]) => name === table).map(([, , row]) => row);
}

/** Where a row holds an amount, as SEEN_FROM would name it: each has to stand there, so that a new one is not told to everybody. */
function centsIn(value: unknown, at: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => centsIn(one, at));
  if (typeof value === 'number') return at.toLowerCase().endsWith('cents') ? [at] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => centsIn(part, `${at}.${name}`));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
