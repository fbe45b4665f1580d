import type { Analysis } from './analyse.ts';
import { musicLimits } from './limits.ts';
import type { Probed } from './probe.ts';
import { isMisnamed, type Format } from './sniff.ts';
import { lengthOf, type Structure } from './structure.ts';
import { Stopped, WARNINGS, type Warning } from './verdict.ts';

type Case = { readonly structure: Structure; readonly probed: Probed; readonly analysis: Analysis };

const LOSSY = /^(mp[123]|aac|vorbis|opus|speex|gsm)/;
/** Of these a few complaints are no damage. */
const FORGIVEN = /^(mp[123]|aac|vorbis|opus|speex|gsm|pcm|adpcm)/;
const COARSE = /^(pcm_(u8|s8|mulaw|alaw)|adpcm_|gsm)/;
/** A stream stumbles over its own last frame, or over what lies behind it. */
const FORGIVEN_COMPLAINTS_MAX = 3;
/** What a FLAC decoder says of one piece that is none of its own. */
const STRANGE_TAIL_COMPLAINTS_MAX = 8;
const SAME_SECONDS = 0.005;
const LOST_SHARE_MAX = 0.02;

/** Before anything else looks at it, where its frames tell. */
export function isLong({ framesSeconds }: Structure): boolean {
  return framesSeconds !== null && framesSeconds > musicLimits.trackSecondsMax;
}

/** Before a decode, where the container knows its length; that of bare frames is an estimate, and no reason. */
export function isTooLong({ name }: Format, { seconds }: Probed): boolean {
  const isExact = name !== 'mp3' && name !== 'aac';
  return isExact && seconds !== null && seconds > musicLimits.trackSecondsMax;
}

/** Refuses what was decoded but is no track. In this order: what is said first explains the rest. */
export function judge({ structure, probed, analysis }: Case): void {
  const { seconds, integrated, levels } = analysis.measured;
  if (seconds === 0) throw new Stopped(analysis.complaints > 0 ? 'CORRUPT' : 'NO_AUDIO');
  if (seconds > musicLimits.trackSecondsMax) throw new Stopped('TOO_LONG');
  if (seconds < musicLimits.trackSecondsMin) throw new Stopped('TOO_SHORT');
  // Samples that are no numbers.
  if (!Number.isFinite(levels.left + levels.right)) throw new Stopped('CORRUPT');
  if (integrated === null) throw new Stopped('SILENT');
  if (isDamaged({ structure, probed, analysis })) throw new Stopped('CORRUPT');
  const promised = structure.promisedSeconds;
  if (promised !== null && seconds < promised * (1 - LOST_SHARE_MAX)) throw new Stopped('CORRUPT');
}

function isDamaged({ structure: { promisedSeconds }, probed: { codec }, analysis }: Case): boolean {
  const { complaints, brokenSums, measured } = analysis;
  // Every sample that was promised is there and holds its check sum: what the decoder did not understand lies behind them.
  const isWhole = promisedSeconds !== null && Math.abs(measured.seconds - promisedSeconds) < SAME_SECONDS;
  if (isWhole && brokenSums === 0) return complaints > STRANGE_TAIL_COMPLAINTS_MAX;
  return complaints > (FORGIVEN.test(codec) ? FORGIVEN_COMPLAINTS_MAX : 0);
}

/** What a person should know of a track that is taken, the worst first. */
export function warnings({
  structure,
  probed,
  analysis,
  format,
  name,
}: Case & { readonly format: Format; readonly name: string }): readonly Warning[] {
  const found: Readonly<Record<Warning, boolean>> = {
    ONE_CHANNEL_SILENT: analysis.isOneSided,
    PHASE_INVERTED: analysis.isInverted,
    LOW_QUALITY: isLowQuality({ structure, probed, analysis }),
    SHORT: analysis.measured.seconds < musicLimits.shortSecondsMax,
    JUNK_PREFIX: structure.warnings.includes('JUNK_PREFIX'),
    DOWNMIXED: probed.channels > 2,
    EXTENSION_MISMATCH: isMisnamed(name, format),
  };
  return WARNINGS.filter((warning) => found[warning]);
}

function isLowQuality({ structure, probed, analysis }: Case): boolean {
  if (probed.sampleRate < musicLimits.sampleRateMin || COARSE.test(probed.codec)) return true;
  const bitsPerSecond = (lengthOf(structure.sound) * 8) / analysis.measured.seconds;
  return LOSSY.test(probed.codec) && bitsPerSecond < musicLimits.lossyBitsPerSecondMin;
}
