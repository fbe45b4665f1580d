import { parseArgs } from 'node:util';
import { runDomains } from './domain/main.ts';
import { breakNamed, BREAKS, type Break } from './breaks.ts';
import { runSeed } from './run.ts';
import { openStage } from './stage.ts';

const SAY_EVERY = 100;

/** npm run sim: seeds in a row, one cloud for all of them, a tenant each. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      from: { type: 'string', default: '1' },
      break: { type: 'string' },
      /** The cloud is put back to backups too. */
      restores: { type: 'boolean', default: false },
      /** Random commands through the command layer instead of nights on boxes and cloud. */
      domain: { type: 'boolean', default: false },
      commands: { type: 'string', default: '20000' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.domain) {
    const from = Number(values.seed ?? values.from);
    return domain({ commands: Number(values.commands), from, json: values.json });
  }
  if (values.break === 'list') {
    for (const [name, what] of Object.entries(BREAKS)) say(`${name.padEnd(20)}${what}`);
    return 0;
  }
  const broken = values.break === undefined ? null : breakNamed(values.break);
  const first = Number(values.seed ?? values.from);
  const count = values.seed === undefined ? Number(values.seeds ?? 100) : 1;
  const result = await runAll({ first, count, broken, restores: values.restores });
  say(
    `${result.seeds} seeds, ${result.events} events, ${result.breaches} breaches${result.first === null ? '' : `, the first at seed ${result.first}`}`,
  );
  if (values.json) say(JSON.stringify({ seeds: result.seeds, breaches: result.breaches, first: result.first }));
  return result.breaches === 0 ? 0 : 1;
}

async function domain({ json, ...options }: { commands: number; from: number; json: boolean }): Promise<number> {
  const { seeds, breaches, first, totals, never, refusals, ...counts } = await runDomains({ ...options, say });
  for (const [name, { given, accepted, refused }] of totals) {
    const most = [...refused].toSorted(([, one], [, other]) => other - one).slice(0, 3);
    const why = most.map(([code, times]) => `${code} ${times}`).join(', ');
    say(`${name.padEnd(32)}${`${accepted} of ${given}`.padEnd(18)}${why}`);
  }
  say(
    `${seeds} clubs, ${counts.commands} commands, ${counts.accepted} accepted, ${counts.events} events, ${breaches} breaches`,
  );
  say(`${refusals} codes of refusal were seen; never accepted: ${never.join(', ') || 'none'}`);
  if (json) say(JSON.stringify({ seeds, commands: counts.commands, breaches, first }));
  return breaches === 0 ? 0 : 1;
}

async function runAll({
  first,
  count,
  broken,
  restores,
}: {
  readonly first: number;
  readonly count: number;
  readonly broken: Break | null;
  readonly restores: boolean;
}) {
  const stage = await openStage(broken);
  const result = { seeds: 0, events: 0, breaches: 0, first: null as number | null };
  for (let seed = first; seed < first + count; seed += 1) {
    const outcome = await runSeed(seed, stage, { broken, restores });
    result.seeds += 1;
    result.events += outcome.events;
    if (outcome.breach !== null) {
      result.breaches += 1;
      result.first ??= seed;
      say(`seed ${seed}: ${outcome.breach}`);
    }
    if (result.seeds % SAY_EVERY === 0) say(`${result.seeds} seeds`);
  }
  await stage.close();
  return result;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exit(await main());
