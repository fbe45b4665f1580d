import { clampPlace, lift, paint, remeasure, retarget, scrollAtEdge, unpaint, type Drag } from './drag.ts';

type SortStep = 'lift' | 'move' | 'drop' | 'cancel' | 'gone';
export type SortEvent = {
  readonly step: SortStep;
  readonly id: string;
  readonly place: number;
  readonly count: number;
};
export type SortOptions = {
  /** Rows are the children of the list that carry `data-id`; their handles carry `data-handle`. */
  readonly list: HTMLElement;
  /** First place among the others that a row may go to. */
  readonly firstFree: (id: string) => number;
  /** While it is held, the list keeps its rows where they are. */
  readonly onHold: (isHeld: boolean) => void;
  readonly onStep: (event: SortEvent) => void;
  /** The row was put behind another one; null: first of all. */
  readonly onDrop: (id: string, before: string | null) => void;
};

type Sorter = {
  readonly options: SortOptions;
  readonly observer: MutationObserver;
  drag: Drag | null;
  release: number;
};

/** Nothing moves under a finger, nor just after it: the next tap is on its way already. */
const HOLD_AFTER_MS = 500;

/**
 * Drag and drop for one list, by finger, mouse and keyboard. Never moves a DOM node while it drags, only transforms,
 * so that rows may come and go under it; ends in one intent.
 */
export function sortable(options: SortOptions): () => void {
  const observer = new MutationObserver(() => settle(sorter));
  const sorter: Sorter = { options, observer, drag: null, release: 0 };
  const unlisten = listenTo(options.list, {
    pointerdown: (event) => onPointerDown(sorter, event),
    pointermove: (event) => {
      const drag = pointed(sorter, event);
      if (drag) drag.y = event.clientY;
    },
    pointerup: (event) => onPointerUp(sorter, event),
    pointercancel: (event) => {
      if (pointed(sorter, event)) end(sorter, 'cancel');
      else if (!sorter.drag) release(sorter, HOLD_AFTER_MS);
    },
    keydown: (event) => onKey(sorter, event),
    focusout: () => cancelWhenFocusLeft(sorter),
  });
  return () => {
    end(sorter, 'cancel');
    release(sorter, 0);
    unlisten();
  };
}

function start(
  sorter: Sorter,
  handle: HTMLElement,
  by: { readonly by: Drag['by']; readonly y: number; readonly pointer: number },
): void {
  const { options, observer } = sorter;
  const row = handle.closest<HTMLElement>('[data-id]');
  if (!row || row.parentElement !== options.list || sorter.drag) return;
  hold(sorter);
  const drag = lift(row, handle, { ...by, firstFree: options.firstFree(row.dataset['id'] ?? '') });
  sorter.drag = drag;
  observer.observe(options.list, { childList: true });
  row.dataset['lifted'] = by.by;
  options.list.dataset['sorting'] = by.by;
  say(sorter, 'lift', drag);
  if (by.by === 'pointer') follow(sorter);
}

function end(sorter: Sorter, step: 'drop' | 'cancel' | 'gone'): void {
  const { drag, options } = sorter;
  if (!drag) return;
  sorter.drag = null;
  cancelAnimationFrame(drag.frame);
  sorter.observer.disconnect();
  unpaint(drag);
  delete drag.row.dataset['lifted'];
  delete options.list.dataset['sorting'];
  say(sorter, step, drag);
  const isMoved = step === 'drop' && drag.at !== drag.home;
  release(sorter, isMoved ? 0 : HOLD_AFTER_MS);
  if (isMoved) options.onDrop(drag.id, drag.rows[drag.at - 1]?.dataset['id'] ?? null);
  if (drag.by === 'keys' && step !== 'gone') drag.handle.focus();
}

/** Rows came or went under the drag. */
function settle(sorter: Sorter): void {
  const { drag, options } = sorter;
  if (!drag) return;
  if (!drag.row.isConnected) return end(sorter, 'gone');
  drag.firstFree = options.firstFree(drag.id);
  remeasure(drag);
  paint(drag);
}

function follow(sorter: Sorter): void {
  const { drag } = sorter;
  if (!drag) return;
  scrollAtEdge(drag);
  retarget(drag);
  paint(drag);
  drag.frame = requestAnimationFrame(() => follow(sorter));
}

function onPointerDown(sorter: Sorter, event: PointerEvent): void {
  hold(sorter);
  const handle = handleOf(event);
  if (!handle || event.button !== 0 || sorter.drag) return;
  handle.setPointerCapture(event.pointerId);
  start(sorter, handle, { by: 'pointer', y: event.clientY, pointer: event.pointerId });
}

function onPointerUp(sorter: Sorter, event: PointerEvent): void {
  const drag = pointed(sorter, event);
  if (drag) {
    drag.y = event.clientY;
    retarget(drag);
    end(sorter, 'drop');
  } else if (!sorter.drag) release(sorter, HOLD_AFTER_MS);
}

function onKey(sorter: Sorter, event: KeyboardEvent): void {
  const { drag } = sorter;
  const handle = handleOf(event);
  if (drag && event.key === 'Escape') end(sorter, 'cancel');
  else if (!handle || drag?.by === 'pointer') return;
  else if (!drag && isPress(event.key)) start(sorter, handle, { by: 'keys', y: 0, pointer: -1 });
  else if (drag && isPress(event.key)) end(sorter, 'drop');
  else if (!drag || !goTo(sorter, drag, placeOfKey(event.key, drag))) return;
  event.preventDefault();
}

function goTo(sorter: Sorter, drag: Drag, at: number | null): boolean {
  if (at === null) return false;
  drag.at = clampPlace(drag, at);
  paint(drag);
  drag.row.scrollIntoView({ block: 'nearest' });
  say(sorter, 'move', drag);
  return true;
}

function placeOfKey(key: string, { at, rows }: Drag): number | null {
  if (key === 'ArrowUp') return at - 1;
  if (key === 'ArrowDown') return at + 1;
  if (key === 'Home') return 0;
  return key === 'End' ? rows.length : null;
}

/** A row that is drawn anew loses the focus for a moment and has it back in the next frame. */
function cancelWhenFocusLeft(sorter: Sorter): void {
  const { drag } = sorter;
  if (drag?.by !== 'keys') return;
  requestAnimationFrame(() => {
    if (sorter.drag === drag && document.activeElement !== drag.handle) end(sorter, 'cancel');
  });
}

function hold(sorter: Sorter): void {
  clearTimeout(sorter.release);
  sorter.options.onHold(true);
}

function release(sorter: Sorter, ms: number): void {
  clearTimeout(sorter.release);
  if (ms === 0) sorter.options.onHold(false);
  else sorter.release = window.setTimeout(() => !sorter.drag && sorter.options.onHold(false), ms);
}

function say({ options }: Sorter, step: SortStep, { id, at, rows }: Drag): void {
  options.onStep({ step, id, place: at + 1, count: rows.length + 1 });
}

function pointed({ drag }: Sorter, event: PointerEvent): Drag | null {
  return drag?.by === 'pointer' && drag.pointer === event.pointerId ? drag : null;
}

function isPress(key: string): boolean {
  return key === ' ' || key === 'Enter';
}

function handleOf({ target }: Event): HTMLElement | null {
  const found = target instanceof Element ? target.closest<HTMLElement>('[data-handle]') : null;
  return found?.ariaDisabled === 'true' ? null : found;
}

type Listeners = { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

function listenTo(list: HTMLElement, listeners: Listeners): () => void {
  const gone = new AbortController();
  for (const [name, listener] of Object.entries(listeners)) {
    list.addEventListener(name, listener as (event: Event) => void, { signal: gone.signal });
  }
  return () => gone.abort();
}
