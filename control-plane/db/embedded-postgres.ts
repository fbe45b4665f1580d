import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { env, pid as ownPid } from 'node:process';
import pg from 'pg';
import { limits } from '../limits.ts';
import { serverUser, type OsUser } from './os-user.ts';
import { postgresBinaries, type Binaries } from './postgres-binaries.ts';
import { keepPassword, postgresHome } from './postgres-home.ts';
import { isAlive, runningPostmaster, stopPostmaster, until, waitForLeftovers, type Postmaster } from './postmaster.ts';

export type EmbeddedOptions = {
  /** Folder of the server; holds `data/`, `password` and `server.log`. */
  readonly dir: string;
  /** TCP port on 127.0.0.1; 0 picks a free one. A server that is adopted keeps the port it has. */
  readonly port: number;
  /** Settings of postgresql.conf for this start, such as `{ fsync: 'off' }` for a test. */
  readonly settings: Readonly<Record<string, string>>;
};

export type EmbeddedPostgres = {
  /** Login `clubops`, which may create databases and roles but is no superuser, on database `clubops`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** True when it outlived an earlier parent and ran already. */
  readonly adopted: boolean;
  readonly stop: () => Promise<void>;
};

type Place = {
  readonly home: string;
  readonly data: string;
  readonly user: OsUser;
  readonly binaries: Binaries;
  readonly password: string;
};

/** Starts a real PostgreSQL on `dir`, or adopts the one that runs there. It outlives us unless `stop` is called. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const user = serverUser();
  const home = postgresHome(options.dir, user);
  const { file, password } = keepPassword(home, user);
  const place: Place = { home, data: join(home, 'data'), user, binaries: postgresBinaries(home, user), password };
  if (!existsSync(join(place.data, 'PG_VERSION'))) initialise(place, file);
  refuseOtherMajor(place);
  for (let tries = 1; ; tries += 1) {
    const started = await adoptOrLaunch(place, options);
    if (started !== null) {
      await keepLogin(started.port, password);
      const { pid, port, adopted } = started;
      return { url: urlOf(port, 'clubops', password), port, pid, adopted, stop: () => stopPostmaster(pid) };
    }
    if (tries === limits.postgresStartTriesMax) throw new Error(`PostgreSQL did not start:\n${logTail(home)}`);
  }
}

/** Made beside and renamed, so a half-made data folder is never opened; of two starters one wins, both use it. */
function initialise(place: Place, passwordFile: string): void {
  for (const left of readdirSync(place.home).filter((name) => name.startsWith('data.init-'))) {
    if (!isAlive(Number(left.split('-')[1]))) rmSync(join(place.home, left), { recursive: true });
  }
  const draft = join(place.home, `data.init-${ownPid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (place.user !== null) chownSync(draft, place.user.uid, place.user.gid);
  const args = [
    '-D',
    draft,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '--data-checksums',
  ];
  const run = spawnSync(place.binaries.program('initdb'), args, { ...runAs(place), encoding: 'utf8' });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`initdb failed: ${run.stderr}`);
  try {
    renameSync(draft, place.data);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(join(place.data, 'PG_VERSION'))) throw error;
  }
}

function refuseOtherMajor({ data, binaries }: Place): void {
  const major = Number(readFileSync(join(data, 'PG_VERSION'), 'utf8'));
  if (major !== binaries.major) {
    throw new Error(
      `${data} was written by PostgreSQL ${major}, the programs here are ${binaries.major}: copy the data over with both installed`,
    );
  }
}

/** Null when the server ended before it was ready: its port was taken, or another starter was quicker. */
async function adoptOrLaunch(
  place: Place,
  options: EmbeddedOptions,
): Promise<(Postmaster & { adopted: boolean }) | null> {
  const running = runningPostmaster(place.data);
  if (running !== null) {
    const ready = await readyPostmaster(place.data, () => isAlive(running.pid));
    return ready && { ...ready, adopted: true };
  }
  await waitForLeftovers(place.data);
  const child = launch(place, options.settings, options.port === 0 ? await freePort() : options.port);
  const ready = await readyPostmaster(place.data, () => child.exitCode === null && child.signalCode === null);
  return ready?.pid === child.pid ? ready && { ...ready, adopted: false } : null;
}

async function readyPostmaster(data: string, alive: () => boolean): Promise<Postmaster | null> {
  await until(
    'PostgreSQL to be ready',
    limits.postgresStartMsMax,
    () => !alive() || runningPostmaster(data)?.ready === true,
  );
  return runningPostmaster(data);
}

function launch(place: Place, settings: EmbeddedOptions['settings'], port: number) {
  const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) };
  const flags = Object.entries({ ...settings, ...fixed }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(join(place.home, 'server.log'), 'a', 0o600);
  if (place.user !== null) fchownSync(log, place.user.uid, place.user.gid);
  const child = spawn(place.binaries.program('postgres'), ['-D', place.data, ...flags], {
    ...runAs(place),
    stdio: ['ignore', log, log],
    detached: true,
  });
  child.on('error', () => child.kill());
  child.unref();
  closeSync(log);
  return child;
}

function runAs({ home, user }: Place) {
  const who = user === null ? {} : { uid: user.uid, gid: user.gid };
  return { ...who, cwd: home, env: { PATH: env['PATH'], LC_ALL: 'C', TZ: 'UTC' } };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('No free TCP port');
  return address.port;
}

const urlOf = (port: number, login: string, password: string) =>
  `postgres://${login}:${password}@127.0.0.1:${port}/${login}`;

/** The program logs in as `clubops`: no superuser, so forced row-level security binds it too. */
async function keepLogin(port: number, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(port, 'postgres', password) });
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(7263501)`);
    const role = await client.query(`SELECT FROM pg_roles WHERE rolname = 'clubops'`);
    if (role.rowCount === 0) {
      await client.query(
        `CREATE ROLE clubops LOGIN CREATEROLE CREATEDB NOBYPASSRLS PASSWORD ${pg.escapeLiteral(password)}`,
      );
    }
    const database = await client.query(`SELECT FROM pg_database WHERE datname = 'clubops'`);
    if (database.rowCount === 0) await client.query('CREATE DATABASE clubops OWNER clubops');
  } finally {
    await client.end();
  }
}

function logTail(home: string): string {
  return readFileSync(join(home, 'server.log'), 'utf8').split('\n').slice(-12).join('\n');
}
