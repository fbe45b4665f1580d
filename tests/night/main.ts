import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { cloudAdmin, type CloudAdmin } from '../../installer/from-source/cloud-admin.ts';
import { startCloud, startEdge } from '../../installer/from-source/programs.ts';
import { temporaryHome } from '../support/cloud.ts';
import { seeded } from '../support/seeded.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { planArrivals } from './arrivals.ts';
import { openDrawers } from './cash.ts';
import { planClosing } from './closing.ts';
import { planDancers } from './dancers.ts';
import { planDoor } from './door.ts';
import { planOffice } from './office.ts';
import { planRooms } from './rooms.ts';
import { gather, minutes, tell, type Night, type NightPlan } from './stagehands.ts';
import { planStages } from './stages.ts';
import { openTimeline } from './timeline.ts';
import { planTrouble } from './trouble.ts';

/**
 * Two nights in Los Angeles, 19:30 to 04:30 by the clock on the wall: Saturday 31 October 2026, in which the hour after
 * one o'clock comes twice, and the Sunday after it, on which the club works under Washington's law.
 */
const NIGHTS: readonly NightPlan[] = [
  {
    name: 'Saturday',
    opens: Date.parse('2026-11-01T02:30:00Z'),
    closes: Date.parse('2026-11-01T12:30:00Z'),
    law: 'generic',
  },
  {
    name: 'Sunday',
    opens: Date.parse('2026-11-02T03:30:00Z'),
    closes: Date.parse('2026-11-02T12:30:00Z'),
    law: 'us-wa',
  },
];
const CAUGHT_UP_MS_MAX = 60_000;

export type NightResult = {
  readonly equal: boolean;
  readonly nights: number;
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

/** Plays both nights on real programs over real HTTP; only the clock is played. */
async function playNights(folder: string, say: (text: string) => void): Promise<NightResult> {
  say('Starting the control plane (a real PostgreSQL)');
  const cloud = await startCloud(path.join(folder, 'cloud'), { CLUBOPS_CLOUD_PORT: '0' });
  const admin = cloudAdmin(cloud);
  const clubId = await admin.newClub('The Velvet Room');
  const wire = await tcpProxy(cloud.url);
  const timeline = openTimeline(NIGHTS[0]?.opens ?? 0);
  say('Starting the edge node, its way to the cloud over a wire that can be cut');
  const env = { CLUBOPS_PORT: '0', CLUBOPS_CLOUD_URL: wire.url, CLUBOPS_ENROL_CODE: await admin.enrolmentCode(clubId) };
  const edge = await startEdge(path.join(folder, 'edge'), env, timeline.reading);
  const night = await gather(edge.url, edge.demo, { timeline, seed: seeded(20_261_031), say });
  for (const plan of NIGHTS) timeline.at(plan.opens, () => openNight(night, plan, wire));
  await timeline.play(edge.child);
  say(`Both nights: ${sentence(night)}`);
  const result = await compare(night, admin, clubId);
  await edge.stop();
  await wire.close();
  await cloud.stop();
  return result;
}

/** The evening opens; what happens in it is planned, and the link is away from half past eight until the night is closed. */
async function openNight(night: Night, plan: NightPlan, wire: TcpProxy): Promise<void> {
  const { timeline } = night;
  tell(night, `${plan.name}: the business day opens`);
  await night.manager.must('day.open', { date: null });
  await openDrawers(night);
  timeline.at(plan.opens + minutes(60), async () => {
    wire.cut();
    tell(night, 'the link to the cloud is cut');
  });
  await planArrivals(night, plan, plan.opens + minutes(10));
  planDancers(night, plan);
  await planStages(night, { from: plan.opens + minutes(40), until: plan.closes - minutes(40), setsEach: 100 });
  planRooms(night, { from: plan.opens + minutes(75), until: plan.closes - minutes(150), sessions: 90 });
  planDoor(night, { from: plan.opens + minutes(5), until: plan.closes - minutes(45) });
  planOffice(night, plan);
  planTrouble(night, plan);
  planClosing(night, { lastCall: plan.closes - minutes(30), close: plan.closes });
  timeline.at(plan.closes + minutes(1), async () => {
    tell(night, 'closed without a cloud');
    wire.restore();
    tell(night, 'the link is back');
  });
}

function sentence({ tally }: Night): string {
  const refusals = Object.values(tally.refusals).reduce((sum, count) => sum + count, 0);
  return `${tally.checkIns} check-ins, ${tally.guests} guests, ${tally.sets} sets, ${tally.roomSessions} room sessions, ${tally.extensions} extensions, ${refusals} refusals`;
}

type Amounts = Readonly<Record<string, number>>;
type MyNight = { readonly byClass: Amounts; readonly byType: Amounts };

/** What the box says, what the cloud says once it has caught up, and whether they are one, night by night. */
async function compare(night: Night, admin: CloudAdmin, clubId: string): Promise<NightResult> {
  const { head, log } = await caughtUp(night, admin, clubId);
  const { body: days } = await night.manager.ask<readonly { readonly day: string }[]>('GET', '/api/v1/nights');
  const { nights } = await admin.get<CloudNights>(`/clubs/${clubId}/nights`);
  const [box, cloud]: [Amounts[], Amounts[]] = [[], []];
  let equal = head.hash === log.headHash && days.length === NIGHTS.length && nights.length === NIGHTS.length;
  for (const { day } of days) {
    const { body: mine } = await night.manager.ask<MyNight>('GET', `/api/v1/nights/${day}`);
    const theirs = nights.find((one) => one.day === day);
    box.push(mine.byClass);
    cloud.push(theirs?.totalsCents ?? {});
    equal &&=
      isDeepStrictEqual(sorted(mine.byClass), sorted(theirs?.totalsCents ?? {})) &&
      isDeepStrictEqual(sorted(mine.byType), sorted(theirs?.counts ?? {})) &&
      Object.values(mine.byClass).reduce((sum, cents) => sum + cents, 0) === 0;
  }
  return {
    equal,
    nights: days.length,
    events: head.seq,
    box: summed(box),
    cloud: summed(cloud),
    boxHead: head.hash,
    cloudHead: log.headHash,
  };
}

function summed(all: readonly Amounts[]): Amounts {
  const sums: Record<string, number> = {};
  for (const [name, cents] of all.flatMap((one) => Object.entries(one))) sums[name] = (sums[name] ?? 0) + cents;
  return sorted(sums);
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
    `\n  ${'account class'.padEnd(20)}${'box'.padStart(12)}${'cloud'.padStart(12)}\n${rows.join('\n')}\n\n  ${result.nights} nights, ${result.events} events\n  head of the box    ${result.boxHead}\n  head of the cloud  ${result.cloudHead}\n  ${result.equal ? 'equal' : 'NOT equal'}\n\n`,
  );
}

const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'boolean', default: false } } });
const folder = values.data ? path.resolve(values.data) : temporaryHome();
if (existsSync(path.join(folder, 'edge')))
  throw new Error(`${folder} holds a club already: choose another folder for the night.`);
const result = await playNights(folder, (text) => process.stdout.write(`› ${text}\n`));
print(result);
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
if (!values.data) rmSync(folder, { recursive: true, force: true });
process.exit(result.equal ? 0 : 1);
