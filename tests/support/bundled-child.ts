import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

export type BundledChild = { readonly file: string; readonly remove: () => void };

const TOP = path.resolve(import.meta.dirname, '../..');
/** Some packages ask for others as CommonJS does. */
const REQUIRE = `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`;

/** A program of the tests in one file, so that it is up in a tenth of the time: for tests that start it hundreds of times. */
export async function bundleChild(name: string): Promise<BundledChild> {
  const cache = path.join(TOP, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'child-'));
  // The node looks for its migrations beside its own code.
  const file = path.join(folder, 'edge-node', 'child.mjs');
  mkdirSync(path.dirname(file));
  symlinkSync(path.join(TOP, 'edge-node', 'db'), path.join(folder, 'edge-node', 'db'));
  await build({
    absWorkingDir: TOP,
    entryPoints: [`tests/support/${name}.ts`],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['better-sqlite3'],
    banner: { js: REQUIRE },
    logLevel: 'silent',
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
