import type { EventOf, EventType } from '#shared/domain/event.ts';

/** What an applier may know beside the event itself, so that a replay gives the same rows. */
export type Applied = {
  /** Place on the club's mainline. */
  readonly pos: number;
  /** Wall clock of the event, epoch milliseconds. */
  readonly wall: number;
  readonly day: string | null;
};

/** Writes what one type of event means. The only code that writes state tables. */
export type Appliers<T extends EventType> = { readonly [K in T]: (event: EventOf<K>, at: Applied) => void };

/** For types that change no table. */
export const nothing = (): void => undefined;
