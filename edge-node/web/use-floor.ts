import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from 'react';
import type { TableName } from '#shared/contract/live.ts';
import { isPending, type Floor } from './floor.ts';
import { useSignal } from './signal.ts';
import type { Row } from './store.ts';
import type { Known } from './why-not.ts';

export const FloorContext = createContext<Floor | null>(null);

export function useFloor(): Floor {
  const floor = useContext(FloorContext);
  if (!floor) throw new Error('Broken invariant: only screens of the floor use the floor');
  return floor;
}

export function useList<T extends TableName>(table: T): readonly Row<T>[] {
  const { tables } = useFloor();
  const subscribe = useCallback(
    (listener: () => void) => tables.subscribe({ table, row: null }, listener),
    [tables, table],
  );
  return useSyncExternalStore(subscribe, () => tables.list(table));
}

export function useRow<T extends TableName>(table: T, row: string): Row<T> | undefined {
  const { tables } = useFloor();
  const subscribe = useCallback(
    (listener: () => void) => tables.subscribe({ table, row }, listener),
    [tables, table, row],
  );
  return useSyncExternalStore(subscribe, () => tables.row(table, row));
}

/** The node's time, once a second. */
export function useSecond(): number {
  const { clock } = useFloor();
  return useSyncExternalStore(clock.subscribe, clock.second);
}

/** A command for this entry, room or session is on its way. */
export function useBusy(of: string): boolean {
  const { pending } = useFloor();
  return useSyncExternalStore(pending.subscribe, () => isPending(pending.get(), of));
}

export function useKnown(): Known {
  const { roles, clock } = useFloor();
  const day = useRow('day', 'day');
  return useMemo(() => ({ roles, day, now: clock.now() }), [roles, day, clock]);
}

export function usePending() {
  return useSignal(useFloor().pending);
}

/** By name, with numbers as numbers: VIP 2 before VIP 10. */
export function useSorted<R extends { readonly name: string }>(rows: readonly R[]): readonly R[] {
  return useMemo(() => rows.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })), [rows]);
}
