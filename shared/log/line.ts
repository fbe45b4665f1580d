/**
 * What can be told from an event line, or changed in it, without reading it as JSON. Every line begins
 * `{"v":1,"seq":N,"id":"…",`: that is how it is written, and lines that don't are none of ours.
 */
const HEAD = /^\{"v":1,"seq":([1-9]\d{0,15}),"id":"([A-Za-z0-9_-]{1,64})",/;

export type LineHead = { readonly seq: number; readonly id: string };

/** Null where this is no event line. */
export function lineHead(line: string): LineHead | null {
  const match = HEAD.exec(line);
  if (!match) return null;
  const seq = Number(match[1]);
  return Number.isSafeInteger(seq) ? { seq, id: match[2] ?? '' } : null;
}

/**
 * The key of the command that an event answers; null where there is none. A clock that was found to have stepped is told by
 * whatever command comes next, also by one that is refused: it answers none.
 */
export function lineCommand(line: string): string | null {
  if (TELLS_THE_CLOCK.test(line)) return null;
  // Quotes inside texts are escaped, so the first is it.
  const text = /"cmd":("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  return text === undefined ? null : (JSON.parse(text) as string);
}
const TELLS_THE_CLOCK = /^.{0,120}?"type":"clock\.stepped"/;

/** The same event, byte for byte, under another number: how a line is carried into a new log. Throws on what is no line. */
export function renumbered(line: string, seq: number): string {
  const head = lineHead(line);
  if (!head) throw new Error('This is no event line.');
  return `{"v":1,"seq":${seq}${line.slice('{"v":1,"seq":'.length + String(head.seq).length)}`;
}
