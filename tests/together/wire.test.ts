import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { caughtUp, expectAgreement } from '../support/agreement.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { newFolder, openClub, type Club } from '../support/night.ts';
import { openFloor, SALE_EVENTS, sell } from '../support/selling.ts';
import { seeded } from '../support/seeded.ts';
import { shortenWaits } from '../support/short-waits.ts';
import { tcpProxy, type Fault, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

// The shortest that the HTTP client's own timers keep.
shortenWaits({ uplinkRequestMs: 1_000, uplinkExchangeMs: 2_000 });
const GUESTS = 24;
let at: ClubCloud;
let wire: TcpProxy;
let folder: string;
let club: Club;
beforeAll(async () => {
  at = await openClubCloud();
  wire = await tcpProxy(at.url);
  folder = await newFolder();
  await at.enrol(folder);
  club = await openClub({ folder, cloudUrl: wire.url });
  await openFloor(club.owner, club);
  await caughtUp(club, at);
});
afterEach(() => wire.spoil(null));
afterAll(async () => {
  await club.stop();
  await wire.close();
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The floor sells while the wire is bad; each sale waits for its answers, so that it ends shows that nobody was held up. */
async function sellWhile(fault: Fault): Promise<{ readonly before: number; readonly struck: number }> {
  const before = club.edge.log.head().pos;
  const struck = wire.struck();
  wire.spoil(fault);
  await sell(club.owner, club, GUESTS);
  expect(club.edge.log.head().pos).toBe(before + GUESTS * SALE_EVENTS);
  await until('the fault to strike', () => wire.struck() > struck);
  return { before, struck };
}

/** Answers how many events the cloud has. */
const caught = async (): Promise<number> => {
  await caughtUp(club, at);
  return (await expectAgreement(club, at)).length;
};

test('S12: where three of ten pieces are lost with their connection all gets there, once', async () => {
  const { before, struck } = await sellWhile({ kind: 'loss', of: 0.3, next: seeded(12).next });
  for (let more = 0; more < 3; more += 1) await sell(club.owner, club, 2);
  await until('several losses', () => wire.struck() >= struck + 3);
  expect(await caught()).toBe(before + (GUESTS + 6) * SALE_EVENTS);
});

test('S12: where every piece is late all gets there, once', async () => {
  const { struck } = await sellWhile({ kind: 'late', ms: 150 });
  await caught();
  expect(wire.struck()).toBeGreaterThan(struck + 1);
});

test('S12: connections that are reset in the middle of a push, a little later each time, deliver nothing by halves', async () => {
  await sellWhile({ kind: 'reset', afterBytes: 300 });
  const pushes = wire.asked().filter((path) => path.endsWith('/events')).length;
  for (const afterBytes of [600, 900, 1_200, 1_500]) {
    const struck = wire.struck();
    wire.spoil({ kind: 'reset', afterBytes });
    await sell(club.owner, club, 1);
    await until('a reset', () => wire.struck() > struck);
    const held = await at.mainline();
    expect(held.length).toBeLessThanOrEqual(club.edge.log.head().pos);
  }
  expect(wire.asked().filter((path) => path.endsWith('/events')).length).toBeGreaterThan(pushes);
  wire.spoil(null);
  await caught();
});

test('S12: a cloud that takes and never answers holds nobody up, and is left for a new connection', async () => {
  const { before } = await sellWhile({ kind: 'half-open' });
  await until('the box to notice', () => club.edge.cloud().link === 'down');
  expect((await at.log())?.acked).toBeLessThanOrEqual(before);
  expect(club.edge.cloud().waiting).toBeGreaterThanOrEqual(GUESTS * SALE_EVENTS);
  wire.spoil(null);
  await caught();
});

test('S12: an answer that is lost after the commit makes nothing twice', async () => {
  const { before } = await sellWhile({ kind: 'answer-lost', to: /\/events$/ });
  await until(
    'the cloud to have all of it, unheard',
    async () => (await at.mainline()).length === before + GUESTS * SALE_EVENTS,
  );
  wire.spoil(null);
  expect(await caught()).toBe(before + GUESTS * SALE_EVENTS);
});

test.each(['headers', 'body'] as const)(
  'S12: an answer whose %s come a byte at a time is not waited for to its end',
  async (from) => {
    await sellWhile({ kind: 'drip', everyMs: 100, from });
    await until('the box to give it up', () => club.edge.cloud().link === 'down');
    expect(club.edge.cloud().waiting).toBeGreaterThan(0);
    wire.spoil(null);
    await caught();
  },
);
