import type { MusicSetting } from '#shared/domain/track-events.ts';

/** How the club wants its music. */
export const musicSetting = {
  musicAgain: (left: number) =>
    `Songs that are made again as the club wants them: ${left}. They play as before meanwhile.`,
  musicNotAgain: (failed: number) =>
    `Songs that could not be made again: ${failed}. They stay as they are; bring their files once more.`,
  musicLoudness: 'Loudness of every song',
  musicLufs: (lufs: number) => `${lufs} LUFS`.replace('-', '−'),
  musicCopy: 'How songs are kept to be played',
  musicCopies: { aac: 'AAC, for every browser', flac: 'FLAC, only for a booth in Chrome' },
  musicCooldown: 'A song rests after it played',
  musicRests: (minutes: number) => (minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`),
  musicChosen: 'What is chosen by itself',
  musicCleanOnly: 'Only what is marked clean',
  musicSetting: ({ targetLufs, copy, cooldownMin, isCleanOnly }: MusicSetting): string =>
    [musicSetting.musicLufs(targetLufs), copy.toUpperCase(), `rest ${musicSetting.musicRests(cooldownMin)}`]
      .concat(isCleanOnly ? [musicSetting.musicCleanOnly] : [])
      .join(' · '),
};
