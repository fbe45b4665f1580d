import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Problem, Recovery, StatusAnswer, TailsAnswer } from '#shared/contract/api.ts';
import type { SealedTail } from '#shared/contract/live.ts';
import { parseLine } from '#shared/contract/event-line.ts';
import { lineCommand } from '#shared/log/line.ts';
import { DEMO_PAIRING_CODE } from '../../edge-node/demo.ts';
import { recoveryCode } from '../../edge-node/recovery-code.ts';
import { replaceBox } from '../../edge-node/replace-box.ts';
import { fillNight } from '../bench/night.ts';
import { caughtUp, expectAgreement } from '../support/agreement.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { bootBox, keepFiles, putBack } from '../support/data-files.ts';
import type { TestEdge } from '../support/edge.ts';
import { helloOf, openScreen, type LiveScreen } from '../support/live-screen.ts';
import { newKey } from '../support/key.ts';
import { playUntil } from '../support/long-night.ts';
import { newFolder, openClub, type Club } from '../support/night.ts';
import { idsIn, idsOn } from '../support/selling.ts';
import { shortenWaits } from '../support/short-waits.ts';
import { asker, pairDevice, signInOn, type Tablet } from '../support/tablet.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

shortenWaits();
const NIGHT_EVENTS = 2_000;
const SENT_EVENTS = 1_200;
const TAILS_IN_A_REQUEST = 50;
const OWNER = { name: 'Olivia Owner', pin: '1111' } as const;
let scratch: string;
let folder: string;
let at: ClubCloud;
let wire: TcpProxy;
const opened: TestEdge[] = [];
beforeEach(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'clubops-replaced-'));
  at = await openClubCloud();
  wire = await tcpProxy(at.url);
  folder = await newFolder();
});
afterEach(async () => {
  for (const box of opened.splice(0)) await box.stop();
  await wire.close();
  await at.close();
  for (const one of [scratch, folder]) rmSync(one, { recursive: true, force: true });
});

/** A tablet that was there from some event of the night to another; what it keeps. */
type Stay = { readonly from: number; readonly to: number };
type Witness = { readonly device: string; readonly tails: readonly SealedTail[] };
/** What the box held when it was destroyed, and what people have who stand before a new one. */
type CutOff = {
  readonly lines: readonly string[];
  readonly recoveryCode: string;
  readonly witnesses: readonly Witness[];
  readonly owner: string;
  /** The same disk, for the day that it turns up again. */
  readonly aside: string;
};

/** One who comes when the night is at `from` and leaves at `to`: two moments, each of which is waited for. */
function openWitness(club: Club, device: string, { from, to }: Stay) {
  const kept: { screen: LiveScreen | null } = { screen: null };
  const stand = async (): Promise<void> => {
    const { screen } = kept;
    await screen?.until('what happened', () => screen.seq() === club.edge.log.head().pos);
  };
  return {
    at: async (place: number): Promise<void> => {
      if (place === from) {
        const tablet = await signInOn(club.url, device, OWNER);
        kept.screen = openScreen(club.url, helloOf(tablet.token));
      }
      if (place > to) return;
      await stand();
      if (place === to) await kept.screen?.close();
    },
    kept: (): Witness => ({ device, tails: [...(kept.screen?.tails ?? [])] }),
  };
}

/** A night whose last part never reached the cloud; it only heard how far the box is. */
async function cutOff(club: Club, stays: readonly Stay[], cloud: ClubCloud | null): Promise<CutOff> {
  const { edge } = club;
  const pair = (name: string) => pairDevice(club.url, { code: DEMO_PAIRING_CODE, name });
  const owner = await pair('the owner');
  const devices: string[] = [];
  for (const stay of stays) devices.push(await pair(`a witness until ${stay.to}`));
  await fillNight(edge);
  await playUntil(edge, SENT_EVENTS);
  if (cloud) await caughtUp(club, cloud);
  // Heartbeats get through, events no longer do.
  wire.spoil({ kind: 'small-only', bytesMax: 2_000 });
  const witnesses = stays.map((stay, nth) => openWitness(club, devices[nth] ?? '', stay));
  const places = new Set([...stays.flatMap(({ from, to }) => [from, to]), NIGHT_EVENTS]);
  for (const place of [...places].toSorted((a, b) => a - b)) {
    await playUntil(edge, place);
    for (const witness of witnesses) await witness.at(place);
  }
  if (cloud)
    await until(
      'the cloud to hear how far the box is',
      async () => (await cloud.boxWord())?.head === edge.log.head().seq,
    );
  return { ...(await destroy(club)), witnesses: witnesses.map((one) => one.kept()), owner };
}

async function destroy(club: TestEdge): Promise<Pick<CutOff, 'lines' | 'recoveryCode' | 'aside'>> {
  const lines = linesOf(club.edge.sqlite).map(({ line }) => line);
  await club.stop();
  const aside = path.join(scratch, 'aside');
  cpSync(folder, aside, { recursive: true });
  const key = Buffer.from(readFileSync(path.join(folder, 'club.key'), 'utf8'), 'base64');
  rmSync(folder, { recursive: true });
  return { lines, recoveryCode: recoveryCode(key), aside };
}

/** A new box, with the code that was printed at set-up; up as soon as it has the club's history. */
async function newBox(
  before: Pick<CutOff, 'recoveryCode'>,
  from: { readonly cloud: ClubCloud | null; readonly mirror: string | null },
): Promise<TestEdge> {
  const place = path.join(scratch, 'new');
  const cloud = from.cloud && { url: from.cloud.url, code: await from.cloud.newCode(true) };
  await replaceBox(place, { recoveryCode: before.recoveryCode, cloud, mirror: from.mirror }, null);
  const box = await bootBox(place, { boot: 'b_new', ...(cloud && { cloudUrl: cloud.url }) });
  opened.push(box);
  await until('the history', () => !box.edge.recovering.wantsHistory() && box.edge.box.get().keysWanted === null);
  return box;
}

/** As the floor app does: a few blobs in each request, oldest first. */
async function handOver(box: TestEdge, { device, tails }: Witness): Promise<void> {
  const ask = asker(box.url, { 'clubops-device': device });
  for (let at = 0; at < tails.length; at += TAILS_IN_A_REQUEST) {
    const some = tails.slice(at, at + TAILS_IN_A_REQUEST);
    const { status } = await ask<TailsAnswer>('POST', '/api/v1/witness/tails', { tails: some });
    expect(status).toBe(200);
  }
}

async function recoveryOn(owner: Tablet): Promise<Recovery | null> {
  return (await owner.ask<StatusAnswer>('GET', '/api/v1/status')).body.recovery;
}

/** What it says was lost is what was lost; answers how much that is. */
async function expectTruth(box: TestEdge, owner: Tablet, lines: readonly string[]): Promise<number> {
  const had = idsIn(lines);
  const has = new Set(idsOn(box.edge));
  const lost = had.filter((id) => !has.has(id)).length;
  const here = had.length - lost;
  const last = lines[here - 1] ?? '';
  expect(had.slice(0, here).filter((id) => !has.has(id))).toEqual([]);
  expect(await recoveryOn(owner)).toMatchObject({
    phase: 'witnesses',
    here,
    hereAt: parseLine(last).at.wall,
    heardOf: had.length,
    missing: lost,
  });
  return lost;
}

async function goOn(box: TestEdge, owner: Tablet): Promise<void> {
  expect(await owner.give('room.add', { name: 'Too soon' })).toMatchObject({ problem: { code: 'box_recovering' } });
  expect((await owner.ask<Problem>('POST', '/api/v1/recovery/finish', {})).status).toBe(200);
  await owner.must('room.add', { name: 'On the new box' });
  expectWhole(box);
}

/** The old box turns up: it may say what it still has, and nothing more. */
async function bringBack({ aside, lines, owner: device }: CutOff, box: TestEdge): Promise<void> {
  const old = await bootBox(aside, { cloudUrl: at.url, boot: 'b_old' });
  opened.push(old);
  await until('the old box to hear that it is replaced', () => old.edge.box.get().fenced);
  const owner = await signInOn(old.url, device, OWNER);
  expect(await owner.give('room.add', { name: 'On the old box' })).toMatchObject({ problem: { code: 'box_fenced' } });
  const had = idsIn(lines);
  await until('what only the old box had', () => {
    const has = new Set(idsOn(box.edge));
    return had.every((id) => has.has(id));
  });
  await caughtUp(box, at);
  const mainline = idsIn(await expectAgreement(box, at));
  expect(had.filter((id) => !mainline.includes(id))).toEqual([]);
}

const STAYS: readonly (readonly [string, readonly Stay[], number])[] = [
  ['no tablet', [], NIGHT_EVENTS - SENT_EVENTS],
  ['one tablet', [{ from: SENT_EVENTS, to: 1_700 }], NIGHT_EVENTS - 1_700],
  [
    'five tablets',
    [
      { from: SENT_EVENTS, to: 1_300 },
      { from: 1_300, to: 1_500 },
      { from: 1_400, to: 1_600 },
      { from: 1_500, to: 1_900 },
      { from: 1_900, to: 1_900 },
    ],
    NIGHT_EVENTS - 1_900,
  ],
];

test.each(STAYS)(
  'S9: a night of 2,000 events is cut off by the end of its box, with %s as witness: what the new box says was lost was lost',
  async (_who, stays, most) => {
    await at.enrol(folder);
    const club = await openClub({ folder, cloudUrl: wire.url, openDay: false });
    const before = await cutOff(club, stays, at);
    expect(before.lines).toHaveLength(NIGHT_EVENTS);
    const box = await newBox(before, { cloud: at, mirror: null });
    const owner = await signInOn(box.url, before.owner, OWNER);
    for (const witness of before.witnesses) await handOver(box, witness);
    const lost = await expectTruth(box, owner, before.lines);
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThanOrEqual(most);
    await goOn(box, owner);
    await bringBack(before, box);
  },
);

test.each(['sync', 'async'] as const)(
  'S9: a night of 2,000 events is cut off by the end of its box, with a second copy (%s): nothing is lost, and the new box says so',
  async (mode) => {
    await at.enrol(folder);
    const mirror = mkdtempSync(path.join(scratch, 'mirror-'));
    const club = await openClub({
      folder,
      cloudUrl: wire.url,
      openDay: false,
      mirror: { folder: mirror, mode, apartFrom: null },
    });
    const before = await cutOff(club, [], at);
    const box = await newBox(before, { cloud: at, mirror });
    const owner = await signInOn(box.url, before.owner, OWNER);
    expect(await expectTruth(box, owner, before.lines)).toBe(0);
    await goOn(box, owner);
    await bringBack(before, box);
  },
);

test('S9: a club without a cloud gets all of it back from the second copy', async () => {
  const mirror = mkdtempSync(path.join(scratch, 'mirror-'));
  const club = await openClub({ folder, openDay: false, mirror: { folder: mirror, mode: 'sync', apartFrom: null } });
  const before = await cutOff(club, [], null);
  const box = await newBox(before, { cloud: null, mirror });
  const owner = await signInOn(box.url, before.owner, OWNER);
  expect(await expectTruth(box, owner, before.lines)).toBe(0);
  await goOn(box, owner);
});

/** A night that forked, as its disk was put back: what either history held, and who saw it. */
type Forked = {
  readonly before: Awaited<ReturnType<typeof destroy>>;
  readonly had: readonly string[];
  readonly hadAgain: readonly string[];
  /** Events by which one of the two carried out what the same tablet asked of both. */
  readonly doings: readonly string[];
  readonly seen: Witness;
  readonly seenAgain: Witness;
};
const ASKED_OF_BOTH = { name: 'Asked of both' } as const;

/** With `sent` the cloud got some of the first history after the backup; the second one is longer, and all but its beginning is unknown to the cloud. */
async function fork({ sent, mirror }: { readonly sent: boolean; readonly mirror: string | null }): Promise<Forked> {
  await at.enrol(folder);
  const copy = mirror === null ? null : ({ folder: mirror, mode: 'sync', apartFrom: null } as const);
  const club = await openClub({ folder, cloudUrl: wire.url, openDay: false, mirror: copy });
  const pair = (nth: number) => pairDevice(club.url, { code: DEMO_PAIRING_CODE, name: `a witness of history ${nth}` });
  const [first, second] = [await pair(1), await pair(2)];
  await fillNight(club.edge);
  await caughtUp(club, at);
  const kept = keepFiles(folder);
  const start = club.edge.log.head().pos;
  if (sent) {
    await playUntil(club.edge, start + 5);
    await caughtUp(club, at);
  }
  wire.spoil({ kind: 'small-only', bytesMax: 0 });
  const key = newKey();
  const seen = await playSeen(club, first, { key, events: start + 20 });
  const had = idsOn(club.edge);
  const doings = doneFor(club, key);
  await club.stop();
  putBack(folder, kept);
  rmSync(kept, { recursive: true });
  const again = await bootBox(folder, { cloudUrl: wire.url, boot: 'b_again', mirror: copy });
  const seenAgain = await playSeen(again, second, { key, events: start + 140 });
  const hadAgain = idsOn(again.edge);
  expect(had.length).toBeLessThan(hadAgain.length);
  if (mirror !== null) await until('the second copy', () => again.edge.cloud().copy === 'whole');
  doings.push(...doneFor(again, key));
  return { before: await destroy(again), had, hadAgain, doings, seen, seenAgain };
}

function doneFor({ edge }: TestEdge, key: string): string[] {
  const lines = linesOf(edge.sqlite).map(({ line }) => line);
  return [...idsIn(lines.filter((line) => lineCommand(line) === key))];
}

/** All of both histories is there, once, but for the one tap that both carried out. Answers what the box said before it went on. */
async function expectBoth({ had, hadAgain, doings, seen }: Forked, box: TestEdge): Promise<Recovery | null> {
  const lines = linesOf(box.edge.sqlite).map(({ line }) => line);
  expect(lines.filter((line) => line.includes(ASKED_OF_BOTH.name))).toHaveLength(1);
  const has = idsIn(lines);
  expect(new Set(has).size).toBe(has.length);
  const missing = [...had, ...hadAgain].filter((id) => !has.includes(id));
  expect(missing.length).toBeGreaterThan(0);
  expect(missing.filter((id) => !doings.includes(id))).toEqual([]);
  const owner = await signInOn(box.url, seen.device, OWNER);
  const says = await recoveryOn(owner);
  await goOn(box, owner);
  wire.spoil(null);
  await caughtUp(box, at);
  expect(idsIn(await expectAgreement(box, at))).toEqual(idsOn(box.edge));
  return says;
}

describe('S9: where a disk was put back before its box ended', () => {
  test.each([
    ['the shorter history first', false, false],
    ['the longer history first', false, true],
    ['a fork that lies before what the cloud has', true, false],
    ['such a fork, the longer history first', true, true],
  ])('a new box takes both histories from those who saw them: %s', async (_what, sent, longerFirst) => {
    const forked = await fork({ sent, mirror: null });
    const box = await newBox(forked.before, { cloud: at, mirror: null });
    const witnesses = [forked.seen, forked.seenAgain];
    for (const witness of longerFirst ? witnesses.toReversed() : witnesses) await handOver(box, witness);
    expect(await expectBoth(forked, box)).toMatchObject({ here: forked.hadAgain.length, missing: 0 });
  });

  test.each([false, true])(
    'a new box takes both from the second copy, also what was put aside there (fork before what the cloud has: %s)',
    async (sent) => {
      const mirror = mkdtempSync(path.join(scratch, 'mirror-'));
      const forked = await fork({ sent, mirror });
      const box = await newBox(forked.before, { cloud: at, mirror });
      expect(await expectBoth(forked, box)).toMatchObject({ here: forked.hadAgain.length, missing: 0 });
    },
  );
});

test('S9: a new box that is switched off between two witnesses asks the first one again', async () => {
  await at.enrol(folder);
  const club = await openClub({ folder, cloudUrl: wire.url, openDay: false });
  const before = await cutOff(club, [{ from: SENT_EVENTS, to: 1_600 }], at);
  const [witness] = before.witnesses;
  const tails = witness?.tails ?? [];
  const device = witness?.device ?? '';
  const box = await newBox(before, { cloud: at, mirror: null });
  const owner = await signInOn(box.url, before.owner, OWNER);
  const cloudHad = (await recoveryOn(owner))?.here;
  // The second half alone joins nowhere yet, and is told as missing.
  const half = Math.ceil(tails.length / 2);
  await handOver(box, { device, tails: tails.slice(half) });
  expect(await recoveryOn(owner)).toMatchObject({ here: cloudHad, fromTablets: 0, tablets: 1 });
  await box.stop();
  opened.pop();
  const again = await bootBox(path.join(scratch, 'new'), { cloudUrl: at.url, boot: 'b_again' });
  opened.push(again);
  expect(again.edge.recovering.view()?.tablets).toBe(0);
  await handOver(again, { device: before.owner, tails: tails.slice(0, half) });
  await handOver(again, { device, tails: tails.slice(half) });
  await expectTruth(again, await signInOn(again.url, before.owner, OWNER), before.lines);
});

/** The night goes on to some event under the eyes of one tablet; what that keeps. */
async function playSeen(
  club: TestEdge,
  device: string,
  { key, events }: { readonly key: string; readonly events: number },
): Promise<Witness> {
  const tablet = await signInOn(club.url, device, OWNER);
  const screen = openScreen(club.url, helloOf(tablet.token));
  await screen.until('what is there', () => screen.seq() === club.edge.log.head().pos);
  expect((await tablet.give('room.add', ASKED_OF_BOTH, key)).ok).toBe(true);
  await playUntil(club.edge, events);
  await screen.until('what happened', () => screen.seq() === club.edge.log.head().pos);
  await screen.close();
  return { device, tails: [...screen.tails] };
}
