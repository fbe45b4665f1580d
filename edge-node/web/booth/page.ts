import { newKey } from '../api.ts';

const PAGE = 'clubops.booth.page';
const PLAYS = 'clubops.booth.plays';

/** This tab's name: it outlives a reload, and nothing else. */
export function keptPage(): string {
  const kept = sessionStorage.getItem(PAGE) ?? newKey();
  sessionStorage.setItem(PAGE, kept);
  return kept;
}

/** Before this load the tab made the sound: it goes on by itself. */
export function wasPlaying(): boolean {
  return sessionStorage.getItem(PLAYS) !== null;
}

export function keepPlaying(plays: boolean): void {
  if (plays) sessionStorage.setItem(PLAYS, 'yes');
  else sessionStorage.removeItem(PLAYS);
}
