import type { SealedTail, Since } from '#shared/contract/live.ts';
import { tailKey } from './tail-list.ts';

/** What is on the disk: `order` goes up from blob to blob, in every tab of this device. */
export type StoredTail = SealedTail & { readonly order: number };
export type Stored = { readonly tails: readonly StoredTail[]; readonly place: Since | null };
export type Change = {
  readonly put: readonly StoredTail[];
  readonly remove: readonly SealedTail[];
  readonly place: Since | null;
};
/** Every promise rejects where the browser has no room or lets nobody in. */
export type TailStore = {
  readonly read: () => Promise<Stored>;
  /** All of it in one transaction. */
  readonly write: (change: Change) => Promise<void>;
  readonly clear: () => Promise<void>;
};

const DATABASE = 'clubops';
const TAILS = 'tails';
const PLACE = 'place';

/** Keys are the blobs' own, so that two tabs that write the same write it once. */
export async function openTailStore(): Promise<TailStore> {
  const database = await openDatabase();
  // A newer page in another tab must be able to change the stores.
  database.addEventListener('versionchange', () => database.close());
  const change = (work: (tails: IDBObjectStore, place: IDBObjectStore) => void) => {
    const transaction = database.transaction([TAILS, PLACE], 'readwrite');
    work(transaction.objectStore(TAILS), transaction.objectStore(PLACE));
    return done(transaction);
  };
  return {
    async read() {
      const transaction = database.transaction([TAILS, PLACE], 'readonly');
      const tails = transaction.objectStore(TAILS).getAll() as IDBRequest<StoredTail[]>;
      const place = transaction.objectStore(PLACE).get(PLACE) as IDBRequest<Since | undefined>;
      await done(transaction);
      const inOrder = tails.result.toSorted((a, b) => a.order - b.order || a.seq - b.seq);
      return { tails: inOrder, place: place.result ?? null };
    },
    write: ({ put, remove, place }) =>
      change((tails, places) => {
        for (const tail of put) tails.put(tail, tailKey(tail));
        for (const tail of remove) tails.delete(tailKey(tail));
        if (place) places.put(place, PLACE);
      }),
    clear: () =>
      change((tails, places) => {
        tails.clear();
        places.clear();
      }),
  };
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore(TAILS);
      request.result.createObjectStore(PLACE);
    });
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB did not open')));
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(transaction.error ?? new Error('IndexedDB did not take it'));
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('error', fail);
    transaction.addEventListener('abort', fail);
  });
}
