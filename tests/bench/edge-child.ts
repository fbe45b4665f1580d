import process from 'node:process';
import { limits } from '../../edge-node/limits.ts';
import { buildTestEdge } from '../support/edge.ts';
import { cpuUs, serve, settledMemory } from './child.ts';
import { callable, fillNight } from './night.ts';

/** A real node in a full night, as one process. BENCH_COMMANDS_PER_COMMIT cuts its group commit. */
const perCommit = process.env['BENCH_COMMANDS_PER_COMMIT'];
if (perCommit !== undefined) Object.assign(limits, { commandsPerCommitMax: Number(perCommit) });

const node = await buildTestEdge({ folder: process.env['BENCH_FOLDER'] ?? '' });
await fillNight(node.edge);

/** One of each sight: the owner sees money, the host cash, the DJ the booth. */
const FIRST_NAMES = ['DJ', 'Olivia', 'Helen'] as const;

const tasks = {
  /** Tablets that are signed in and may call, and what they may call. */
  tablets: async (count: number) => {
    const tablets = Array.from({ length: count }, (_, at) => node.tablet(FIRST_NAMES[at % FIRST_NAMES.length] ?? 'DJ'));
    const tokens = (await Promise.all(tablets)).map(({ token }) => token);
    return {
      url: node.url,
      tokens,
      paths: callable(node.edge).map((entry) => `/api/v1/rotation-entries/${entry}/call`),
    };
  },
  cpuUs,
  settledMemory,
  head: () => node.edge.log.head().seq,
};
export type EdgeTasks = typeof tasks;

serve(tasks, node.stop);
