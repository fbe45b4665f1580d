import type { Words } from './i18n/words.ts';
import { createSignal, type Signal } from './signal.ts';

type Say = (words: Words) => string;
export type Notice = {
  readonly id: number;
  readonly say: Say;
  readonly tone: 'good' | 'bad';
  /** A stage whose present order is shown with it. */
  readonly stage: string | null;
  readonly action: { readonly say: Say; readonly run: () => void } | null;
};
const NOTICES_MAX = 3;

/** What the screen tells its person: notices to read and act on, and a voice for those who listen. */
export type Notices = {
  readonly shown: Signal<readonly Notice[]>;
  readonly voice: Signal<Say>;
  readonly add: (notice: Omit<Notice, 'id'>) => void;
  readonly remove: (id: number) => void;
};

export function createNotices(): Notices {
  const shown = createSignal<readonly Notice[]>([]);
  const voice = createSignal<Say>(() => '');
  const count = { last: 0 };
  return {
    shown,
    voice,
    add(notice) {
      count.last += 1;
      shown.set([...shown.get(), { ...notice, id: count.last }].slice(-NOTICES_MAX));
    },
    remove(id) {
      shown.set(shown.get().filter((one) => one.id !== id));
    },
  };
}
