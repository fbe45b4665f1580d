import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { caughtUp, expectAgreement } from '../support/agreement.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { bootBox, cloneDisk } from '../support/data-files.ts';
import { newFolder, openClub } from '../support/night.ts';
import { idsIn, idsOn, openFloor, sell } from '../support/selling.ts';
import { shortenWaits } from '../support/short-waits.ts';
import { tabletOf } from '../support/tablet.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { linesOf } from '../support/verify-log.ts';

shortenWaits();
const ROUNDS = 4;
const HELLOS_AT_REST = 12;
let at: ClubCloud;
let wires: readonly TcpProxy[];
let folder: string;
let clone = '';
beforeEach(async () => {
  at = await openClubCloud();
  wires = [await tcpProxy(at.url), await tcpProxy(at.url)];
  folder = await newFolder();
  await at.enrol(folder);
});
afterEach(async () => {
  for (const wire of wires) await wire.close();
  await at.close();
  rmSync(folder, { recursive: true, force: true });
  if (clone !== '') rmSync(clone, { recursive: true, force: true });
});
const hellos = (wire: TcpProxy | undefined): number =>
  wire?.asked().filter((path) => path.endsWith('/hello')).length ?? 0;
const opens = (): number => wires.flatMap((wire) => wire.asked()).filter((path) => path.endsWith('/logs')).length;

test('S8: two boxes run on one disk and its clone: it is told, both come to rest with one history, and no sale is lost', async () => {
  const first = await openClub({ folder, cloudUrl: wires[0]?.url ?? '' });
  await openFloor(first.owner, first);
  await sell(first.owner, first, 2);
  await caughtUp(first, at);
  clone = cloneDisk(folder);
  const second = await bootBox(clone, { cloudUrl: wires[1]?.url ?? '', boot: 'b_clone' });
  const theirs = tabletOf(second.url, first.owner);
  // Each has rooms of its own, as two boxes in two places have: what is sold in both contradicts nothing.
  const [mine, others] = [halfOf(first, 0), halfOf(first, 6)];
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.all([sell(first.owner, mine, 4), sell(theirs, others, 3)]);
    for (const box of [first, second]) for (const id of idsOn(box.edge)) seen.add(id);
    await caughtUp(first, at);
  }
  await until('both boxes to hold the same', async () => {
    const [one, other] = [first, second].map(({ edge }) => linesOf(edge.sqlite).map(({ line }) => line));
    return (
      one?.length === other?.length && one?.at(-1) === other?.at(-1) && (await at.mainline()).at(-1) === one?.at(-1)
    );
  });
  const before = { opens: opens(), hellos: wires.map(hellos), lines: (await at.mainline()).length };
  await until('many more heartbeats of both', () =>
    wires.every((wire, nth) => hellos(wire) >= (before.hellos[nth] ?? 0) + HELLOS_AT_REST),
  );
  expect({ opens: opens(), lines: (await at.mainline()).length }).toEqual({ opens: before.opens, lines: before.lines });
  for (const box of [first, second]) expect(box.edge.cloud()).toMatchObject({ link: 'up', waiting: 0 });
  const ids = idsIn(await expectAgreement(first, at));
  expect(idsIn(await expectAgreement(second, at))).toEqual(ids);
  expect([...seen].filter((id) => !ids.includes(id))).toEqual([]);
  expect((await at.alerts()).map(({ kind }) => kind)).toContain('clone_suspected');
  await second.stop();
  await first.stop();
});

function halfOf<T extends { readonly rooms: readonly string[]; readonly dancers: readonly string[] }>(
  club: T,
  from: number,
) {
  return { rooms: club.rooms.slice(from, from + 6), dancers: club.dancers.slice(from, from + 6) };
}
