import type { musicSetting as english } from './music-en.ts';

export const musicSetting: typeof english = {
  musicAgain: (left) => `Canciones que se rehacen como las quiere el club: ${left}. Mientras tanto suenan como antes.`,
  musicNotAgain: (failed) =>
    `Canciones que no se pudieron rehacer: ${failed}. Quedan como están; trae sus archivos otra vez.`,
  musicLoudness: 'Volumen de todas las canciones',
  musicLufs: (lufs) => `${lufs} LUFS`.replace('-', '−'),
  musicCopy: 'Cómo se guardan las canciones para sonar',
  musicCopies: { aac: 'AAC, para cualquier navegador', flac: 'FLAC, solo para una cabina con Chrome' },
  musicCooldown: 'Descanso de una canción después de sonar',
  musicRests: (minutes) => (minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`),
  musicChosen: 'Lo que se elige solo',
  musicCleanOnly: 'Solo lo marcado como apto',
  musicSetting: ({ targetLufs, copy, cooldownMin, isCleanOnly }) =>
    [musicSetting.musicLufs(targetLufs), copy.toUpperCase(), `descanso ${musicSetting.musicRests(cooldownMin)}`]
      .concat(isCleanOnly ? [musicSetting.musicCleanOnly] : [])
      .join(' · '),
};
