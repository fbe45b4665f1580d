import process from 'node:process';
import { nodeActor } from '../../edge-node/give.ts';
import { openBareNode } from './bare-node.ts';
import { shortenWaits } from './short-waits.ts';

/** A node that takes commands from its parent until it is killed. It opens its folder when it is told to: the one before must be dead. */
const [folder = '', cloudUrl = ''] = process.argv.slice(2);
shortenWaits({ uplinkRetryMsMax: 50 });
process.send?.({ loaded: true });
process.once('message', () => {
  const edge = openBareNode(folder, cloudUrl);
  process.on('message', (command: { readonly key: string; readonly name: string }) => {
    const { key, name } = command;
    void edge
      .command('room.add', { name }, { key, actor: nodeActor('parent') })
      .then((answer) => process.send?.({ key, answer }));
  });
  process.send?.({ open: true });
});
