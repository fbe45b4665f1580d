import type { Page } from 'playwright-core';
import type { SealedTail } from '#shared/contract/live.ts';

/** What the page has on its disk, oldest first; a page that was never let in has none. */
export function keptTails(page: Page): Promise<readonly SealedTail[]> {
  return page.evaluate(
    () =>
      new Promise<readonly SealedTail[]>((resolve, reject) => {
        const opened = indexedDB.open('clubops');
        opened.addEventListener('error', () => reject(new Error('The page has no database.')));
        opened.addEventListener('success', () => {
          const database = opened.result;
          const all = database.transaction('tails').objectStore('tails').getAll() as IDBRequest<
            (SealedTail & { readonly order: number })[]
          >;
          all.addEventListener('success', () => {
            database.close();
            resolve(all.result.toSorted((a, b) => a.order - b.order));
          });
        });
      }),
  );
}

export const linesOf = (tails: readonly SealedTail[]): number => tails.reduce((sum, { n }) => sum + n, 0);

/** Every place that the blobs cover, in the order in which they were kept. */
export const placesOf = (tails: readonly SealedTail[]): readonly number[] =>
  tails.flatMap(({ seq, n }) => Array.from({ length: n }, (_, at) => seq - n + 1 + at));
