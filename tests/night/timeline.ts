import type { ChildProcess } from 'node:child_process';

/** The played night's clock, and what happens when. Everything happens in order of time, then of planning. */
export type Timeline = {
  readonly now: () => number;
  /** What the node's clock is told. */
  readonly reading: () => { readonly wall: number; readonly mono: number };
  readonly at: (wall: number, what: () => Promise<void>) => void;
  readonly afterMs: (ms: number, what: () => Promise<void>) => void;
  /** Plays until nothing is planned any more; the node's clock is moved before each thing. */
  readonly play: (node: ChildProcess) => Promise<void>;
};
type Planned = { readonly wall: number; readonly order: number; readonly what: () => Promise<void> };

export function openTimeline(start: number): Timeline {
  const planned: Planned[] = [];
  let wall = start;
  let order = 0;
  const at = (when: number, what: () => Promise<void>): void => {
    order += 1;
    planned.push({ wall: Math.max(when, wall), order, what });
    planned.sort((a, b) => a.wall - b.wall || a.order - b.order);
  };
  const reading = () => ({ wall, mono: wall - start });
  return {
    now: () => wall,
    reading,
    at,
    afterMs: (ms, what) => at(wall + ms, what),
    play: async (node) => {
      for (let next = planned.shift(); next; next = planned.shift()) {
        if (next.wall > wall) {
          wall = next.wall;
          await tell(node, reading());
        }
        await next.what();
      }
    },
  };
}

function tell(node: ChildProcess, reading: { readonly wall: number; readonly mono: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('The edge node stopped in the middle of the night.'));
    const onMessage = (message: unknown): void => {
      if (typeof message !== 'object' || message === null || Reflect.get(message, 'clock') !== reading.wall) return;
      node.off('message', onMessage);
      node.off('exit', gone);
      resolve();
    };
    node.on('message', onMessage);
    node.once('exit', gone);
    node.send(reading);
  });
}
