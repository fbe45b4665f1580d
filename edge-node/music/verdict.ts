import type { MusicCode } from '#shared/contract/music-api.ts';

/**
 * What an ingest answers. `accept` and `accept-warn` are playable; `duplicate?` is playable too, and asks a person; `wait`
 * decides nothing: the file or the machine was not ready, and the same file may be tried again.
 */
export type Outcome = 'accept' | 'accept-warn' | 'reject' | 'duplicate' | 'duplicate?' | 'ignore' | 'wait';

type Entry = { readonly outcome: Outcome; readonly message: string };

/** Every reason there is, with its sentence in English. */
export const CODES = {
  IGNORED_NAME: { outcome: 'ignore', message: 'A hidden or unfinished file of another program; it is left alone.' },

  EMPTY: { outcome: 'reject', message: 'The file is empty. Copy it again.' },
  NOT_AUDIO: { outcome: 'reject', message: 'This is not a music file, whatever its name says.' },
  FORMAT_NOT_ALLOWED: {
    outcome: 'reject',
    message: 'This format is not taken. Bring it as MP3, M4A, FLAC, WAV, AIFF, Ogg or Opus.',
  },
  UNSUPPORTED_CODEC: { outcome: 'reject', message: 'The sound inside is coded in a way that cannot be played here.' },
  BAD_HEADER: { outcome: 'reject', message: 'The beginning of the file is broken. Get it again from its source.' },
  NO_AUDIO: { outcome: 'reject', message: 'There is no sound in this file, only tags or data.' },
  HAS_VIDEO: { outcome: 'reject', message: 'This is a video. Bring the song as a sound file.' },
  DRM: { outcome: 'reject', message: 'This is a protected purchase; it plays only in the shop\u2019s own player.' },
  TRUNCATED: { outcome: 'reject', message: 'The end of the file is missing. Copy or download it again.' },
  CORRUPT: { outcome: 'reject', message: 'Parts of the file are damaged. Get it again from its source.' },
  TOO_SHORT: { outcome: 'reject', message: 'There is less than half a second of sound.' },
  TOO_LONG: { outcome: 'reject', message: 'Longer than two hours: that is not a track.' },
  SILENT: { outcome: 'reject', message: 'The file is silent from beginning to end.' },
  OFF_TARGET: {
    outcome: 'reject',
    message:
      'It cannot be made as loud as the other music without breaking it: it is single clicks, or too low to be heard.',
  },

  DUP_BYTES: { outcome: 'duplicate', message: 'This very file is in the library already.' },
  DUP_AUDIO: { outcome: 'duplicate', message: 'The same recording is in the library already, with other tags.' },
  DUP_FINGERPRINT: {
    outcome: 'duplicate?',
    message: 'This sounds like a track that is in the library already. Listen, and keep the better one.',
  },

  ONE_CHANNEL_SILENT: { outcome: 'accept-warn', message: 'One side is silent: half the room will hear nothing.' },
  PHASE_INVERTED: {
    outcome: 'accept-warn',
    message: 'Left and right cancel each other out: it vanishes on mono speakers and on the subs.',
  },
  DOWNMIXED: { outcome: 'accept-warn', message: 'A surround recording; it plays as stereo here.' },
  LOW_QUALITY: { outcome: 'accept-warn', message: 'Low quality: it will sound dull or rough beside other tracks.' },
  JUNK_PREFIX: {
    outcome: 'accept-warn',
    message: 'Something that is not music lay before the sound and was left out.',
  },
  SHORT: { outcome: 'accept-warn', message: 'Shorter than a second: a sound effect rather than a track.' },
  EXTENSION_MISMATCH: {
    outcome: 'accept-warn',
    message: 'The name ends like another format; the content decides and is fine.',
  },

  FILE_CHANGED: { outcome: 'wait', message: 'The file is still being written.' },
  FILE_GONE: { outcome: 'wait', message: 'The file went away before it could be read.' },
  UNREADABLE: { outcome: 'wait', message: 'The file could not be read from its disk.' },
  DISK_FULL: { outcome: 'wait', message: 'The box\u2019s disk is full. Nothing was taken in; make room.' },
  TOOL_FAILED: { outcome: 'wait', message: 'The sound tool failed or ran out of time on this file.' },
  STOPPED: { outcome: 'wait', message: 'The work was stopped before it was done.' },
} as const satisfies Record<MusicCode, Entry>;

export type Code = MusicCode;
type CodesWith<O extends Outcome> = { [C in Code]: (typeof CODES)[C]['outcome'] extends O ? C : never }[Code];
export type Refusal = CodesWith<'reject'>;
export type Warning = CodesWith<'accept-warn'>;
export type Waiting = CodesWith<'wait'>;

/** In the order in which the first one names the whole verdict: what is worst for the floor comes first. */
export const WARNINGS: readonly Warning[] = [
  'ONE_CHANNEL_SILENT',
  'PHASE_INVERTED',
  'LOW_QUALITY',
  'SHORT',
  'JUNK_PREFIX',
  'DOWNMIXED',
  'EXTENSION_MISMATCH',
];

/** Ends an ingest early, with its reason; `ingest` alone catches it. */
export class Stopped extends Error {
  readonly code: Refusal | Waiting | 'IGNORED_NAME';

  constructor(code: Stopped['code'], detail = '') {
    super(detail === '' ? CODES[code].message : detail);
    this.name = 'Stopped';
    this.code = code;
  }
}
