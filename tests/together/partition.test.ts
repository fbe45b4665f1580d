import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { DEMO_PAIRING_CODE } from '../../edge-node/demo.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { fillNight } from '../bench/night.ts';
import { playUntil } from '../support/long-night.ts';
import { newFolder, openClub } from '../support/night.ts';
import { startNode, type NodeProcess } from '../support/node-process.ts';
import { pairTablet } from '../support/tablet.ts';
import { until } from '../support/until.ts';

const EVENTS = 6_000;
/** So that a push takes a while: the backlog is some 250 KB on the wire. */
const RATE = '800kbit';
const name = `clubops${process.pid}`;
/** Of this process alone: what a killed run left behind has other addresses. */
const net = (cable: 0 | 1): string =>
  `10.${100 + (process.pid % 100)}.${2 * (Math.floor(process.pid / 100) % 120) + cable}`;
/** The floor's tablets, and the way to the cloud: two cables of the box. */
const FLOOR = { ours: `cof${process.pid % 10_000}`, theirs: 'floor0', here: `${net(0)}.1`, there: `${net(0)}.2` };
const WAN = { ours: `cow${process.pid % 10_000}`, theirs: 'wan0', here: `${net(1)}.1`, there: `${net(1)}.2` };

const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: 'ignore' });

/** A network of its own for the box, with two cables to ours; null where this machine lets nobody have one. */
function openNetwork(): { readonly close: () => void } | null {
  const close = (): void => {
    for (const args of [
      ['netns', 'del', name],
      ['link', 'del', FLOOR.ours],
      ['link', 'del', WAN.ours],
    ]) {
      try {
        ip(...args);
      } catch {
        // It was not made, or is gone with the network.
      }
    }
  };
  try {
    ip('netns', 'add', name);
    for (const { ours, theirs, here, there } of [FLOOR, WAN]) {
      ip('link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', name);
      ip('addr', 'add', `${here}/24`, 'dev', ours);
      ip('link', 'set', ours, 'up');
      ip('-n', name, 'addr', 'add', `${there}/24`, 'dev', theirs);
      ip('-n', name, 'link', 'set', theirs, 'up');
    }
    ip('-n', name, 'link', 'set', 'lo', 'up');
    execFileSync('ip', [
      'netns',
      'exec',
      name,
      'tc',
      'qdisc',
      'add',
      'dev',
      WAN.theirs,
      'root',
      'tbf',
      'rate',
      RATE,
      'burst',
      '8kb',
      'latency',
      '400ms',
    ]);
    return { close };
  } catch {
    close();
    return null;
  }
}

const network = openNetwork();
let at: ClubCloud | null = null;
let node: NodeProcess | null = null;
afterEach(async () => {
  await node?.kill();
  await at?.close();
  network?.close();
});

test.skipIf(network === null)(
  'S12: the cable to the cloud is pulled in the middle of a push and put back: the floor goes on, and the cloud gets all of it (skipped where no network namespace may be made)',
  async () => {
    at = await openClubCloud(WAN.here);
    const cloud = at;
    const folder = await newFolder();
    await cloud.enrol(folder);
    const club = await openClub({ folder, openDay: false });
    await fillNight(club.edge);
    await playUntil(club.edge, EVENTS);
    await club.stop();
    const acked = async (): Promise<number> => (await cloud.log())?.acked ?? 0;
    node = await startNode(
      folder,
      { CLUBOPS_CLOUD_URL: cloud.url, CLUBOPS_HOST: FLOOR.there, CLUBOPS_HOSTS: FLOOR.there },
      name,
    );
    await until('the first of it in the cloud', async () => (await acked()) > 0);
    ip('link', 'set', WAN.ours, 'down');
    const owner = await pairTablet(node.url, { code: DEMO_PAIRING_CODE, name: 'Olivia Owner', pin: '1111' });
    for (let room = 0; room < 20; room += 1) await owner.must('room.add', { name: `Without a cable ${room}` });
    const then = await acked();
    expect(then).toBeLessThan(EVENTS);
    ip('link', 'set', WAN.ours, 'up');
    const status = async () =>
      (await owner.ask<{ readonly head: { readonly seq: number; readonly hash: string } }>('GET', '/api/v1/status'))
        .body.head;
    const head = await status();
    await until('all of it in the cloud', async () => (await acked()) === head.seq, { msMax: 40_000 });
    expect((await cloud.log())?.headHash).toBe(head.hash);
    rmSync(folder, { recursive: true, force: true });
  },
);
