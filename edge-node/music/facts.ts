import type { CopyKind } from '#shared/domain/track-events.ts';
import type { Warning } from './verdict.ts';

/** A value that a tag or an analysis gave; an analysis carries how sure it is, 0 to 1. */
export type Heard<T> = { readonly value: T; readonly from: 'tag' | 'analysis'; readonly confidence: number };

/** Everything known of a track after its ingest. Seconds count from the original's beginning. */
export type Facts = {
  readonly v: 1;
  readonly sha256: string;
  readonly bytes: number;
  readonly format: string;
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** Hash of the sound without tags and pictures. */
  readonly sound: string | null;
  /** Chromaprint's raw words in base64; empty where this machine makes none. */
  readonly fingerprint: string;
  readonly title: string;
  readonly artist: string | null;
  readonly album: string | null;
  readonly genre: string | null;
  readonly year: number | null;
  readonly explicit: 'explicit' | 'clean' | null;
  readonly bpm: Heard<number> | null;
  /** `F#m`, `C`; the tag's key where it names one. */
  readonly key: Heard<string> | null;
  readonly seconds: number;
  readonly cueIn: number;
  readonly cueOut: number;
  readonly loudnessLufs: number;
  readonly rangeLu: number;
  readonly truePeakDb: number;
  readonly clippedRuns: number;
  readonly warnings: readonly Warning[];
  readonly rendition: Rendition;
};

/** The playable copy, as it was measured after it was made. */
export type Rendition = {
  readonly copy: CopyKind;
  readonly targetLufs: number;
  readonly gainDb: number;
  readonly isLimited: boolean;
  readonly loudnessLufs: number;
  /** -1.5 where it is lower still. */
  readonly truePeakDb: number;
  /** Seconds of digital silence that were left out at its beginning. */
  readonly startsAt: number;
  readonly seconds: number;
  readonly bytes: number;
};
