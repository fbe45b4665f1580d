import { assert } from '#shared/kit/assert.ts';
import { lineCommand, lineHead } from '#shared/log/line.ts';

export type Row = { readonly pos: number; readonly line: string };
/** What some events of a history tell of themselves. */
export type Told = {
  readonly hasEvent: (line: string) => boolean;
  /** The place of the event with this line's id; null where it is not among them. */
  readonly placeOf: (line: string) => number | null;
  /** Whether the command of this line was carried out there by other events than it was in `own`. */
  readonly answersElsewhere: (line: string) => boolean;
};

/** `own` are the events of the history that is compared with it. */
export function tell(rows: readonly Row[], own: readonly string[]): Told {
  const places = new Map(rows.map(({ pos, line }) => [idOf(line), pos]));
  const commands = new Set(rows.map(({ line }) => lineCommand(line)));
  // One command's events may have come over in parts: as long as one of them is there, it is the same doing.
  const shared = new Set(own.filter((line) => places.has(idOf(line))).map((line) => lineCommand(line)));
  return {
    hasEvent: (line) => places.has(idOf(line)),
    placeOf: (line) => places.get(idOf(line)) ?? null,
    answersElsewhere: (line) => {
      const command = lineCommand(line);
      return command !== null && commands.has(command) && !shared.has(command);
    },
  };
}

function idOf(line: string): string {
  const head = lineHead(line);
  assert(head !== null, 'a stored line is an event line');
  return head.id;
}
