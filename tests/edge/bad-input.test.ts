import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { COMMAND_ROUTES, type Problem } from '#shared/contract/api.ts';
import { REFUSALS, type Refusal } from '#shared/domain/refusal.ts';
import type { Role } from '#shared/domain/event.ts';
import { RIGHTS } from '#shared/domain/rights.ts';
import type { RoutedCommand } from '../../edge-node/features/command.ts';
import { limits } from '../../edge-node/limits.ts';
import { EXAMPLES, REFUSED } from '../support/examples.ts';
import { openClub, type Club } from '../support/night.ts';
import { addressOf, type Tablet } from '../support/tablet.ts';

/** One club for all of them: that none of these requests leaves a trace in it is what each test checks. */
let club: Club;
let before: number;
beforeAll(async () => {
  club = await openClub();
});
afterAll(() => club.close());
beforeEach(() => {
  before = club.edge.log.head().seq;
});
afterEach(() => {
  expect(club.edge.log.head().seq).toBe(before);
});

const ROUTES = Object.keys(COMMAND_ROUTES) as RoutedCommand[];
type Sent = { readonly body?: string | undefined; readonly headers?: Record<string, string>; readonly path?: string };

/** A request as bytes; what is not said is as it would be right. A header of '' is left out. */
async function send(name: RoutedCommand, { body, headers, path }: Sent): Promise<{ readonly status: number; readonly type: string | null; readonly problem: Problem }> {
  const right = addressOf(name, EXAMPLES[name]);
  const all: Record<string, string> = { 'content-type': 'application/json', authorization: `Bearer ${club.owner.token}`, 'idempotency-key': randomUUID(), ...headers };
  const response = await fetch(`${club.url}${path ?? right.path}`, {
    method: 'POST',
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    ...(body !== undefined && { body }),
  });
  return { status: response.status, type: response.headers.get('content-type'), problem: (await response.json()) as Problem };
}

async function expectRefused(name: RoutedCommand, sent: Sent, [status, code]: readonly [number, Refusal]): Promise<void> {
  const got = await send(name, sent);
  expect(got, `${name} ${JSON.stringify(sent).slice(0, 200)}`).toMatchObject({
    status,
    type: expect.stringContaining('application/problem+json'),
    problem: { status, code, title: REFUSALS[code], type: `urn:clubops:refusal:${code}` },
  });
}

const bodyOf = (name: RoutedCommand): Record<string, unknown> => addressOf(name, EXAMPLES[name]).body as Record<string, unknown>;
const INVALID = [400, 'body_invalid'] as const;

test.each(ROUTES)('%s refuses a field that it does not know', async (name) => {
  await expectRefused(name, { body: JSON.stringify({ ...bodyOf(name), surplus: 1 }) }, INVALID);
});

test.each(ROUTES)('%s refuses a body with a field missing, of another type, or null where none may be', async (name) => {
  const right = bodyOf(name);
  for (const field of Object.keys(right)) {
    const { [field]: _left, ...rest } = right;
    await expectRefused(name, { body: JSON.stringify(rest) }, INVALID);
    await expectRefused(name, { body: JSON.stringify({ ...right, [field]: { of: 'another type' } }) }, INVALID);
    if (right[field] !== null) await expectRefused(name, { body: JSON.stringify({ ...right, [field]: [null] }) }, INVALID);
    if (typeof right[field] === 'string') await expectRefused(name, { body: JSON.stringify({ ...right, [field]: 'x'.repeat(1_000) }) }, INVALID);
    if (typeof right[field] === 'number') await expectRefused(name, { body: JSON.stringify({ ...right, [field]: -1 }) }, INVALID);
    if (typeof right[field] === 'number') await expectRefused(name, { body: JSON.stringify({ ...right, [field]: 1.5 }) }, INVALID);
    if (typeof right[field] === 'number') await expectRefused(name, { body: JSON.stringify({ ...right, [field]: '1' }) }, INVALID);
  }
});

test.each(ROUTES)('%s refuses what is no object, no JSON, nothing or too much', async (name) => {
  for (const body of ['[]', '"text"', '7', 'null', '', '{"a":', '{"__proto__":{"polluted":1}}', '\u0000']) {
    await expectRefused(name, { body }, INVALID);
  }
  const oversize = JSON.stringify({ ...bodyOf(name), pad: 'x'.repeat(limits.bodyBytesMax) });
  await expectRefused(name, { body: oversize }, [413, 'body_too_large']);
});

test.each(ROUTES)('%s refuses a body that says it is something else than JSON', async (name) => {
  const body = JSON.stringify(bodyOf(name));
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'nonsense']) {
    await expectRefused(name, { body, headers: { 'content-type': type } }, INVALID);
  }
});

test.each(ROUTES.filter((name) => COMMAND_ROUTES[name].path.includes(':')))('%s refuses an id that is none', async (name) => {
  const body = JSON.stringify(bodyOf(name));
  const { path } = addressOf(name, EXAMPLES[name]);
  for (const id of ['a%20b', "x'--", '%00', 'ü', 'x'.repeat(65), '..%2f..%2fetc']) {
    await expectRefused(name, { body, path: path.replace('no-such-id', id) }, INVALID);
  }
});

test.each(Object.entries(REFUSED) as [keyof typeof REFUSED, Refusal][])('%s of things that are not there, or are there already, is refused: %s', async (name, code) => {
  const given = await club.owner.give(name, EXAMPLES[name] as never);
  expect(given).toMatchObject({ ok: false, problem: { code, title: REFUSALS[code] } });
});

test.each(ROUTES)('%s is refused to one who is not signed in', async (name) => {
  const body = JSON.stringify(bodyOf(name));
  for (const authorization of ['', 'Bearer ', 'Bearer nonsense', `Bearer ${'A'.repeat(43)}`, `Basic ${club.owner.token}`]) {
    await expectRefused(name, { body, headers: { authorization } }, [401, 'not_signed_in']);
  }
});

test.each(ROUTES)('%s is refused without an Idempotency-Key that is a UUID', async (name) => {
  const body = JSON.stringify(bodyOf(name));
  await expectRefused(name, { body, headers: { 'idempotency-key': '' } }, [400, 'key_missing']);
  for (const key of ['1', 'start-b_test', randomUUID().slice(1), `${randomUUID()}0`, `${randomUUID()}, ${randomUUID()}`]) {
    const got = await send(name, { body, headers: { 'idempotency-key': key } });
    expect(got.status).toBe(400);
    expect(['key_missing', 'body_invalid']).toContain(got.problem.code);
  }
});

const PEOPLE: readonly (readonly [string, Role])[] = [
  ['Olivia', 'owner'],
  ['Max', 'manager'],
  ['Dora', 'door'],
  ['Victor', 'vip_host'],
  ['DJ', 'dj'],
  ['Helen', 'house_mom'],
  ['Ben', 'bartender'],
];

test.each(PEOPLE)('%s, who is %s, is refused exactly the commands that the table of rights does not give', async (firstName, role) => {
  const tablet: Tablet = await club.tablet(firstName);
  before = club.edge.log.head().seq;
  const refused: string[] = [];
  for (const name of Object.keys(REFUSED) as (keyof typeof REFUSED)[]) {
    const given = await tablet.give(name, EXAMPLES[name] as never);
    const code = given.ok ? 'accepted' : given.problem.code;
    expect(['not_allowed', REFUSED[name]]).toContain(code);
    if (code === 'not_allowed') refused.push(name);
  }
  const closing = (RIGHTS['day.begin_closing'] as readonly Role[]).includes(role);
  if (!closing) expect(await tablet.give('day.begin_closing', {})).toMatchObject({ problem: { code: 'not_allowed', status: 403 } });
  const rights: Readonly<Record<string, readonly Role[]>> = RIGHTS;
  expect(refused).toEqual(Object.keys(REFUSED).filter((name) => !rights[name]?.includes(role)));
});

test.each([
  ['GET', '/api/v1/nothing'],
  ['GET', '/api/v1/rooms'],
  ['PUT', '/api/v1/rooms'],
  ['DELETE', '/api/v1/business-day/open'],
  ['POST', '/api/v1/rooms/%zz/quote'],
  ['POST', `/api/v1/rooms/${'x'.repeat(200)}/quote`],
  ['GET', '/api/v1/nights/no-such-night'],
  ['GET', '/api/v1/dancers/no-such-dancer/balance'],
  ['GET', '/..%2f..%2fpackage.json'],
])('%s %s is a problem with a code and no trace of the program', async (method, path) => {
  const response = await fetch(`${club.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${club.owner.token}`, ...(method === 'POST' && { 'content-type': 'application/json' }) },
    ...(method === 'POST' && { body: '{}' }),
  });
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as Problem;
  expect(Object.keys(REFUSALS)).toContain(problem.code);
  expect(response.status).toBe(problem.status);
  expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts|stack|SQLITE/i);
});

test.each(['/api/v1/status', '/api/v1/view', '/api/v1/dancers', '/api/v1/dancers/x/balance', '/api/v1/nights', '/api/v1/nights/x', '/api/v1/sessions/current'])('%s is not read by one who is not signed in', async (path) => {
  const response = await fetch(`${club.url}${path}`);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: 'not_signed_in' });
});

test('the DJ reads neither roster nor balances nor nights', async () => {
  const dj = await club.tablet('DJ');
  before = club.edge.log.head().seq;
  const [dancer = ''] = club.dancers;
  for (const path of ['/dancers', `/dancers/${dancer}/balance`, '/nights', `/nights/${club.edge.reads.day.open()?.day}`]) {
    expect(await dj.ask('GET', `/api/v1${path}`)).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
  }
});

test('the OpenAPI document has every command with its body', async () => {
  const { body } = await club.owner.ask<{ paths: Record<string, { post?: { operationId?: string; requestBody?: unknown } }> }>('GET', '/api/v1/openapi.json');
  const operations = Object.values(body.paths).flatMap(({ post }) => (post?.operationId === undefined ? [] : [post.operationId]));
  expect(operations.toSorted()).toEqual(ROUTES.toSorted());
});
