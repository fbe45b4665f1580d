import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { openAssets } from '../assets.ts';
import { sqliteBinding } from '../sqlite-binding.ts';
import { Intake } from './intake.ts';
import type { Asked, Told } from './messages.ts';
import { findTools, NO_FFMPEG } from './tools.ts';

export type IntakeTask = {
  readonly home: string;
  readonly folder: string | null;
  readonly uploads: string;
  /** Where the single binary unpacks its addon. */
  readonly runtime: string;
};

/** Of nice(1): the last of all. */
const PATIENCE = 19;
const OWN_THREADS = '/proc/self/task';

/**
 * The process that takes music in: told by lines of JSON (`Asked`) what to do, it tells by lines (`Told`) what came of it. It ends
 * when its input does, so it never outlives the node.
 */
export function intakeMain(task: IntakeTask): void {
  // The floor goes first; what this starts is as patient.
  // On Linux each thread has a priority of its own, and some are there before the program.
  const threads = existsSync(OWN_THREADS) ? readdirSync(OWN_THREADS).map(Number) : [0];
  for (const thread of threads) os.setPriority(thread, PATIENCE);
  const assets = openAssets();
  const tools = findTools(process.env, { isBinary: assets.home === 'binary' });
  if (tools === null) throw new Error(NO_FFMPEG);
  const intake = new Intake({
    ...task,
    tools,
    binding: sqliteBinding(assets, task.runtime),
    tell: (told: Told) => void process.stdout.write(`${JSON.stringify(told)}\n`),
    now: Date.now,
    broken: (error) => {
      throw error;
    },
  });
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => intake.ask(JSON.parse(line) as Asked));
  lines.on('close', () => {
    intake.close();
    process.exit(0);
  });
  intake.start();
}

if (import.meta.main) intakeMain(JSON.parse(process.argv[2] ?? '') as IntakeTask);
