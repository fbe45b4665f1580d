/** One drag: where its row came from, where it would go, and how far the others give way. Coordinates are the list's own. */
export type Slot = { readonly top: number; readonly height: number };
export type Drag = {
  readonly row: HTMLElement;
  readonly handle: HTMLElement;
  readonly id: string;
  readonly by: 'pointer' | 'keys';
  readonly pointer: number;
  /** From the row's top to where it was taken. */
  readonly grip: number;
  readonly startY: number;
  readonly armed: { up: boolean; down: boolean };
  /** First place among the others that the row may go to. */
  firstFree: number;
  y: number;
  rows: readonly HTMLElement[];
  slots: readonly Slot[];
  home: number;
  at: number;
  step: number;
  frame: number;
};
export type Grab = Pick<Drag, 'by' | 'y' | 'pointer' | 'firstFree'>;

/** Edge scrolling starts only after a movement towards that edge: a row taken near it stays where it is. */
const ARM_PX = 12;
const EDGE_PX = { top: 140, bottom: 110 } as const;
const SCROLL_PX_MAX = 18;

export function lift(row: HTMLElement, handle: HTMLElement, { by, y, pointer, firstFree }: Grab): Drag {
  const grip = y - listTop(row) - row.offsetTop;
  const armed = { up: false, down: false };
  const unmeasured = { rows: [], slots: [], home: 0, at: 0, step: 0, frame: 0 };
  const drag: Drag = {
    row,
    handle,
    id: row.dataset['id'] ?? '',
    by,
    pointer,
    grip,
    startY: y,
    armed,
    firstFree,
    y,
    ...unmeasured,
  };
  measure(drag);
  drag.at = drag.home;
  return drag;
}

/** Where a dragged row belongs among the others, whose slots are as they stand with the row still in its home. */
export function placeAt(
  slots: readonly Slot[],
  { home, step, centre }: { readonly home: number; readonly step: number; readonly centre: number },
): number {
  const isAbove = ({ top, height }: Slot, index: number) =>
    top + height / 2 - (index >= home ? step : 0) + step / 2 < centre;
  const at = slots.findIndex((slot, index) => !isAbove(slot, index));
  return at < 0 ? slots.length : at;
}

/** How far another row gives way. */
export function shiftOf(
  index: number,
  { home, at, step }: { readonly home: number; readonly at: number; readonly step: number },
): number {
  return (index >= at ? step : 0) - (index >= home ? step : 0);
}

/** Rows came or went: the row goes on staying behind the same neighbour. */
export function remeasure(drag: Drag): void {
  const before = drag.rows[drag.at - 1];
  measure(drag);
  const kept = before ? drag.rows.indexOf(before) + 1 : 0;
  drag.at = clampPlace(drag, before && kept === 0 ? drag.at : kept);
}

export function retarget(drag: Drag): void {
  const centre = drag.y - listTop(drag.row) - drag.grip + drag.row.offsetHeight / 2;
  drag.at = clampPlace(drag, placeAt(drag.slots, { home: drag.home, step: drag.step, centre }));
}

export function clampPlace({ firstFree, home, rows }: Drag, at: number): number {
  return Math.max(Math.min(firstFree, home), Math.min(rows.length, at));
}

export function paint(drag: Drag): void {
  for (const [index, row] of drag.rows.entries()) shift(row, shiftOf(index, drag));
  shift(drag.row, drag.by === 'keys' ? keyShift(drag) : drag.y - listTop(drag.row) - drag.grip - drag.row.offsetTop);
}

export function unpaint({ row, rows }: Drag): void {
  for (const one of [row, ...rows]) one.style.removeProperty('transform');
}

export function scrollAtEdge({ y, startY, armed }: Drag): void {
  if (y < startY - ARM_PX) armed.up = true;
  if (y > startY + ARM_PX) armed.down = true;
  const above = EDGE_PX.top - y;
  const below = y - (innerHeight - EDGE_PX.bottom);
  if (armed.up && above > 0) scrollBy(0, -Math.min(SCROLL_PX_MAX, above / 4));
  else if (armed.down && below > 0) scrollBy(0, Math.min(SCROLL_PX_MAX, below / 4));
}

/** Offsets know nothing of transforms, so that a list can be measured in the middle of a drag. */
function measure(drag: Drag): void {
  const children = [...(drag.row.parentElement?.children ?? [])];
  const all = children.filter((one): one is HTMLElement => one instanceof HTMLElement && 'id' in one.dataset);
  const [first, second] = all;
  const gap = first && second ? second.offsetTop - first.offsetTop - first.offsetHeight : 0;
  drag.home = all.indexOf(drag.row);
  drag.rows = all.filter((one) => one !== drag.row);
  drag.slots = drag.rows.map((one) => ({ top: one.offsetTop, height: one.offsetHeight }));
  drag.step = drag.row.offsetHeight + gap;
}

/** A row that is moved by keys lies exactly where it would be dropped. */
function keyShift({ row, slots, home, at, step }: Drag): number {
  const gap = step - row.offsetHeight;
  const passed = slots.slice(Math.min(home, at), Math.max(home, at));
  return passed.reduce((sum, { height }) => sum + height + gap, 0) * Math.sign(at - home);
}

function shift(row: HTMLElement, y: number): void {
  const wanted = y === 0 ? '' : `translateY(${y}px)`;
  if (row.style.transform !== wanted) row.style.transform = wanted;
}

function listTop(row: HTMLElement): number {
  return row.parentElement?.getBoundingClientRect().top ?? 0;
}
