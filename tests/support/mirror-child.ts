import { openMirror } from '../../edge-node/mirror/mirror.ts';
import { openBareHistory } from './bare-history.ts';

/** Writes a history with its mirror in sync, one commit after the other, and says each place that was answered, until it is killed. */
const [folder = '', mirrorFolder = '', clubKey = ''] = process.argv.slice(2);
const history = openBareHistory({ folder });
const mirror = openMirror({
  folder: mirrorFolder,
  mode: 'sync',
  apartFrom: null,
  clubKey: Buffer.from(clubKey, 'hex'),
  db: history.db,
  held: () => false,
  broken: (error) => {
    throw error;
  },
});
while (mirror.state() !== 'whole') await new Promise((resolve) => setImmediate(resolve));
for (;;) {
  const written = history.write(1 + (history.log.head().seq % 3));
  const copied = mirror.committed(written);
  if (!copied) throw new Error('The mirror fell behind.');
  await copied;
  process.send?.({ answered: written.at(-1)?.line });
}
