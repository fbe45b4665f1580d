import { useEffect, useRef, useState } from 'react';

const HELD_AFTER_MS = 500;

/**
 * Nothing moves under a finger: while the list is touched and half a second after, each row keeps its place and who is
 * new comes in at the end.
 */
export function useHeld<R extends { readonly id: string }>(rows: readonly R[]) {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const shown = held ? inHeldOrder(held, rows) : rows;
  const release = () => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setHeld(null), HELD_AFTER_MS);
  };
  const hold = () => {
    clearTimeout(timer.current);
    setHeld(shown.map(({ id }) => id));
  };
  return {
    shown,
    touch: { onPointerDown: hold, onPointerUp: release, onPointerCancel: release, onPointerLeave: release },
  };
}

function inHeldOrder<R extends { readonly id: string }>(held: readonly string[], rows: readonly R[]): readonly R[] {
  const place = new Map(held.map((id, at) => [id, at]));
  return rows.toSorted((a, b) => (place.get(a.id) ?? held.length) - (place.get(b.id) ?? held.length));
}
