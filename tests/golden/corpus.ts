import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_BODIES } from '#shared/contract/event-schemas.ts';
import { NEWER_VERSIONS, type EventType } from '#shared/domain/event.ts';
import { genesisHash, nextHash } from '#shared/log/chain.ts';

/**
 * Lines of every event type as version 1 of ClubOps wrote them, and one whole history. They are never changed: whatever
 * was shipped is read for ever. New types get lines of their own by `node tests/golden/make.ts`, which leaves all others.
 */
export const CORPUS = path.join(import.meta.dirname, 'v1');
export const HISTORY = 'history';
export const LINES_A_TYPE = 50;
/** Types that there are, and those of a newer version of their body as `type@version`; the first has the bare name. */
const TYPES = Object.keys(EVENT_BODIES) as readonly EventType[];
export const SHIPPED: readonly { readonly name: string; readonly type: EventType; readonly tv: number }[] =
  TYPES.flatMap((type) =>
    Array.from({ length: NEWER_VERSIONS[type] ?? 1 }, (_none, at) => ({
      name: at === 0 ? type : `${type}@${at + 1}`,
      type,
      tv: at + 1,
    })),
  );

/** Empty where there are none yet. */
export function goldenLines(name: string): readonly string[] {
  const file = fileOf(name);
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}
export const fileOf = (name: string): string => path.join(CORPUS, `${name}.ndjson`);
export const HASHES = path.join(CORPUS, 'hashes.json');

/** The chain over the lines of one file. */
export function goldenHash(name: string, lines: readonly string[]): string {
  const begin = genesisHash({ logId: name, parent: null, nodeId: 'golden', keyThumbprint: 'golden' });
  return lines.reduce((hash, line) => nextHash(hash, line), begin).toString('hex');
}
