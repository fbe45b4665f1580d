// npm start: installs, builds, then hands over to the project's own Node.
import { spawn } from 'node:child_process';
import { findOrInstallFfmpeg } from './ffmpeg.mjs';
import { build, environment, install, node, top } from './install.mjs';

install();
build();
const args = process.argv.slice(2);
// The scripted night plays no music.
const ffmpeg = args.includes('--night') ? {} : findOrInstallFfmpeg();
const program = args.includes('--night') ? 'tests/night/main.ts' : 'installer/from-source/run.ts';
const child = spawn(node, [program, ...args.filter((arg) => arg !== '--night')], {
  cwd: top,
  stdio: 'inherit',
  env: { ...environment, ...ffmpeg },
});
// Ctrl-C reaches the child by itself; it stops cleanly and this waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
