import { rm } from 'node:fs/promises';
import type { CopyKind } from '#shared/domain/track-events.ts';
import { writeWhole } from '../whole-file.ts';
import { analyse, type Analysis } from './analyse.ts';
import { openBytes } from './byte-reader.ts';
import { claim, soundHash, withoutTail, type Claimed } from './claim.ts';
import type { Facts, Heard } from './facts.ts';
import { keyName } from './key-name.ts';
import { writePrint, type Library } from './library.ts';
import { isIgnored } from './names.ts';
import { probe, type Probed } from './probe.ts';
import { isLong, isTooLong, judge, warnings } from './judge.ts';
import { makeRendition } from './rendition.ts';
import { waveform } from './signal/waveform.ts';
import { sniff, type Format } from './sniff.ts';
import type { Structure } from './structure.ts';
import { readTags, type Tags } from './tags.ts';
import type { Tools } from './tools.ts';
import { CODES, Stopped, type Code, type Outcome } from './verdict.ts';

export type Step = 'copying' | 'measuring' | 'encoding';
export type Progress = {
  readonly step: Step;
  /** Of the whole work, 0 to 1. */
  readonly share: number;
  /** Length of the sound in seconds; null where it is not known yet. */
  readonly seconds: number | null;
};

export type Ingesting = {
  readonly library: Library;
  /** LUFS, -14 or what the club wants. */
  readonly target: number;
  /** `aac` where nothing is said. */
  readonly copy?: CopyKind;
  readonly tools: Tools;
  readonly signal: AbortSignal | null;
  /** Whether the file is whole, and still what was begun with: asked before anything is said of it. True where it is not given. */
  readonly settled?: () => Promise<boolean>;
  readonly onProgress: (progress: Progress) => void;
};

export type Verdict = {
  readonly outcome: Outcome;
  /** Null for a track that is fine in every way. */
  readonly code: Code | null;
  /** What the DJ reads; empty for a track that is fine in every way. */
  readonly message: string;
  /** Of the track that is in the library now: this one, or for a duplicate the one that was there. */
  readonly facts: Facts | null;
  /** For a near-duplicate: the track that it sounds like. */
  readonly like: string | null;
};

type Known = Claimed & { readonly format: Format; readonly structure: Structure; readonly sound: string | null };

const MEASURING_FROM = 0.05;
const ENCODING_FROM = 0.4;

/**
 * Takes one file into the library, or says why not. The DJ's own file is only read. The same file may be given any number of
 * times; after a refusal, a failure or a kill nothing of it is left but what `sweep` removes. Runs in a process of its own beside
 * the node, because it reckons for seconds.
 */
export async function ingest(file: string, to: Ingesting): Promise<Verdict> {
  if (isIgnored(file)) return verdict('IGNORED_NAME');
  const found = await judged(file, to);
  const isSaid = found.outcome.startsWith('accept') || found.outcome === 'wait';
  return isSaid || (await isSettled(to)) ? found : verdict('FILE_CHANGED');
}

function isSettled({ settled = () => Promise.resolve(true) }: Ingesting): Promise<boolean> {
  return settled();
}

async function judged(file: string, to: Ingesting): Promise<Verdict> {
  let claimed: Claimed | null = null;
  try {
    to.onProgress({ step: 'copying', share: 0, seconds: null });
    claimed = await claim(file, to.library.home, to.signal);
    inHand.set(claimed.sha256, (inHand.get(claimed.sha256) ?? 0) + 1);
    const known = to.library.get(claimed.sha256);
    if (known !== null) return verdict('DUP_BYTES', { facts: known });
    return await takeIn(file, claimed, to);
  } catch (error) {
    return verdict(reasonOf(error));
  } finally {
    if (claimed !== null) await letGo(claimed.sha256, to.library);
  }
}

/** How many are at work on the same bytes at once, as when a file gets another name meanwhile. */
const inHand = new Map<string, number>();

/** What became no track is forgotten, unless somebody else still works on it. */
async function letGo(sha256: string, library: Library): Promise<void> {
  const others = (inHand.get(sha256) ?? 1) - 1;
  if (others > 0) inHand.set(sha256, others);
  else inHand.delete(sha256);
  if (others === 0 && library.get(sha256) === null) await forget(sha256, library);
}

async function takeIn(file: string, claimed: Claimed, to: Ingesting): Promise<Verdict> {
  const { library, tools, signal } = to;
  const known = look(claimed);
  library.refresh();
  const same = known.sound === null ? null : library.bySound(known.sound, claimed.sha256);
  if (same !== null) return verdict('DUP_AUDIO', { facts: same });
  const spool = { file: claimed.original, tools, signal };
  const probed = known.structure.probed ?? (await probe({ ...spool, format: known.format }));
  if (isTooLong(known.format, probed)) throw new Stopped('TOO_LONG');
  const tags = await readTags({ ...spool, mime: known.format.mime, name: file });
  const report = (step: Step, from: number, until: number) => (share: number) =>
    to.onProgress({ step, share: from + (until - from) * share, seconds: probed.seconds });
  const { format, structure } = known;
  const onShare = report('measuring', MEASURING_FROM, ENCODING_FROM);
  const analysis = await withoutTail(claimed, { home: library.home, end: structure.junkFrom }, (sound) =>
    analyse({ ...spool, file: sound, format, probed, onShare }),
  );
  judge({ structure, probed, analysis });
  const like = library.byFingerprint(analysis.fingerprint, {
    seconds: analysis.measured.seconds,
    but: claimed.sha256,
  });
  const rendition = await makeRendition({
    home: library.home,
    sha256: claimed.sha256,
    format: known.format,
    analysis,
    targetLufs: to.target,
    copy: to.copy ?? 'aac',
    tools,
    signal,
    onShare: report('encoding', ENCODING_FROM, 1),
  });
  if (!(await isSettled(to))) throw new Stopped('FILE_CHANGED');
  const meanwhile = library.get(claimed.sha256);
  if (meanwhile !== null) return verdict('DUP_BYTES', { facts: meanwhile });
  const facts = factsOf(known, { probed, tags, analysis, rendition, name: file });
  writeWhole(library.home.peaks(claimed.sha256), waveform(analysis.measured.levels));
  // The last step of all: with its facts a track is there.
  writeWhole(library.home.facts(claimed.sha256), JSON.stringify(facts));
  library.add(facts);
  if (like !== null) return verdict('DUP_FINGERPRINT', { facts, like: like.sha256 });
  return verdict(facts.warnings[0] ?? null, { facts });
}

function look(claimed: Claimed): Known {
  const bytes = openBytes(claimed.original);
  try {
    const found = sniff(bytes);
    if (!found.ok) throw new Stopped(found.refusal);
    if (isLong(found.structure)) throw new Stopped('TOO_LONG');
    return { ...claimed, ...found, sound: soundHash(bytes, found.structure.sound) };
  } finally {
    bytes.close();
  }
}

type Found = {
  readonly probed: Probed;
  readonly tags: Tags;
  readonly analysis: Analysis;
  readonly rendition: Facts['rendition'];
  readonly name: string;
};

function factsOf(known: Known, { probed, tags, analysis, rendition, name }: Found): Facts {
  const { measured, beat, key } = analysis;
  const bpm = heard(tags.bpm, beat === null ? null : { value: beat.bpm, confidence: beat.confidence });
  return {
    v: 1,
    sha256: known.sha256,
    bytes: known.bytes,
    format: known.format.name,
    codec: probed.codec,
    sampleRate: probed.sampleRate,
    channels: probed.channels,
    sound: known.sound,
    fingerprint: writePrint(analysis.fingerprint),
    title: tags.title,
    artist: tags.artist,
    album: tags.album,
    genre: tags.genre,
    year: tags.year,
    explicit: tags.explicit,
    bpm,
    key: heard(
      tags.key === null ? null : keyName(tags.key),
      key === null ? null : { value: keyName(key), confidence: key.confidence },
    ),
    seconds: measured.seconds,
    cueIn: analysis.cueIn,
    cueOut: analysis.cueOut,
    loudnessLufs: measured.integrated ?? -70,
    rangeLu: measured.range,
    truePeakDb: measured.truePeak,
    clippedRuns: measured.levels.clippedRuns,
    warnings: warnings({ structure: known.structure, format: known.format, probed, analysis, name }),
    rendition,
  };
}

/** A tag's value is preferred: who tagged it has listened. */
function heard<T>(tag: T | null, analysed: { readonly value: T; readonly confidence: number } | null): Heard<T> | null {
  if (tag !== null) return { value: tag, from: 'tag', confidence: 1 };
  return analysed === null ? null : { ...analysed, from: 'analysis' };
}

function verdict(
  code: Code | null,
  { facts = null, like = null }: { readonly facts?: Facts | null; readonly like?: string | null } = {},
): Verdict {
  if (code === null) return { outcome: 'accept', code, message: '', facts, like };
  return { outcome: CODES[code].outcome, code, message: CODES[code].message, facts, like };
}

const REASONS: Readonly<Record<string, Code>> = {
  ENOENT: 'FILE_GONE',
  ENOTDIR: 'FILE_GONE',
  ELOOP: 'NOT_AUDIO',
  ENXIO: 'NOT_AUDIO',
  EISDIR: 'NOT_AUDIO',
  EACCES: 'UNREADABLE',
  EPERM: 'UNREADABLE',
  EIO: 'UNREADABLE',
  ESTALE: 'FILE_GONE',
  ENOSPC: 'DISK_FULL',
  EDQUOT: 'DISK_FULL',
};

/** What the disk and the machine answer becomes a reason; a bug of ours is thrown on. */
export function reasonOf(error: unknown): Code {
  if (error instanceof Stopped) return error.code;
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
  return REASONS[String(error.code)] ?? 'UNREADABLE';
}

async function forget(sha256: string, { home }: Library): Promise<void> {
  for (const file of [
    home.original(sha256),
    home.rendition(sha256),
    home.rendition(sha256, 'flac'),
    home.peaks(sha256),
  ])
    await rm(file, { force: true });
}
