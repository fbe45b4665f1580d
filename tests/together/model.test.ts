import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase } from '../../edge-node/db/open.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { expectWhole } from '../support/whole.ts';
import { openOneBox, type Fate, type OneBox } from './one-box.ts';

/** The whole of it as a plain array would do it: what the box holds, and what the cloud held when the box was put back. */
type Model = {
  box: readonly string[];
  backup: readonly string[] | null;
  /** After an older disk was put back: the cloud's names, which the box will have before its own. Null where it never parted. */
  parted: readonly string[] | null;
  written: number;
  /** How often the two parted with something on both sides. */
  partings: number;
};
type Real = { readonly box: OneBox; backup: string | null };
type Command = fc.AsyncCommand<Model, Real>;

const RUNS = 40;
const STEPS_MAX = 200;

/** Both histories, none of it twice. */
const joined = (cloud: readonly string[], box: readonly string[]): readonly string[] => [
  ...cloud,
  ...box.filter((name) => !cloud.includes(name)),
];
const isBeginning = (some: readonly string[], all: readonly string[]): boolean =>
  some.every((name, at) => all[at] === name);

/** What is on the disk and in the cloud is what the arrays say, whatever was lost on the way. */
async function agree(model: Model, { box }: Real): Promise<void> {
  const names = box.names();
  if (model.parted !== null && names.length !== model.box.length) {
    expect(names).toEqual(joined(model.parted, model.box));
    model.partings += Number(names.length > model.parted.length);
    Object.assign(model, { box: names, parted: null });
  }
  expect(names).toEqual(model.box);
  const inCloud = await box.namesInCloud();
  if (model.parted === null) expect(isBeginning(inCloud, model.box) ? [] : inCloud).toEqual([]);
  else expect(inCloud).toEqual(model.parted);
}

async function mustTake(box: OneBox, name: string): Promise<void> {
  expect(await box.write(name)).toMatchObject({ ok: true });
}

class Write implements Command {
  readonly count: number;
  constructor(count: number) {
    this.count = count;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    for (let more = 0; more < this.count; more += 1) {
      const name = `name ${(model.written += 1)}`;
      await mustTake(real.box, name);
      model.box = [...model.box, name];
    }
    await agree(model, real);
  }
  toString = () => `write ${this.count}`;
}

/** A tablet that lost its answer asks again. */
class Again implements Command {
  readonly which: number;
  constructor(which: number) {
    this.which = which;
  }
  check = ({ box }: Readonly<Model>) => box.length > 0;
  async run(model: Model, real: Real): Promise<void> {
    await mustTake(real.box, model.box[this.which % model.box.length] ?? '');
    await agree(model, real);
  }
  toString = () => `ask for ${this.which} again`;
}

class Push implements Command {
  readonly fates: readonly Fate[];
  constructor(fates: readonly Fate[]) {
    this.fates = fates;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    for (const fate of this.fates) {
      await real.box.step(fate);
      await agree(model, real);
    }
  }
  toString = () => `push (${this.fates.join(', ')})`;
}

class Restart implements Command {
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    await real.box.restart(null);
    await agree(model, real);
  }
  toString = () => 'restart';
}

class BackUp implements Command {
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    real.backup = real.box.image();
    model.backup = model.box;
  }
  toString = () => 'back up';
}

/** An older disk, and what was written on it before anybody noticed. */
class PutBack implements Command {
  readonly more: number;
  constructor(more: number) {
    this.more = more;
  }
  check = ({ backup }: Readonly<Model>) => backup !== null;
  async run(model: Model, real: Real): Promise<void> {
    await real.box.restart(real.backup);
    const inCloud = await real.box.namesInCloud();
    model.box = model.backup ?? [];
    model.parted = isBeginning(inCloud, model.box) ? null : inCloud;
    await agree(model, real);
    await new Write(this.more).run(model, real);
  }
  toString = () => `put back and write ${this.more}`;
}

const fate = fc.constantFrom<Fate[]>('ok', 'ok', 'ok', 'ok', 'request lost', 'answer lost');
const write = fc.integer({ min: 1, max: 4 }).map((count) => new Write(count));
const push = fc.array(fate, { minLength: 4, maxLength: 12, size: 'max' }).map((fates) => new Push(fates));
const again = fc.nat(20).map((which) => new Again(which));
const restart = fc.constant(new Restart());
const backUp = fc.constant(new BackUp());
const putBack = fc.nat(3).map((more) => new PutBack(more));
// What is named more than once comes more often: histories part only where much was pushed since the backup.
const commands = fc.commands<Model, Real, false>(
  [write, write, push, push, push, push, again, restart, backUp, backUp, putBack, putBack],
  { maxCommands: 30, size: 'max' },
);

let cloud: TestCloud;
let folder: string;
beforeAll(async () => {
  cloud = await buildTestCloud();
  folder = mkdtempSync(path.join(tmpdir(), 'clubops-template-'));
  const { sqlite } = openDatabase(path.join(folder, 'club.db'), openAssets(), null);
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

test(`S3: ${RUNS} ways of writing, pushing, losing answers, restarting, putting back and joining do what a plain array does`, async () => {
  let partings = 0;
  const property = fc.asyncProperty(commands, async (some) => {
    const real: Real = { box: await openOneBox(cloud, path.join(folder, 'club.db')), backup: null };
    const model: Model = { box: [], backup: null, parted: null, written: 0, partings: 0 };
    try {
      await fc.asyncModelRun(() => ({ model, real }), some);
      await settle(model, real);
      partings += model.partings;
    } finally {
      await real.box.close();
    }
  });
  await fc.assert(property, { numRuns: RUNS, seed: 3 });
  expect(partings).toBeGreaterThan(RUNS / 4);
}, 180_000);

/** With a good link it comes to rest, and then all is everywhere. */
async function settle(model: Model, real: Real): Promise<void> {
  let next: string = 'more';
  for (let step = 0; next !== 'idle' && step < STEPS_MAX; step += 1) {
    next = await real.box.step('ok');
    expect(next).not.toBe('halted');
    await agree(model, real);
  }
  expect(next).toBe('idle');
  const all = model.parted === null ? model.box : joined(model.parted, model.box);
  expect(real.box.names()).toEqual(all);
  expect(await real.box.namesInCloud()).toEqual(all);
  const { sqlite } = real.box.edge();
  expectWhole({ edge: { sqlite } });
}
