import type { OnRoster } from './api.ts';

/** Whose name has what was typed at the head of a word first, then who has it anywhere; accents and case don't count. */
export function matching(roster: readonly OnRoster[], typed: string): readonly OnRoster[] {
  const wanted = plain(typed.trim());
  if (wanted === '') return roster;
  const heads = roster.filter(({ stageName }) => ` ${plain(stageName)}`.includes(` ${wanted}`));
  const rest = roster.filter((one) => !heads.includes(one) && plain(one.stageName).includes(wanted));
  return [...heads, ...rest];
}

function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
