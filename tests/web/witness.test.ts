import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { TAIL_LINES_KEPT } from '#shared/contract/live.ts';
import { REFUSALS, type Refusal } from '#shared/domain/refusal.ts';
import { openBrowser, openTablet, signIn, type Screen } from '../support/browser.ts';
import { buildTestEdge, type TestEdge } from '../support/edge.ts';
import type { Tablet } from '../support/tablet.ts';
import { IN_PLACE, give, holdFeed, problemOf, sayAsBox, tailOf, tailsSentBy, type BoxSays } from './box-stands.ts';
import { keptTails, linesOf, placesOf } from './kept-tails.ts';

/** Every tablet is a witness of its club's last lines: what it keeps, how long, and to whom it gives it. */
let browser: Browser;
let edge: TestEdge;
let manager: Tablet;
const opened: Screen[] = [];
const broken: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  edge = await buildTestEdge();
  manager = await edge.tablet('Max');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((screen) => screen.close()));
  await edge.close();
  if (broken.length > 0) throw new Error(broken.splice(0).join('\n'));
});

async function newTablet(): Promise<Page> {
  const screen = await openTablet(browser, {});
  opened.push(screen);
  screen.page.on('pageerror', (error) => broken.push(error.message));
  return screen.page;
}
const enter = (page: Page, who = 'DJ') => signIn(page, { url: edge.url, who });
const isLive = (page: Page) => page.locator('.pill[data-link=live]').waitFor();
const head = () => edge.edge.log.head().seq;

/** Lines that every screen gets. */
async function addRooms(...names: readonly string[]): Promise<void> {
  for (const name of names) await manager.must('room.add', { name });
}
const places = async (page: Page) => placesOf(await keptTails(page));
const kept = (page: Page) => expect.poll(() => places(page), { interval: 20 });
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** What a page hands over, as its requests arrive; `answer` may refuse one. */
async function takeTails(
  page: Page,
  answer: (nth: number) => 'ok' | 'lost' | 'too early' | Refusal = () => 'ok',
): Promise<readonly Request[]> {
  const requests: Request[] = [];
  await page.route('**/api/v1/witness/tails', (route) => {
    requests.push(route.request());
    const what = answer(requests.length);
    if (what === 'lost') return route.abort();
    if (what === 'too early') return route.fulfill({ json: { recovery: { ...IN_PLACE.recovery, phase: 'history' } } });
    return what === 'ok'
      ? route.fulfill({ json: { recovery: null } })
      : route.fulfill({ status: 503, json: problemOf(what) });
  });
  return requests;
}
const last = (requests: readonly Request[]): Request => {
  const found = requests.at(-1);
  if (!found) throw new Error('Nothing was handed over yet.');
  return found;
};
const sent = (requests: readonly Request[]) => requests.map((one) => tailsSentBy(one).map(({ seq }) => seq));

test('a page keeps the lines of every commit, and goes on after a reload without a hole or a repeat', async () => {
  const page = await newTablet();
  await enter(page);
  const before = head();
  await addRooms('Red', 'Blue');
  await kept(page).toEqual(upTo(before + 1, before + 2));
  await page.goto('about:blank');
  await addRooms('Green', 'Gold');
  await page.goto(edge.url);
  await isLive(page);
  await addRooms('Grey');
  await kept(page).toEqual(upTo(before + 1, before + 5));
  expect(linesOf(await keptTails(page))).toBe(5);
});

test('the newest blobs of 2,000 lines are kept, on the disk too', async () => {
  const page = await newTablet();
  const feed = await holdFeed(page);
  await enter(page);
  for (const at of [1, 2, 3, 4, 5])
    give(feed, { f: 'tails', tails: [tailOf(at * 300, 300), tailOf(at * 300 + 250, 250)] });
  await expect
    .poll(async () => (await keptTails(page)).map(({ seq }) => seq))
    .toEqual([850, 900, 1_150, 1_200, 1_450, 1_500, 1_750]);
  expect(linesOf(await keptTails(page))).toBeLessThanOrEqual(TAIL_LINES_KEPT);
});

test('many frames at once are written in few transactions', async () => {
  const page = await newTablet();
  await page.addInitScript(() => {
    const counted = { writes: 0 };
    Object.assign(window, { counted });
    const begun = Reflect.get(IDBDatabase.prototype, 'transaction') as (...given: readonly unknown[]) => IDBTransaction;
    IDBDatabase.prototype.transaction = function transaction(this: IDBDatabase, ...given) {
      if (given[1] === 'readwrite') counted.writes += 1;
      return Reflect.apply(begun, this, given);
    };
  });
  const feed = await holdFeed(page);
  await enter(page);
  for (const seq of upTo(1, 200)) give(feed, { f: 'tails', tails: [tailOf(seq, 1)] });
  await kept(page).toEqual(upTo(1, 200));
  const writes = await page.evaluate(() => (window as unknown as { counted: { writes: number } }).counted.writes);
  expect(writes).toBeLessThan(20);
});

test('a device that is unpaired keeps nothing, and a box that does not know its club unpairs nobody', async () => {
  const page = await newTablet();
  const says: BoxSays = { status: null, tailsWanted: false, refuses: null };
  await sayAsBox(page, says);
  await enter(page);
  await addRooms('Red');
  await kept(page).toEqual([head()]);
  says.refuses = 'club_not_configured';
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Pair this device' }).waitFor();
  expect(placesOf(await keptTails(page))).toEqual([head()]);
  says.refuses = null;
  await page.reload();
  const token = (await page.context().cookies()).find(({ name }) => name === 'clubops_device')?.value ?? '';
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await manager.must('device.revoke', { device: edge.edge.signIns.device(token) ?? '' });
  await page.reload();
  await page.getByRole('heading', { name: 'Pair this device' }).waitFor();
  await kept(page).toEqual([]);
});

test('a box that takes another\u2019s place is given all of it, with nobody at the tablet', async () => {
  const page = await newTablet();
  const says: BoxSays = { status: null, tailsWanted: false, refuses: null };
  await sayAsBox(page, says);
  const feed = await holdFeed(page);
  await enter(page);
  const requests = await takeTails(page, (nth) => (['lost', 'box_recovering', 'too early'] as const)[nth - 1] ?? 'ok');
  give(feed, { f: 'tails', tails: upTo(1, 450).map((seq) => tailOf(seq, 1)) });
  await kept(page).toEqual(upTo(1, 450));
  says.refuses = 'box_recovering';
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText(REFUSALS.box_recovering).waitFor();
  Object.assign(says, { refuses: null, tailsWanted: true });
  await expect.poll(() => requests.length).toBe(6);
  const first = upTo(1, 200);
  expect(sent(requests)).toEqual([first, first, first, first, upTo(201, 400), upTo(401, 450)]);
  expect(await page.getByRole('heading', { name: 'Who are you?' }).count()).toBe(1);
});

test('a page that is closed in the middle of handing over goes on when it is opened again, though it is asked no more', async () => {
  const page = await newTablet();
  const says: BoxSays = { status: null, tailsWanted: false, refuses: null };
  await sayAsBox(page, says);
  const feed = await holdFeed(page);
  await enter(page);
  give(feed, { f: 'tails', tails: upTo(1, 300).map((seq) => tailOf(seq, 1)) });
  await kept(page).toEqual(upTo(1, 300));
  const state = { isHere: true };
  const requests = await takeTails(page, () => (state.isHere || requests.length === 1 ? 'ok' : 'lost'));
  state.isHere = false;
  says.tailsWanted = true;
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect.poll(() => requests.length).toBe(2);
  Object.assign(says, { tailsWanted: false });
  await page.goto('about:blank');
  state.isHere = true;
  const before = requests.length;
  await page.goto(edge.url);
  await expect.poll(() => sent(requests).slice(before)).toEqual([upTo(1, 200), upTo(201, 300)]);
});

test('a blob that the box can\u2019t read keeps no other one back', async () => {
  const page = await newTablet();
  const feed = await holdFeed(page);
  await enter(page);
  give(feed, { f: 'tails', tails: upTo(1, 5).map((seq) => tailOf(seq, 1)) });
  await kept(page).toEqual(upTo(1, 5));
  const requests = await takeTails(page, () =>
    tailsSentBy(last(requests)).some(({ seq }) => seq === 2) ? 'body_invalid' : 'ok',
  );
  await sayAsBox(page, { status: null, tailsWanted: true, refuses: null });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect.poll(() => sent(requests)).toEqual([upTo(1, 5), [1, 2, 3], [1, 2], [1], [2], [3], [4, 5]]);
});

test('large blobs go in requests that the box takes', async () => {
  const page = await newTablet();
  const says: BoxSays = { status: null, tailsWanted: true, refuses: null };
  const feed = await holdFeed(page);
  await enter(page);
  give(feed, { f: 'tails', tails: [1, 2, 3, 4, 5, 6].map((seq) => tailOf(seq, 1, `${seq}`.repeat(90_000))) });
  await kept(page).toEqual([1, 2, 3, 4, 5, 6]);
  const requests = await takeTails(page);
  await sayAsBox(page, says);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect
    .poll(() => sent(requests))
    .toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
});

test('a page on the floor hears of it too, and gives it once for each time', async () => {
  const page = await newTablet();
  const says: BoxSays = { status: IN_PLACE, tailsWanted: true, refuses: null };
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const signIns = () => asked.filter((path) => path === '/api/v1/sign-in').length;
  const requests = await takeTails(page);
  await enter(page);
  await addRooms('Red');
  await kept(page).toEqual([head()]);
  await sayAsBox(page, says);
  await page.reload();
  await expect.poll(() => sent(requests)).toEqual([[head()]]);
  const then = signIns();
  await expect.poll(signIns).toBeGreaterThan(then + 2);
  expect(requests).toHaveLength(1);
  says.tailsWanted = false;
  const later = signIns();
  await expect.poll(signIns).toBeGreaterThan(later + 1);
  says.tailsWanted = true;
  await expect.poll(() => requests.length).toBe(2);
});

test('a tablet that keeps nothing says that it was here', async () => {
  const page = await newTablet();
  const requests = await takeTails(page);
  await sayAsBox(page, { status: IN_PLACE, tailsWanted: true, refuses: null });
  await enter(page);
  await expect.poll(() => sent(requests)).toEqual([[]]);
});

test('a real box asks, takes it, says so on the screen and goes on when somebody says it shall', async () => {
  const page = await newTablet();
  await enter(page, 'Max');
  await addRooms('Red', 'Blue');
  await kept(page).toEqual([head() - 1, head()]);
  const { log, box, recovering } = edge.edge;
  const here = log.head().pos;
  const at = { logId: log.logId, seq: log.head().seq, hash: log.head().hash.toString('hex') };
  const nothing = { unjoined: 0, fromMirror: 0, fromTablets: 0, devices: [] };
  box.set({
    recovery: { phase: 'witnesses', at, start: at, here, hereAt: 0, heardOf: here, fromCloud: here, ...nothing },
  });
  await page.locator('.box-banner').getByRole('button').click({ timeout: 20_000 });
  const sheet = page.locator('dialog[open]');
  await expect.poll(() => sheet.locator('.recovery dd').allTextContents()).toEqual([String(here), '0', '0', '1']);
  expect(recovering.view()).toMatchObject({ here, missing: 0, tablets: 1 });
  await sheet.getByRole('button', { name: 'Hold to go on with what is here' }).click({ delay: 1_000 });
  await sheet.locator('.recovery').waitFor({ state: 'detached' });
  expect(recovering.isHolding()).toBe(false);
  await addRooms('Green');
});

const NO_ROOM: Readonly<Record<string, () => void>> = {
  'without a database': () => Object.defineProperty(window, 'indexedDB', { value: undefined }),
  'with a database that says no': () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('no', 'SecurityError');
    };
  },
  'with a database that never answers': () => {
    IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest;
  },
  'with a disk that is full': () => {
    IDBObjectStore.prototype.put = function put(this: IDBObjectStore) {
      this.transaction.abort();
      throw new DOMException('full', 'QuotaExceededError');
    };
  },
};
test.each(Object.entries(NO_ROOM))(
  'a browser %s shows the floor all the same, and keeps what it can',
  async (_how, take) => {
    const page = await newTablet();
    await page.addInitScript(take);
    const requests = await takeTails(page);
    const says: BoxSays = { status: null, tailsWanted: false, refuses: null };
    await sayAsBox(page, says);
    await enter(page);
    await addRooms('Red', 'Blue');
    await page.locator('.card', { hasText: 'Blue' }).waitFor();
    says.tailsWanted = true;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(() => sent(requests)).toEqual([[head() - 1, head()]]);
  },
);
