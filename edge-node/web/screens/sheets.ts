import { later } from '../ui/later.tsx';

/** The sheets that come after the board: what is done with dancers and drawers, and how the box is. */
export const BoxSheet = later(async () => (await import('./box-sheet.tsx')).BoxSheet);
/** No sheet, but it comes later like one. */
export const BoothView = later(async () => (await import('../booth/booth-view.tsx')).BoothView);
export const CheckInSheet = later(async () => (await import('./check-in-sheet.tsx')).CheckInSheet);
export const DancerSheet = later(async () => (await import('./dancer-sheet.tsx')).DancerSheet);
export const DrawerSheet = later(async () => (await import('./drawer-sheet.tsx')).DrawerSheet);

export function preloadSheets(): void {
  for (const sheet of [CheckInSheet, DancerSheet, DrawerSheet, BoxSheet]) sheet.preload();
}
