import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

/** `npm run build`: what the binary is made of, the floor app and the music's meters (built before this starts) and the program in one file. */
const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const BUNDLE = 'dist/clubops.cjs';

mkdirSync(path.join(top, 'dist'), { recursive: true });
await bundle(top, path.join(top, BUNDLE));
process.stdout.write(`dist/web, dist/meters.wasm and ${BUNDLE} are built\n`);
