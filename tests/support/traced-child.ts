import { writeSync } from 'node:fs';
import process from 'node:process';
import { nodeActor } from '../../edge-node/give.ts';
import { openBareNode } from './bare-node.ts';

/** Gives so many commands, one to five at a time, and writes the key of each that was answered to standard output at once. */
const [folder = '', commands = '0'] = process.argv.slice(2);
const edge = openBareNode(folder, null);
for (let given = 0, burst = 1; given < Number(commands); burst = (burst % 5) + 1) {
  const keys = Array.from({ length: burst }, (_none, at) => `traced-${given + at}`);
  given += burst;
  await Promise.all(
    keys.map(async (key) => {
      const answer = await edge.command('room.add', { name: `Room ${key}` }, { key, actor: nodeActor('parent') });
      if (!answer.ok) throw new Error(`${key} was refused: ${answer.refusal}`);
      writeSync(1, `${key}\n`);
    }),
  );
}
process.exit(0);
