import path from 'node:path';
import { Command, Option } from 'commander';
import { BUILT_IN_PACKS } from '#shared/domain/policy-pack.ts';
import { intakeMain, main, readTagsMain, VERSION, type IntakeTask } from '../edge-node/main.ts';
import { verifyPack } from '../edge-node/verify-pack.ts';
import { replaceBox } from '../edge-node/replace-box.ts';
import { setUpClub } from '../edge-node/set-up.ts';
import { verifyFolder } from '../edge-node/verify-folder.ts';
import { packSentence, sentenceOf, valueOf } from './finding.ts';

type SetUp = {
  readonly data: string;
  readonly name: string;
  readonly tz: string;
  readonly currency: string;
  readonly pack: string;
  readonly owner: string;
  readonly pin: string;
};
type Replace = {
  readonly data: string;
  readonly recoveryCode: string;
  readonly cloud?: string;
  readonly code?: string;
  readonly mirror?: string;
};
type Verify = { readonly data: string; readonly pack?: string; readonly replay: boolean; readonly json: boolean };

/** The technician's command line, and the face of the single binary. Errors are one sentence and exit code 1. */
export async function clubops(argv: readonly string[]): Promise<void> {
  // What a set-up makes is its owner's alone, the database included.
  process.umask(0o077);
  try {
    await program().parseAsync(argv);
  } catch (error) {
    say(process.stderr, wordsOf(error));
    process.exit(1);
  }
}

function program(): Command {
  const clubopsProgram = new Command('clubops').description("Runs a club's night.").version(VERSION);
  clubopsProgram
    .command('serve')
    .description("runs the club's node until it is told to stop")
    .addOption(dataOption())
    .addOption(new Option('--port <number>', 'where tablets find it').env('CLUBOPS_PORT').default('8080'))
    .action(({ data, port }: { readonly data: string; readonly port: string }) =>
      main({ ...process.env, CLUBOPS_DATA: data, CLUBOPS_PORT: port }),
    );
  clubopsProgram
    .command('take-in', { hidden: true })
    .argument('<task>', 'what the node tells its helper that takes music in')
    .action((task: string) => intakeMain(JSON.parse(task) as IntakeTask));
  clubopsProgram.command('read-tags', { hidden: true }).action(readTagsMain);
  clubopsProgram
    .command('setup')
    .description('makes the data folder, the club and its first owner')
    .addOption(dataOption())
    .requiredOption('--name <text>', 'what the club is called')
    .requiredOption('--tz <zone>', "the club's time zone, such as America/Los_Angeles")
    .requiredOption('--owner <name>', 'who signs in first')
    .requiredOption('--pin <digits>', "the owner's PIN, four to six digits")
    .option('--currency <code>', 'ISO 4217', 'USD')
    .addOption(
      new Option('--pack <place>', 'whose law the club works under')
        .choices(BUILT_IN_PACKS.map(({ pack }) => pack))
        .default('generic'),
    )
    .action(setUp);
  clubopsProgram
    .command('replace')
    .description("makes a data folder for a box that takes another's place; its history comes when it is started")
    .addOption(dataOption())
    .requiredOption('--recovery-code <letters>', 'what was printed when the club was set up')
    .addOption(new Option('--cloud <url>', 'the control plane').env('CLUBOPS_CLOUD_URL'))
    .addOption(new Option('--code <letters>', 'the code that head office made for this box').env('CLUBOPS_ENROL_CODE'))
    .option('--mirror <folder>', "the old box's second copy")
    .action(replace);
  clubopsProgram
    .command('verify')
    .description('proves a history by its files alone, or names the first line that was changed')
    .addOption(dataOption())
    .option('--pack <file>', 'judges an inspection pack instead, a .zip or the folder that it was unpacked to')
    .option('--replay', 'makes the tables again from the log and compares them', false)
    .option('--json', 'the last line is one JSON value', false)
    .action(verify);
  return clubopsProgram;
}

function dataOption(): Option {
  return new Option('--data <folder>', "the club's data folder").env('CLUBOPS_DATA').default('.data/edge');
}

async function setUp({ data, ...club }: SetUp): Promise<void> {
  const folder = path.resolve(data);
  const code = await setUpClub(folder, club, runtimeFolder());
  say(process.stdout, `${club.name} is set up in ${folder}. Start it with: clubops serve --data ${data}`);
  say(process.stdout, `Recovery code, shown this once; keep it in a safe: ${code}`);
}

async function replace({ data, recoveryCode, cloud, code, mirror }: Replace): Promise<void> {
  const folder = path.resolve(data);
  if ((cloud === undefined) !== (code === undefined)) throw new Error('The cloud and its code go together.');
  const place = cloud === undefined || code === undefined ? null : { url: cloud, code };
  const from = mirror === undefined ? null : path.resolve(mirror);
  await replaceBox(folder, { recoveryCode, cloud: place, mirror: from }, runtimeFolder());
  say(process.stdout, `This box takes the old one's place in ${folder}. Start it with: clubops serve --data ${data}`);
}

function verify({ pack, ...history }: Verify): void {
  if (pack === undefined) return verifyData(history);
  const finding = verifyPack(path.resolve(pack));
  say(process.stdout, packSentence(finding));
  if (history.json) say(process.stdout, JSON.stringify(finding));
  if (!finding.ok) process.exitCode = 1;
}

function verifyData({ data, replay, json }: Omit<Verify, 'pack'>): void {
  const folder = path.resolve(data);
  try {
    const finding = verifyFolder(folder, { replay, runtime: runtimeFolder() });
    say(process.stdout, sentenceOf(finding, replay));
    if (json) say(process.stdout, JSON.stringify(valueOf(finding)));
    if (!finding.ok) process.exitCode = 1;
  } catch (error) {
    if (json) say(process.stdout, JSON.stringify({ ok: false, first: null, error: wordsOf(error) }));
    throw error;
  }
}

/** Where the single binary unpacks what it must load, if the usual place is mounted noexec. */
function runtimeFolder(): string | null {
  const folder = process.env['CLUBOPS_RUNTIME'];
  return folder === undefined ? null : path.resolve(folder);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function say(where: NodeJS.WriteStream, text: string): void {
  where.write(`${text}\n`);
}

if (import.meta.main) void clubops(process.argv);
