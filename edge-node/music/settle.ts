/** How a file looks from outside; a copy that goes on changes one of the two. */
export type Look = { readonly bytes: number; readonly mtimeNs: string };
type Seen = Look & { readonly since: number };

export type Settling = ReturnType<typeof openSettling>;

/** So many files are looked at for one that may be begun early. */
const LOOKED_AT_MAX = 100;

/**
 * Files that came or changed, until they have stayed as they are for `quietMs`. `look` answers null for what is gone. No
 * timers: whoever has one asks `due`.
 */
export function openSettling(quietMs: number, look: (file: string) => Look | null) {
  const files = new Map<string, Seen>();
  return {
    /** One that has stayed as it is for `stillMs` and is not in `but`, and since when it has; it is waited for no more. */
    early: (
      now: number,
      stillMs: number,
      but: ReadonlySet<string>,
    ): { readonly file: string; readonly since: number } | null => {
      for (const [file, before] of [...files].slice(0, LOOKED_AT_MAX)) {
        const seen = look(file);
        if (seen !== null && !isSame(seen, before)) files.set(file, { ...seen, since: now });
        if (seen === null || !isSame(seen, before) || now - before.since < stillMs || but.has(file)) continue;
        files.delete(file);
        return { file, since: before.since };
      }
      return null;
    },
    /** Looked at again from now on. */
    add: (file: string, now: number): void => {
      const seen = files.has(file) ? null : look(file);
      if (seen) files.set(file, { ...seen, since: now });
    },
    drop: (file: string): void => void files.delete(file),
    waiting: (): number => files.size,
    /** Takes out those that are quiet. */
    due: (now: number): readonly string[] => {
      const quiet: string[] = [];
      for (const [file, before] of files) {
        if (now - before.since < quietMs) continue;
        const seen = look(file);
        if (seen === null) files.delete(file);
        else if (isSame(seen, before)) quiet.push(file);
        else files.set(file, { ...seen, since: now });
      }
      for (const file of quiet) files.delete(file);
      return quiet;
    },
  };
}

export function isSame(a: Look, b: Look): boolean {
  return a.bytes === b.bytes && a.mtimeNs === b.mtimeNs;
}
