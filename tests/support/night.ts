import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RowChange, TableName, ViewTables } from '#shared/contract/live.ts';
import { setClock, type SetClock } from '../../edge-node/clock.ts';
import { buildTestEdge, type TestEdge, type TestEdgeOptions } from './edge.ts';
import type { Tablet } from './tablet.ts';

/** The demo club's Saturday, at nine in the evening of its own time zone, on a clock that the test moves. */
export const NINE_PM = Date.parse('2026-11-21T21:00:00-08:00');

export type Club = TestEdge & {
  readonly clock: SetClock;
  readonly owner: Tablet;
  readonly stage: string;
  readonly rooms: readonly string[];
  readonly drawers: readonly string[];
  readonly dancers: readonly string[];
};

/** A demo club with its night open and the owner signed in. */
export async function openClub(
  options: {
    readonly folder?: string;
    readonly boot?: string;
    readonly wall?: number;
    readonly mono?: number;
    readonly openDay?: boolean;
    readonly cloudUrl?: string;
    readonly mirror?: TestEdgeOptions['mirror'];
  } = {},
): Promise<Club> {
  const clock = setClock({ wall: options.wall ?? NINE_PM, mono: options.mono ?? 1_000_000 }, options.boot ?? 'b_test');
  const { cloudUrl = null, mirror = null } = options;
  const node = await buildTestEdge({ clock, folder: options.folder ?? (await newFolder()), cloudUrl, mirror });
  const owner = await node.tablet('Olivia');
  if (options.openDay ?? true) await owner.must('day.open', { date: null });
  const { club, dancers } = node.edge.reads;
  return {
    ...node,
    clock,
    owner,
    stage: club.stages()[0]?.stage ?? '',
    rooms: club.rooms().map(({ room }) => room),
    drawers: club.drawers().map(({ drawer }) => drawer),
    dancers: dancers.roster().map(({ dancer }) => dancer),
  };
}

const made: { template?: Promise<string> } = {};

/** A data folder with the demo club in it: made once in this process, then copied, as sixty dancers take their time. */
export async function newFolder(): Promise<string> {
  made.template ??= makeTemplate();
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-edge-'));
  cpSync(await made.template, folder, { recursive: true });
  return folder;
}

async function makeTemplate(): Promise<string> {
  const template = await buildTestEdge({
    clock: setClock({ wall: Date.parse('2026-01-01T00:00:00Z'), mono: 1 }, 'b_template'),
  });
  await template.stop();
  process.on('exit', () => rmSync(template.folder, { recursive: true, force: true }));
  return template.folder;
}

/** Time passes: both clocks go on together. */
export function pass(clock: SetClock, ms: number): void {
  clock.set({ wall: clock.wall() + ms, mono: clock.mono() + ms });
}

/** Somebody sets the wall clock: only it moves. */
export function stepWall(clock: SetClock, ms: number): void {
  clock.set({ wall: clock.wall() + ms, mono: clock.mono() });
}

/** One row of the REST view. */
export async function rowOf<T extends TableName>(
  tablet: Tablet,
  table: T,
  id: string,
): Promise<ViewTables[T] | undefined> {
  const { body } = await tablet.ask<{ readonly rows: readonly RowChange[] }>('GET', '/api/v1/view');
  const found = body.rows.find((row) => row[0] === table && row[1] === id);
  return found?.[2] as ViewTables[T] | undefined;
}
