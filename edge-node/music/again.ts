import type { CopyWanted } from '#shared/domain/track-events.ts';
import { writeWhole } from '../whole-file.ts';
import { analyse } from './analyse.ts';
import { openBytes } from './byte-reader.ts';
import { withoutTail } from './claim.ts';
import type { Facts } from './facts.ts';
import { reasonOf, type Ingesting } from './ingest.ts';
import { probe } from './probe.ts';
import { makeRendition } from './rendition.ts';
import { sniff } from './sniff.ts';
import { Stopped, type Code } from './verdict.ts';

const LENGTH_TOLERANCE_SECONDS = 0.05;
const ENCODING_FROM = 0.4;

/**
 * Makes a track's playable copy again from the kept original. The copy that there is may be played until the new one lies in its
 * place; nothing else of the facts changes, and they are written last. Answers the new facts, or why the old ones stay: an original
 * that is gone (`FILE_GONE`) or not what it was (`CORRUPT`), or what ends an ingest.
 */
export async function makeAgain(
  facts: Facts,
  { targetLufs, copy }: CopyWanted,
  { library, tools, signal, onProgress }: Omit<Ingesting, 'target' | 'copy'>,
): Promise<Facts | Code> {
  const { home } = library;
  const file = home.original(facts.sha256);
  const report = (step: 'measuring' | 'encoding', from: number, until: number) => (share: number) =>
    onProgress({ step, share: from + (until - from) * share, seconds: facts.seconds });
  try {
    const { format, structure } = look(file, facts.bytes);
    // What is known of the track stays as it is: only what the coder needs is measured again.
    const spool = { file, format, tools: { ...tools, fingerprints: false }, signal };
    const probed = structure.probed ?? (await probe(spool));
    const whole = { original: file, bytes: facts.bytes };
    const analysis = await withoutTail(whole, { home, end: structure.junkFrom }, (sound) =>
      analyse({ ...spool, file: sound, probed, onShare: report('measuring', 0, ENCODING_FROM) }),
    );
    if (Math.abs(analysis.measured.seconds - facts.seconds) > LENGTH_TOLERANCE_SECONDS) throw new Stopped('CORRUPT');
    const onShare = report('encoding', ENCODING_FROM, 1);
    const making = { home, sha256: facts.sha256, format, analysis, targetLufs, copy, tools, signal, onShare };
    const made: Facts = { ...facts, rendition: await makeRendition(making) };
    writeWhole(home.facts(facts.sha256), JSON.stringify(made));
    return made;
  } catch (error) {
    return reasonOf(error);
  }
}

function look(original: string, size: number) {
  const bytes = openBytes(original);
  try {
    const found = sniff(bytes);
    if (!found.ok || bytes.size !== size) throw new Stopped('CORRUPT');
    return found;
  } finally {
    bytes.close();
  }
}
