import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMMAND_ROUTES, type Problem } from '#shared/contract/api.ts';
import { REFUSALS, type Refusal } from '#shared/domain/refusal.ts';
import type { Role } from '#shared/domain/event.ts';
import { RIGHTS } from '#shared/domain/rights.ts';
import type { RoutedCommand } from '../../edge-node/features/command.ts';
import { limits } from '../../edge-node/limits.ts';
import { EXAMPLES, REFUSED } from '../support/examples.ts';
import { openClub, type Club } from '../support/night.ts';
import { addressOf, type Tablet } from '../support/tablet.ts';

/** One club for all of them, as none of these requests leaves a trace in it: that is what each test checks. */
let club: Club;
beforeAll(async () => {
  club = await openClub();
  // So that another by this name is refused.
  await club.owner.must('crate.make', EXAMPLES['crate.make']);
});
afterAll(() => club.close());
const head = () => club.edge.log.head().seq;

const ROUTES = Object.keys(COMMAND_ROUTES) as RoutedCommand[];
type Sent = { readonly body?: string | undefined; readonly headers?: Record<string, string>; readonly path?: string };

/** A request as bytes; what is not said is as it would be right. A header of '' is left out. */
async function send(
  name: RoutedCommand,
  { body, headers, path }: Sent,
): Promise<{ readonly status: number; readonly type: string | null; readonly problem: Problem }> {
  const right = addressOf(name, EXAMPLES[name]);
  const all: Record<string, string> = {
    'content-type': 'application/json',
    authorization: `Bearer ${club.owner.token}`,
    'idempotency-key': randomUUID(),
    ...headers,
  };
  const response = await fetch(`${club.url}${path ?? right.path}`, {
    method: 'POST',
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    ...(body !== undefined && { body }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    problem: (await response.json()) as Problem,
  };
}

/** Status and code of the refusal; behind them whatever is not as with every refusal: its form, and that nothing was written. */
async function refusal(name: RoutedCommand, sent: Sent): Promise<string> {
  const before = head();
  const { status, type, problem } = await send(name, sent);
  const title: string | undefined = (REFUSALS as Readonly<Record<string, string>>)[problem.code];
  const wrong = [
    type?.startsWith('application/problem+json') ? '' : `type ${type}`,
    problem.title === title ? '' : `title ${problem.title}`,
    problem.type === `urn:clubops:refusal:${problem.code}` ? '' : `urn ${problem.type}`,
    problem.status === status ? '' : `status ${problem.status} in it`,
    head() === before ? '' : `wrote ${head() - before} events`,
  ];
  return [`${status} ${problem.code}`, ...wrong].filter((one) => one !== '').join(', ');
}

const bodyOf = (name: RoutedCommand): Record<string, unknown> =>
  addressOf(name, EXAMPLES[name]).body as Record<string, unknown>;
const INVALID = '400 body_invalid';

test.each(ROUTES)('%s refuses a field that it does not know', async (name) => {
  expect(await refusal(name, { body: JSON.stringify({ ...bodyOf(name), surplus: 1 }) })).toBe(INVALID);
});

/** What a field may not be: of any other type, out of its bounds, or too long. */
function wrongValues(right: unknown): readonly unknown[] {
  const anyway = [{ of: 'another type' }, [null]];
  if (typeof right === 'string') return [...anyway, 'x'.repeat(20_000), 1, null];
  if (typeof right === 'number') return [...anyway, -1, 1.5, '1', null];
  if (typeof right === 'boolean') return [...anyway, 'true', 1, null];
  return right === null ? anyway : [...anyway, 'text', null];
}

test.each(ROUTES)('%s refuses a body with a field missing, of another type or out of its bounds', async (name) => {
  const right = bodyOf(name);
  const bodies = Object.entries(right).flatMap(([field, value]) => {
    const { [field]: _left, ...rest } = right;
    return [rest, ...wrongValues(value).map((wrong) => ({ ...right, [field]: wrong }))];
  });
  const taken: string[] = [];
  for (const body of bodies.map((one) => JSON.stringify(one)))
    if ((await refusal(name, { body })) !== INVALID) taken.push(body);
  expect(taken).toEqual([]);
});

test.each(ROUTES)('%s refuses what is no object, no JSON, nothing or too much', async (name) => {
  for (const body of ['[]', '"text"', '7', 'null', '', '{"a":', '{"__proto__":{"polluted":1}}', '\u0000']) {
    expect(await refusal(name, { body })).toBe(INVALID);
  }
  const oversize = JSON.stringify({ ...bodyOf(name), pad: 'x'.repeat(limits.bodyBytesMax) });
  expect(await refusal(name, { body: oversize })).toBe('413 body_too_large');
});

test.each(ROUTES)('%s refuses a body that says it is something else than JSON', async (name) => {
  const body = JSON.stringify(bodyOf(name));
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'nonsense',
  ]) {
    expect(await refusal(name, { body, headers: { 'content-type': type } })).toBe(INVALID);
  }
});

test.each(ROUTES.filter((name) => COMMAND_ROUTES[name].path.includes(':')))(
  '%s refuses an id that is none',
  async (name) => {
    const body = JSON.stringify(bodyOf(name));
    const { path } = addressOf(name, EXAMPLES[name]);
    for (const id of ['a%20b', "x'--", '%00', 'ü', 'x'.repeat(65), '..%2f..%2fetc']) {
      expect(await refusal(name, { body, path: path.replace('no-such-id', id) })).toBe(INVALID);
    }
  },
);

test.each(Object.entries(REFUSED) as [keyof typeof REFUSED, Refusal][])(
  '%s of things that are not there, or are there already, is refused: %s',
  async (name, code) => {
    const before = head();
    const given = await club.owner.give(name, EXAMPLES[name] as never);
    expect(head()).toBe(before);
    expect(given).toMatchObject({ ok: false, problem: { code, title: REFUSALS[code] } });
  },
);

test.each(ROUTES)('%s is refused to one who is not signed in', async (name) => {
  const body = JSON.stringify(bodyOf(name));
  for (const authorization of [
    '',
    'Bearer ',
    'Bearer nonsense',
    `Bearer ${'A'.repeat(43)}`,
    `Basic ${club.owner.token}`,
  ]) {
    expect(await refusal(name, { body, headers: { authorization } })).toBe('401 not_signed_in');
  }
});

test.each(ROUTES)('%s is refused without an Idempotency-Key that is a UUID', async (name) => {
  const body = JSON.stringify(bodyOf(name));
  expect(await refusal(name, { body, headers: { 'idempotency-key': '' } })).toBe('400 key_missing');
  for (const key of [
    '1',
    'start-b_test',
    randomUUID().slice(1),
    `${randomUUID()}0`,
    `${randomUUID()}, ${randomUUID()}`,
  ]) {
    expect(['400 key_missing', '400 body_invalid']).toContain(
      await refusal(name, { body, headers: { 'idempotency-key': key } }),
    );
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

test.each(PEOPLE)(
  '%s, who is %s, is refused exactly the commands that the table of rights does not give',
  async (firstName, role) => {
    const tablet: Tablet = await club.tablet(firstName);
    const before = head();
    const refused: string[] = [];
    for (const name of Object.keys(REFUSED) as (keyof typeof REFUSED)[]) {
      const given = await tablet.give(name, EXAMPLES[name] as never);
      const code = given.ok ? 'accepted' : given.problem.code;
      expect(['not_allowed', REFUSED[name]]).toContain(code);
      if (code === 'not_allowed') refused.push(name);
    }
    expect(head()).toBe(before);
    const rights: Readonly<Record<string, readonly Role[]>> = RIGHTS;
    expect(refused).toEqual(Object.keys(REFUSED).filter((name) => !rights[name]?.includes(role)));
  },
);

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
    headers: {
      authorization: `Bearer ${club.owner.token}`,
      ...(method === 'POST' && { 'content-type': 'application/json' }),
    },
    ...(method === 'POST' && { body: '{}' }),
  });
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as Problem;
  expect(Object.keys(REFUSALS)).toContain(problem.code);
  expect(response.status).toBe(problem.status);
  expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts|stack|SQLITE/i);
});

test.each([
  '/api/v1/status',
  '/api/v1/view',
  '/api/v1/dancers',
  '/api/v1/dancers/x/balance',
  '/api/v1/nights',
  '/api/v1/nights/x',
  '/api/v1/sessions/current',
  '/api/v1/door',
  '/api/v1/nights/x/door',
  '/api/v1/nights/x/records',
  '/api/v1/people/x/records',
  '/api/v1/incidents',
  '/api/v1/complaints',
  '/api/v1/refusals',
  '/api/v1/site-visits',
  '/api/v1/blocklist',
  '/api/v1/trainings',
  '/api/v1/safety-tests',
  '/api/v1/dancers/x/eligibility',
  '/api/v1/dancers/x/papers',
  '/api/v1/alerts',
  '/api/v1/overrides',
  '/api/v1/policy',
  '/api/v1/policy-packs',
])('%s is not read by one who is not signed in', async (path) => {
  const response = await fetch(`${club.url}${path}`);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: 'not_signed_in' });
});

test('the DJ reads neither roster nor papers nor balances nor nights', async () => {
  const dj = await club.tablet('DJ');
  const [dancer = ''] = club.dancers;
  for (const path of [
    '/dancers',
    '/alerts',
    `/dancers/${dancer}/papers`,
    `/dancers/${dancer}/balance`,
    '/nights',
    `/nights/${club.edge.reads.day.open()?.day}`,
  ]) {
    expect(await dj.ask('GET', `/api/v1${path}`)).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
  }
});

test('the OpenAPI document has every command with its body', async () => {
  const { body } = await club.owner.ask<{
    paths: Record<string, { post?: { operationId?: string; requestBody?: unknown } }>;
  }>('GET', '/api/v1/openapi.json');
  const operations = Object.values(body.paths).flatMap(({ post }) =>
    post?.operationId === undefined ? [] : [post.operationId],
  );
  expect(operations.toSorted()).toEqual(ROUTES.toSorted());
});
