import path from 'node:path';

/** The helpers of the music, by their command in the single binary and their file in a checkout. */
const PROGRAMS = { 'take-in': 'intake-main.ts', 'read-tags': 'tags-main.ts' } as const;

/**
 * How this program is started once more as one of its helpers, before that helper's own arguments. `nodeFlags` are Node's, in a
 * checkout; the single binary takes none.
 */
export function ownProgram(
  isBinary: boolean,
  name: keyof typeof PROGRAMS,
  nodeFlags: readonly string[] = [],
): readonly [program: string, ...args: string[]] {
  return isBinary
    ? [process.execPath, name]
    : [process.execPath, ...nodeFlags, path.join(import.meta.dirname, PROGRAMS[name])];
}
