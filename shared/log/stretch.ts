import { genesisHash, nextHash, type Genesis } from './chain.ts';
import { lineHead } from './line.ts';

/** A place in a club's history: the log, the number of the event in it (0 before the first), the chain's hash there (hex). */
export type Place = { readonly logId: string; readonly seq: number; readonly hash: string };
/**
 * Lines of one log that follow one another, from whoever kept them: the cloud, a mirror, a tablet. `prev` is the chain's
 * hash before the first (hex), `hash` that after the last: the keeper's word, which the lines must bear out.
 */
export type Stretch = {
  readonly genesis: Genesis;
  readonly from: number;
  readonly prev: string;
  readonly hash: string;
  readonly lines: readonly string[];
};
/** A line with the log and the number that it had there. */
export type PlacedLine = { readonly logId: string; readonly seq: number; readonly line: string };
type Way = { readonly place: Place; readonly lines: readonly PlacedLine[] };
/** `beside` are the events that join too, but on other ways of a history that had forked: each once, none of them in `lines`. */
export type Extended = Way & { readonly beside: readonly PlacedLine[] };

/**
 * Goes on from a place that is known to be right, as far as the stretches reach, also from a log into its child. They
 * may come in any order, overlap, repeat, miss parts and lie: only what joins the chain is taken, and where two
 * histories join, the longer one is followed. Answers the place that was reached, the lines on the way, and those beside.
 */
export function extend(start: Place, stretches: readonly Stretch[]): Extended {
  const all = distinct(stretches.flatMap((stretch) => checked(stretch) ?? []));
  const whole = [...all, ...forksIn(all).flatMap((fork) => all.flatMap((stretch) => cutAt(stretch, fork) ?? []))];
  const reached = new Set([keyOf(start)]);
  let best: Way = { place: start, lines: [] };
  const open: Way[] = [best];
  const joining: PlacedLine[] = [];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one.lines.length > best.lines.length) best = one;
    for (const stretch of whole) {
      const longer = joined(one, stretch);
      if (longer === null || reached.has(keyOf(longer.place))) continue;
      reached.add(keyOf(longer.place));
      open.push(longer);
      joining.push(...longer.lines.slice(one.lines.length));
    }
  }
  return { ...best, beside: besides(best.lines, joining) };
}

/** An event is known by its id: the same one may stand in several logs. */
function besides(lines: readonly PlacedLine[], joining: readonly PlacedLine[]): readonly PlacedLine[] {
  const known = new Set(lines.map(idOf));
  const others = new Map(joining.filter((one) => !known.has(idOf(one))).map((one) => [idOf(one), one]));
  return [...others.values()];
}
const idOf = ({ line }: PlacedLine): string | undefined => lineHead(line)?.id;

/**
 * What in some stretches is not on a history: the lines, by id once each, and the places where they turn off it. `hashAt`
 * is the history's hash (hex) after an event of a log, null where it has none. Lines that join nowhere are told, too.
 */
export function strays(
  stretches: readonly Stretch[],
  hashAt: (logId: string, seq: number) => string | null,
): { readonly places: readonly Place[]; readonly lines: readonly string[] } {
  const isOn = ({ logId, seq, hash }: Place): boolean => hashAt(logId, seq) === hash;
  const places = new Map<string, Place>();
  const lines = new Map<string | undefined, string>();
  for (const stretch of stretches.flatMap((one) => checked(one) ?? [])) {
    const { genesis, from, prev, hashes } = stretch;
    const { logId, parent } = genesis;
    const on = hashes.findIndex((hash, at) => !isOn({ logId, seq: from + at, hash }));
    if (on === -1) continue;
    const last = { logId, seq: from + on - 1, hash: on === 0 ? prev : (hashes[on - 1] ?? prev) };
    const turnsOff = on > 0 || isOn(last) ? last : from === 1 && parent !== null && isOn(parent) ? parent : null;
    if (turnsOff) places.set(keyOf(turnsOff), turnsOff);
    for (const line of stretch.lines.slice(on)) lines.set(lineHead(line)?.id, line);
  }
  return { places: [...places.values()], lines: [...lines.values()] };
}

const HALF_A_CHARACTER = /\p{Surrogate}/u;
type Checked = Stretch & { readonly hashes: readonly string[]; readonly begins: string };

/** The stretch with the hash after each line; null where its lines don't bear its own word out. */
function checked(stretch: Stretch): Checked | null {
  const begins = genesisHash(stretch.genesis).toString('hex');
  if (stretch.from < 1 || (stretch.from === 1 && stretch.prev !== begins)) return null;
  let hash: Buffer = Buffer.from(stretch.prev, 'hex');
  const hashes: string[] = [];
  for (const [at, line] of stretch.lines.entries()) {
    // Half a character has no bytes of its own: it would hash as the mark of a broken one that somebody wrote.
    if (lineHead(line)?.seq !== stretch.from + at || HALF_A_CHARACTER.test(line)) return null;
    hash = nextHash(hash, line);
    hashes.push(hash.toString('hex'));
  }
  return (hashes.at(-1) ?? stretch.prev) === stretch.hash ? { ...stretch, hashes, begins } : null;
}

/** Many keepers were given the same. */
function distinct(stretches: readonly Checked[]): readonly Checked[] {
  const named = stretches.map((stretch) => [`${stretch.begins}/${stretch.from}/${stretch.hash}`, stretch] as const);
  return [...new Map(named).values()];
}

/**
 * Places inside a stretch where another way begins: a child of a log that was left before its end, or what another box of
 * the same disk wrote. It is reached only by a stretch that stops there.
 */
function forksIn(stretches: readonly Checked[]): readonly Place[] {
  const children = stretches.flatMap(({ genesis }) => genesis.parent ?? []);
  const others = stretches.flatMap((one) => stretches.flatMap((other) => partingOf(one, other) ?? []));
  return [...new Map([...children, ...others].map((place) => [keyOf(place), place])).values()];
}

/** The last place that both have, where the second begins inside the first and then says something else. */
function partingOf(one: Checked, other: Checked): Place | null {
  const { logId } = one.genesis;
  if (other.genesis.logId !== logId || other.from <= one.from || hashIn(one, other.from - 1) !== other.prev)
    return null;
  const end = Math.min(endOf(one), endOf(other));
  if (end < other.from || hashIn(one, end) === hashIn(other, end)) return null;
  let seq = other.from;
  while (hashIn(one, seq) === hashIn(other, seq)) seq += 1;
  return { logId, seq: seq - 1, hash: hashIn(one, seq - 1) ?? '' };
}

/** As much of a stretch as lies before a place; null where the place is not in it. */
function cutAt(stretch: Checked, { logId, seq, hash }: Place): Checked | null {
  const count = seq - stretch.from + 1;
  if (stretch.genesis.logId !== logId || hashIn(stretch, seq) !== hash) return null;
  return { ...stretch, hash, lines: stretch.lines.slice(0, count), hashes: stretch.hashes.slice(0, count) };
}

/** The chain's hash after an event of the stretch. */
const hashIn = ({ from, hashes }: Checked, seq: number): string | undefined => hashes[seq - from];
const endOf = ({ from, lines }: Checked): number => from + lines.length - 1;

function joined({ place, lines }: Way, stretch: Checked): Way | null {
  const { genesis, from } = stretch;
  const here = genesis.logId === place.logId ? place : startOf(stretch, place);
  if (here === null) return null;
  const skip = here.seq - from + 1;
  if (skip < 0 || skip >= stretch.lines.length) return null;
  const before = skip === 0 ? stretch.prev : stretch.hashes[skip - 1];
  if (before !== here.hash) return null;
  const added = stretch.lines.slice(skip).map((line, at) => ({ logId: genesis.logId, seq: from + skip + at, line }));
  const end = { logId: genesis.logId, seq: from + stretch.lines.length - 1, hash: stretch.hash };
  return { place: end, lines: [...lines, ...added] };
}

/** The beginning of a log that grew out of this place; null where it grew out of another. */
function startOf({ genesis, begins }: Checked, place: Place): Place | null {
  const { parent } = genesis;
  const grown = parent?.logId === place.logId && parent.seq === place.seq && parent.hash === place.hash;
  return grown ? { logId: genesis.logId, seq: 0, hash: begins } : null;
}

/** A place as one word, to tell places apart by. */
export const keyOf = ({ logId, seq, hash }: Place): string => `${logId}/${seq}/${hash}`;
