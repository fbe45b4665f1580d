import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { LIVE_CLOSE, LIVE_PATH } from '#shared/contract/live.ts';
import type { PairAnswer, PairingCodeAnswer, Problem, SessionAnswer, SignInAnswer } from '#shared/contract/api.ts';
import { DEMO_STAFF } from '../../edge-node/demo.ts';
import { limits } from '../../edge-node/limits.ts';
import { helloOf, openScreen } from '../support/live-screen.ts';
import { openClub, pass, type Club } from '../support/night.ts';
import { asker, tabletOf, type Reply, type Tablet } from '../support/tablet.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const newClub = async (): Promise<Club> => (club = await openClub());

const newCode = async (owner: Tablet, ceiling = 'office') =>
  (await owner.ask<PairingCodeAnswer>('POST', '/api/v1/pairing/codes', { ceiling })).body;
const pair = (url: string, code: string) =>
  asker(url, {})<PairAnswer & Problem>('POST', '/api/v1/devices', { code, name: 'a tablet' });
const device = (url: string, token: string) => asker(url, { 'clubops-device': token });
type Signed = Reply<SessionAnswer & Problem>;

/** A device that is paired, as someone at its sign-in screen has it. */
async function pairedDevice({ url, owner }: Club, ceiling = 'office') {
  const { code } = await newCode(owner, ceiling);
  const paired = (await pair(url, code)).body;
  const ask = device(url, paired.token);
  const { staff } = (await ask<SignInAnswer>('GET', '/api/v1/sign-in')).body;
  const idOf = (name: string) => staff.find((one) => one.name.startsWith(name))?.staff ?? '';
  const signIn = (name: string, pin: string): Promise<Signed> =>
    ask('POST', '/api/v1/sessions', { staff: idOf(name), pin });
  return { ...paired, ask, staff, signIn };
}

test('a pairing code pairs one device, once', async () => {
  const { url, owner, edge } = await newClub();
  const { code } = await newCode(owner, 'dj');
  const first = await pair(url, code);
  expect(first.status).toBe(200);
  expect(edge.reads.club.device(first.body.device)).toMatchObject({ ceiling: 'dj', revoked: false });
  expect(await pair(url, code)).toMatchObject({ status: 403, body: { code: 'pairing_code_wrong' } });
});

test('a code is taken as it is read aloud: in small letters too', async () => {
  const { url, owner } = await newClub();
  const { code } = await newCode(owner);
  expect((await pair(url, code.toLowerCase())).status).toBe(200);
});

test('a pairing code is good for five minutes', async () => {
  const { url, owner, clock } = await newClub();
  const { code, expiresAt } = await newCode(owner);
  expect(expiresAt).toBe(clock.wall() + limits.pairingCodeMs);
  pass(clock, limits.pairingCodeMs - 1);
  const { code: late } = await newCode(owner);
  expect((await pair(url, code)).status).toBe(200);
  pass(clock, limits.pairingCodeMs);
  expect((await pair(url, late)).body.code).toBe('pairing_code_wrong');
});

test('setting the wall clock back gives a pairing code no longer life', async () => {
  const { url, owner, clock } = await newClub();
  const { code } = await newCode(owner);
  clock.set({ wall: clock.wall() - limits.pairingCodeMs, mono: clock.mono() + limits.pairingCodeMs });
  expect((await pair(url, code)).body.code).toBe('pairing_code_wrong');
});

test('five wrong tries end every code that waits', async () => {
  const { url, owner } = await newClub();
  const { code } = await newCode(owner);
  for (let wrong = 1; wrong < limits.pairingTriesMax; wrong += 1)
    expect((await pair(url, 'WRNGWRNG')).status).toBe(403);
  expect((await pair(url, code)).status).toBe(200);
  const { code: next } = await newCode(owner);
  for (let wrong = 1; wrong <= limits.pairingTriesMax; wrong += 1)
    expect((await pair(url, 'WRNGWRNG')).status).toBe(403);
  expect((await pair(url, next)).status).toBe(403);
});

test('only owner and manager make a pairing code', async () => {
  const { edge, tablet } = await newClub();
  const { seq } = edge.log.head();
  for (const [name, status] of [
    ['Max', 200],
    ['DJ', 403],
    ['Dora', 403],
  ] as const) {
    expect((await (await tablet(name)).ask('POST', '/api/v1/pairing/codes', { ceiling: 'floor' })).status).toBe(status);
  }
  expect(edge.log.head().seq).toBe(seq + 3);
});

test('a device that is not paired shows nobody and signs nobody in', async () => {
  const { url, owner } = await newClub();
  for (const token of ['', 'x', 'A'.repeat(43)]) {
    const ask = device(url, token);
    expect(await ask('GET', '/api/v1/sign-in')).toMatchObject({ status: 401, body: { code: 'device_unknown' } });
    expect(await ask('POST', '/api/v1/sessions', { staff: owner.staff, pin: '1111' })).toMatchObject({
      status: 401,
      body: { code: 'device_unknown' },
    });
  }
});

test('the sign-in screen names the staff and nothing else about them', async () => {
  const { staff } = await pairedDevice(await newClub());
  expect(staff.map(({ name }) => name)).toEqual(DEMO_STAFF.map(({ name }) => name).toSorted());
  expect(Object.keys(staff[0] ?? {})).toEqual(['staff', 'name']);
});

test('a person may do on a device what her roles and the device both allow', async () => {
  const one = await newClub();
  const booth = await pairedDevice(one, 'dj');
  const session = (await booth.signIn('Olivia', '1111')).body;
  expect(session.roles).toEqual([]);
  expect(await tabletOf(one.url, session).give('room.add', { name: 'Red' })).toMatchObject({
    problem: { code: 'not_allowed' },
  });
  expect((await booth.signIn('DJ', '5555')).body.roles).toEqual(['dj']);
});

test('five wrong PINs lock the person on that device, for a minute, and nowhere else', async () => {
  const one = await newClub();
  const here = await pairedDevice(one);
  const there = await pairedDevice(one);
  for (let wrong = 1; wrong <= limits.pinTriesMax; wrong += 1)
    expect((await here.signIn('Max', '0000')).body.code).toBe('pin_wrong');
  expect(await here.signIn('Max', '2222')).toMatchObject({ status: 429, body: { code: 'pin_locked' } });
  expect((await here.signIn('Dora', '3333')).status).toBe(200);
  expect((await there.signIn('Max', '2222')).status).toBe(200);
  pass(one.clock, limits.pinLockMs - 1);
  expect((await here.signIn('Max', '2222')).body.code).toBe('pin_locked');
  pass(one.clock, 1);
  expect((await here.signIn('Max', '2222')).status).toBe(200);
});

test('a right PIN forgets the wrong ones before it', async () => {
  const { signIn } = await pairedDevice(await newClub());
  for (let round = 0; round < 3; round += 1) {
    for (let wrong = 1; wrong < limits.pinTriesMax; wrong += 1) await signIn('Max', '0000');
    expect((await signIn('Max', '2222')).status).toBe(200);
  }
});

test('guesses that are sent all at once get no more tries than guesses one by one', async () => {
  const { signIn } = await pairedDevice(await newClub());
  const guesses = await Promise.all(Array.from({ length: 20 }, (_, guess) => signIn('Max', String(9_000 + guess))));
  const codes = guesses.map(({ body }) => body.code);
  expect(codes.filter((code) => code === 'pin_wrong')).toHaveLength(limits.pinTriesMax);
  expect(codes.filter((code) => code === 'pin_locked')).toHaveLength(20 - limits.pinTriesMax);
  expect((await signIn('Max', '2222')).body.code).toBe('pin_locked');
});

test('nobody signs in who is not on the staff', async () => {
  const { ask } = await pairedDevice(await newClub());
  expect(await ask('POST', '/api/v1/sessions', { staff: 'nobody', pin: '1111' })).toMatchObject({
    status: 404,
    body: { code: 'staff_unknown' },
  });
});

test('tokens are set as cookies that no script can read, and the cookie alone is enough', async () => {
  const { url, owner } = await newClub();
  const { code } = await newCode(owner);
  const post = (path: string, body: object, cookie: string) =>
    fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    });
  const paired = (await post('/devices', { code, name: 'a browser' }, '')).headers.get('set-cookie') ?? '';
  expect(paired).toMatch(/^clubops_device=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  const session =
    (await post('/sessions', { staff: owner.staff, pin: '1111' }, paired.split(';')[0] ?? '')).headers.get(
      'set-cookie',
    ) ?? '';
  expect(session).toMatch(/^clubops_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  const current = await fetch(`${url}/api/v1/sessions/current`, {
    headers: { cookie: `a=b; ${session.split(';')[0]}` },
  });
  expect(await current.json()).toMatchObject({ staff: owner.staff });
});

test('signing out ends the session and nothing else', async () => {
  const { signIn, ask, ...one } = await pairedDevice(await newClub());
  const first = (await signIn('Max', '2222')).body;
  const second = (await signIn('Max', '2222')).body;
  const as = ({ token }: SessionAnswer) => asker(club?.url ?? '', { authorization: `Bearer ${token}` });
  expect((await as(first)('DELETE', '/api/v1/sessions/current')).status).toBe(204);
  expect((await as(first)('GET', '/api/v1/sessions/current')).status).toBe(401);
  expect((await as(second)('GET', '/api/v1/sessions/current')).status).toBe(200);
  expect((await ask('GET', '/api/v1/sign-in')).status).toBe(200);
  expect(one.device).not.toBe('');
});

test('a revoked device loses its sessions and its screens at once, and signs nobody in again', async () => {
  const one = await newClub();
  const lost = await pairedDevice(one, 'floor');
  const session = (await lost.signIn('Ben', '7777')).body;
  const screen = openScreen(one.url, helloOf(session.token));
  await screen.until('a snapshot', () => screen.seq() !== null);
  await one.owner.must('device.revoke', { device: lost.device });
  expect(await screen.closed).toBe(LIVE_CLOSE.notSignedIn);
  expect((await asker(one.url, { authorization: `Bearer ${session.token}` })('GET', '/api/v1/view')).status).toBe(401);
  expect((await lost.signIn('Ben', '7777')).body.code).toBe('device_unknown');
  const again = openScreen(one.url, helloOf(session.token));
  expect(await again.closed).toBe(LIVE_CLOSE.notSignedIn);
  expect(await one.owner.give('device.revoke', { device: lost.device })).toMatchObject({
    problem: { code: 'device_gone' },
  });
});

test('a restarted node knows its people and its devices', async () => {
  const first = await newClub();
  const { token } = await pairedDevice(first);
  await first.stop();
  const second = (club = await openClub({ folder: first.folder, boot: 'b_two', openDay: false }));
  expect(await tabletOf(second.url, first.owner).ask('GET', '/api/v1/sessions/current')).toMatchObject({
    status: 200,
    body: { staff: first.owner.staff },
  });
  expect((await device(second.url, token)('GET', '/api/v1/sign-in')).status).toBe(200);
});

test('a revoked device stays revoked after a restart', async () => {
  const first = await newClub();
  const lost = await pairedDevice(first, 'floor');
  const { token } = (await lost.signIn('Ben', '7777')).body;
  await first.owner.must('device.revoke', { device: lost.device });
  await first.stop();
  const second = (club = await openClub({ folder: first.folder, boot: 'b_two', openDay: false }));
  expect((await device(second.url, lost.token)('GET', '/api/v1/sign-in')).status).toBe(401);
  expect((await asker(second.url, { authorization: `Bearer ${token}` })('GET', '/api/v1/view')).status).toBe(401);
});

test.each([
  ['a name that an attacker points at the node', { host: 'evil.example' }],
  ["that name with the node's port", { host: 'evil.example:8080' }],
  ['a name that only begins like ours', { host: 'localhost.evil.example' }],
  ['a page of another site', { origin: 'https://evil.example' }],
  ['a page of another port', { origin: 'http://127.0.0.1:1' }],
  ['a page without an origin of its own', { origin: 'null' }],
])('a request from %s is refused before it is read', async (_what, headers) => {
  const { edge, owner } = await newClub();
  const { seq } = edge.log.head();
  for (const [method, path] of [
    ['POST', '/api/v1/rooms'],
    ['GET', '/api/v1/view'],
    ['GET', '/healthz'],
  ] as const) {
    const reply = await owner.ask(method, path, method === 'POST' ? { name: 'Red' } : undefined, headers);
    expect(reply).toMatchObject({ status: 403, body: { code: 'origin_foreign' } });
  }
  expect(edge.log.head().seq).toBe(seq);
});

test.each([{ headers: { host: 'evil.example' } }, { origin: 'https://evil.example' }])(
  'a socket with %j is not opened',
  async (options) => {
    const { url, edge } = await newClub();
    const socket = new WebSocket(`${url.replace('http', 'ws')}${LIVE_PATH}`, options);
    const outcome = await new Promise((resolve) => {
      socket.on('open', () => resolve('open'));
      socket.on('error', () => resolve('refused'));
    });
    expect(outcome).toBe('refused');
    expect(edge.hub.sockets()).toBe(0);
  },
);

test("a request from the node's own page is answered, with a policy that allows no foreign script", async () => {
  const { url, owner } = await newClub();
  expect((await owner.ask('GET', '/api/v1/status', undefined, { origin: url })).status).toBe(200);
  const { headers } = await fetch(`${url}/`);
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(headers.get('content-security-policy')).not.toContain('unsafe');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});
