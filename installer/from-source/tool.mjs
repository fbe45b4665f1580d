// Runs one of the project's own tools on the project's own Node: tool.mjs PROGRAM [ARGUMENTS].
import { findOrInstallFfmpeg } from './ffmpeg.mjs';
import { build, environment, install, node, run } from './install.mjs';

const [program, ...args] = process.argv.slice(2);
install();
if (program !== 'installer/main.ts') build();
const needsMusic = program === 'tests/bench/main.ts' && args.includes('music');
run(node, [program, ...args], { env: { ...environment, ...(needsMusic && findOrInstallFfmpeg()) } });
