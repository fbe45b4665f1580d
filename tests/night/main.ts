import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { cloudAdmin, type CloudAdmin } from '../../installer/from-source/cloud-admin.ts';
import { startCloud, startEdge } from '../../installer/from-source/programs.ts';
import { temporaryHome } from '../support/cloud.ts';
import { seeded } from '../support/seeded.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';
import { planArrivals } from './arrivals.ts';
import { handOver, openDrawers } from './cash.ts';
import { planClosing } from './closing.ts';
import { planRooms } from './rooms.ts';
import { gather, minutes, type Night } from './stagehands.ts';
import { planStages } from './stages.ts';
import { openTimeline } from './timeline.ts';

/** 21 November 2026 in Los Angeles: opens at 19:30, closes at 04:30. */
const OPENS = Date.parse('2026-11-22T03:30:00Z');
const LINK_CUT = OPENS + minutes(30);
const CLOSES = OPENS + minutes(9 * 60);
const CAUGHT_UP_MS_MAX = 60_000;

export type NightResult = {
  readonly equal: boolean;
  readonly events: number;
  readonly box: Readonly<Record<string, number>>;
  readonly cloud: Readonly<Record<string, number>>;
  readonly boxHead: string;
  readonly cloudHead: string;
};
type CloudNights = {
  readonly nights: readonly {
    readonly day: string;
    readonly totalsCents: Record<string, number>;
    readonly counts: Record<string, number>;
  }[];
};
type Head = { readonly seq: number; readonly hash: string };
type CloudLog = { readonly acked: number; readonly headHash: string; readonly unprojected: number };

/** Plays one night on real programs over real HTTP; only the clock is played. */
async function playNight(folder: string, say: (text: string) => void): Promise<NightResult> {
  say('Starting the control plane (a real PostgreSQL)');
  const cloud = await startCloud(path.join(folder, 'cloud'), { CLUBOPS_CLOUD_PORT: '0' });
  const admin = cloudAdmin(cloud);
  const clubId = await admin.newClub('The Velvet Room');
  const wire = await tcpProxy(cloud.url);
  const timeline = openTimeline(OPENS);
  say('Starting the edge node, its way to the cloud over a wire that can be cut');
  const env = { CLUBOPS_PORT: '0', CLUBOPS_CLOUD_URL: wire.url, CLUBOPS_ENROL_CODE: await admin.enrolmentCode(clubId) };
  const edge = await startEdge(path.join(folder, 'edge'), env, timeline.reading);
  const night = await gather(edge.url, edge.demo, { timeline, seed: seeded(20_261_121) });
  await planNight(night, { cut: wire.cut, say });
  await timeline.play(edge.child);
  say(`04:30 closed without a cloud: ${sentence(night)}`);
  wire.restore();
  say('The link is back');
  const result = await compare(night, admin, clubId);
  await edge.stop();
  await wire.close();
  await cloud.stop();
  return result;
}

async function planNight(
  night: Night,
  { cut, say }: { readonly cut: () => void; readonly say: (text: string) => void },
): Promise<void> {
  const { timeline } = night;
  say('19:30 the business day opens');
  await night.manager.must('day.open', { date: null });
  await openDrawers(night);
  await planArrivals(night, OPENS + minutes(10));
  await planStages(night, { from: OPENS + minutes(40), until: CLOSES - minutes(40), setsEach: 100 });
  planRooms(night, { from: OPENS + minutes(75), until: CLOSES - minutes(150), sessions: 90 });
  timeline.at(LINK_CUT, async () => {
    cut();
    say('20:00 the link to the cloud is cut');
  });
  timeline.at(OPENS + minutes(270), async () => {
    await handOver(night, 'VIP');
    say('00:00 the VIP drawer is handed over');
  });
  planClosing(night, { lastCall: CLOSES - minutes(30), close: CLOSES });
}

function sentence({ tally }: Night): string {
  const refusals = Object.values(tally.refusals).reduce((sum, count) => sum + count, 0);
  return `${tally.checkIns} check-ins, ${tally.sets} sets, ${tally.roomSessions} room sessions, ${tally.extensions} extensions, ${refusals} refusals`;
}

/** What the box says, what the cloud says once it has caught up, and whether they are one. */
async function compare(night: Night, admin: CloudAdmin, clubId: string): Promise<NightResult> {
  const { head, log } = await caughtUp(night, admin, clubId);
  const { body: days } = await night.manager.ask<readonly { readonly day: string }[]>('GET', '/api/v1/nights');
  const day = days.at(-1)?.day ?? '';
  const { body: mine } = await night.manager.ask<{
    readonly byClass: Record<string, number>;
    readonly byType: Record<string, number>;
  }>('GET', `/api/v1/nights/${day}`);
  const { nights } = await admin.get<CloudNights>(`/clubs/${clubId}/nights`);
  const theirs = nights.find((one) => one.day === day);
  const box = sorted(mine.byClass);
  const cloud = sorted(theirs?.totalsCents ?? {});
  const equal =
    isDeepStrictEqual(box, cloud) &&
    isDeepStrictEqual(sorted(mine.byType), sorted(theirs?.counts ?? {})) &&
    head.hash === log.headHash &&
    Object.values(box).reduce((sum, cents) => sum + cents, 0) === 0;
  return { equal, events: head.seq, box, cloud, boxHead: head.hash, cloudHead: log.headHash };
}

/** Both ends read together, again and again: the box may still write (that the link is back) while the cloud reads. */
async function caughtUp(
  night: Night,
  admin: CloudAdmin,
  clubId: string,
): Promise<{ readonly head: Head; readonly log: CloudLog }> {
  const until = Date.now() + CAUGHT_UP_MS_MAX;
  for (;;) {
    const { body } = await night.manager.ask<{ readonly head: Head }>('GET', '/api/v1/status');
    const log = await admin.get<CloudLog>(`/clubs/${clubId}/log`);
    const isCaughtUp = log.acked === body.head.seq && log.unprojected === 0;
    if (isCaughtUp || Date.now() > until) return { head: body.head, log };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function sorted(record: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function print(result: NightResult): void {
  const money = (cents: number | undefined) => ((cents ?? 0) / 100).toFixed(2).padStart(12);
  const classes = [...new Set([...Object.keys(result.box), ...Object.keys(result.cloud)])].toSorted();
  const rows = classes.map((name) => `  ${name.padEnd(20)}${money(result.box[name])}${money(result.cloud[name])}`);
  process.stdout.write(
    `\n  ${'account class'.padEnd(20)}${'box'.padStart(12)}${'cloud'.padStart(12)}\n${rows.join('\n')}\n\n  ${result.events} events\n  head of the box    ${result.boxHead}\n  head of the cloud  ${result.cloudHead}\n  ${result.equal ? 'equal' : 'NOT equal'}\n\n`,
  );
}

const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'boolean', default: false } } });
const folder = values.data ? path.resolve(values.data) : temporaryHome();
if (existsSync(path.join(folder, 'edge')))
  throw new Error(`${folder} holds a club already: choose another folder for the night.`);
const result = await playNight(folder, (text) => process.stdout.write(`› ${text}\n`));
print(result);
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
if (!values.data) rmSync(folder, { recursive: true, force: true });
process.exit(result.equal ? 0 : 1);
