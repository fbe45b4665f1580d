// Runs one of the project's own tools on the project's own Node: tool.mjs PROGRAM [ARGUMENTS].
import { buildWeb, install, node, run } from './install.mjs';

const [program, ...args] = process.argv.slice(2);
install();
if (program !== 'installer/main.ts') buildWeb();
run(node, [program, ...args]);
