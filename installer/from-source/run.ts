import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { cloudAdmin } from './cloud-admin.ts';
import { startCloud, startEdge, type CloudProgram, type EdgeProgram, type Program } from './programs.ts';

const CLUB = 'The Velvet Room';
const CLOUD_PORT = 8090;
const EDGE_PORT = 8080;

/** npm start: a control plane and one club's edge node, with a demo club on the first start. */
async function run(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string', default: '.data' } } });
  const data = path.resolve(values.data);
  const release = holdAlone(data);
  const running = openRunning(release);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void running.stop(0));
  say('Starting the control plane (a real PostgreSQL; the first start makes its database)');
  const port = String(await freePort(CLOUD_PORT));
  const cloud = await running.add(startCloud(path.join(data, 'cloud'), { CLUBOPS_CLOUD_PORT: port }));
  say('Starting the edge node');
  const edgeFolder = path.join(data, 'edge');
  const env = {
    CLUBOPS_DEMO: 'evening',
    CLUBOPS_PORT: String(await freePort(Number(process.env['CLUBOPS_PORT'] ?? EDGE_PORT))),
    CLUBOPS_CLOUD_URL: cloud.url,
  };
  const edge = await running.add(startEdge(edgeFolder, { ...env, ...(await enrolment(cloud, edgeFolder)) }, null));
  printWelcome(edge, cloud, data);
}

type Running = {
  readonly add: <P extends Program>(starting: Promise<P>) => Promise<P>;
  readonly stop: (code: number) => Promise<void>;
};

/** What was started, stopped in the opposite order; also what is still starting when somebody has had enough. */
function openRunning(release: () => void): Running {
  const programs: Promise<Program>[] = [];
  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    say('Stopping; everything is kept');
    for (const program of programs.toReversed()) await program.then(({ stop: end }) => end()).catch(() => undefined);
    release();
    process.exit(code);
  };
  return {
    stop,
    add: async (starting) => {
      programs.push(starting);
      const program = await starting;
      program.child.on('exit', (code) => {
        if (stopping) return;
        say(`A program stopped by itself (exit code ${code}).`);
        void stop(1);
      });
      return program;
    },
  };
}

/** Two starts on one folder would share a database that the first to stop takes away from the other. */
function holdAlone(data: string): () => void {
  mkdirSync(data, { recursive: true });
  const lock = new Database(path.join(data, 'start.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    say(`ClubOps already runs on ${data}.`);
    process.exit(1);
  }
  return () => lock.close();
}

/** A code for a node that has no cloud yet; nothing for one that was enrolled before. */
async function enrolment(cloud: CloudProgram, edgeFolder: string): Promise<Record<string, string>> {
  const record = path.join(edgeFolder, 'node.json');
  if (existsSync(record) && (JSON.parse(readFileSync(record, 'utf8')) as { cloud: unknown }).cloud !== null) return {};
  const admin = cloudAdmin(cloud);
  return { CLUBOPS_ENROL_CODE: await admin.enrolmentCode(await admin.newClub(CLUB)) };
}

/** The port that was meant, or any other where it is taken. */
async function freePort(wanted: number): Promise<number> {
  const taken = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(true));
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(false)));
  });
  return taken ? 0 : wanted;
}

function say(text: string): void {
  process.stdout.write(`› ${text}\n`);
}

function printWelcome({ url, demo }: EdgeProgram, cloud: CloudProgram, data: string): void {
  const pins = demo.staff.map(({ name, roles, pin }) => `    ${pin}  ${name} (${roles.join(', ')})`).join('\n');
  process.stdout.write(`
  The floor     ${url}/#pair=${demo.code}   (open it in two browsers)
  Its API       ${url}/api/v1/openapi.json
  The cloud     ${cloud.url}/api/v1/openapi.json
  Data          ${data}   (delete it to begin anew)

  PINs
${pins}

  Sign in as Max Manager: an evening is under way. Ctrl-C stops both programs; the next start carries on.

`);
}

await run();
