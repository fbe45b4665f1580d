import type { Song } from './rotation-events.ts';

/** What a track is to a choice. `lastPlayedAt` is epoch milliseconds; null for never. */
export type Candidate = Song & {
  readonly genre: string | null;
  readonly explicit: 'explicit' | 'clean' | null;
  readonly lastPlayedAt: number | null;
};

/**
 * The rules of taste, in the order in which they are let go: it was played too short a time ago, it is not of her list, not of
 * the genre, not of the house playlist, and at last it is only there for the emergency loop.
 */
export const RELAXED = ['cooldown', 'list', 'genre', 'house', 'emergency'] as const;
export type Rule = (typeof RELAXED)[number];

export type Choosing = {
  /** By hand, in their order: they stay as they are, whatever any rule says. */
  readonly planned: readonly Song[];
  /** How many songs there should be, those by hand counted in. */
  readonly count: number;
  readonly candidates: readonly Candidate[];
  /** Tracks that she never dances to, and whether only what is marked clean may play. Neither is ever let go. */
  readonly never: readonly string[];
  readonly isCleanOnly: boolean;
  /** Tracks. An empty list, playlist or genre asks for nothing. */
  readonly hers: readonly string[];
  readonly genre: string | null;
  readonly house: readonly string[];
  readonly emergency: readonly string[];
  /** Tracks that other entries have planned. */
  readonly elsewhere: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly cooldownMs: number;
  /** The entry and its round: the same seed chooses the same songs. */
  readonly seed: string;
};

export type Chosen = {
  readonly song: Song;
  readonly by: 'hand' | 'rules';
  /** Rules that this song breaks, in the order of `RELAXED`. */
  readonly letGo: readonly Rule[];
  /** It is in this set twice, or another entry has it too: nothing else was left. */
  readonly isRepeat: boolean;
};

/** Four hours. */
export const COOLDOWN_MS = 240 * 60_000;

/**
 * Fills a set up behind what is planned by hand. A song that breaks a later rule is taken only where none is left that keeps it,
 * and a song is repeated only where nothing else is left at all. Empty only where nothing is allowed to play.
 * Source: domain.md 2.3, “constraint filters must relax in order and never return empty”.
 */
export function chooseSongs(choosing: Choosing): readonly Chosen[] {
  const { planned, count, elsewhere } = choosing;
  const ranked = rankedOf(choosing);
  const others = new Set(elsewhere);
  const tracks = planned.map(({ track }) => track);
  const chosen: Chosen[] = planned.map((song) => ({ song, by: 'hand', letGo: [], isRepeat: false }));
  while (chosen.length < count) {
    const inSet = new Set(tracks);
    const isElsewhere = ({ track }: Song) => others.has(track);
    const isInSet = ({ track }: Song) => inSet.has(track);
    const next =
      ranked.find(({ song }) => !isInSet(song) && !isElsewhere(song)) ??
      ranked.find(({ song }) => !isInSet(song)) ??
      ranked.toSorted((a, b) => tracks.lastIndexOf(a.song.track) - tracks.lastIndexOf(b.song.track))[0];
    if (!next) break;
    const { song } = next;
    const letGo = RELAXED.filter((_rule, at) => (next.broken & (1 << at)) !== 0);
    chosen.push({ song, by: 'rules', letGo, isRepeat: isInSet(song) || isElsewhere(song) });
    tracks.push(song.track);
  }
  return chosen;
}

type Ranked = { readonly song: Song; readonly broken: number; readonly last: number; readonly chance: number };

/** What may play at all, best first. */
function rankedOf(choosing: Choosing): readonly Ranked[] {
  const { candidates, never, isCleanOnly, seed } = choosing;
  const barred = new Set(never);
  const brokenBy = rulesOf(choosing);
  return candidates
    .filter(({ track, explicit }) => !barred.has(track) && (!isCleanOnly || explicit === 'clean'))
    .map((one) => {
      const broken = brokenBy(one);
      const last = (broken & 1) === 0 ? 0 : (one.lastPlayedAt ?? 0);
      return { song: { track: one.track, title: one.title }, broken, last, chance: chanceOf(`${seed} ${one.track}`) };
    })
    .toSorted(
      (a, b) => a.broken - b.broken || a.last - b.last || a.chance - b.chance || (a.song.track < b.song.track ? -1 : 1),
    );
}

/** A bit for each rule that is broken, the last to be let go highest: the lower number is the better song. */
function rulesOf({ hers, house, emergency, genre, now, cooldownMs }: Choosing): (one: Candidate) => number {
  const [list, playlist, loop] = [new Set(hers), new Set(house), new Set(emergency)];
  const wanted = genre === null ? null : plain(genre);
  return ({ track, genre: its, lastPlayedAt }) => {
    const isHome = list.has(track) || playlist.has(track);
    const broken = [
      lastPlayedAt !== null && now - lastPlayedAt < cooldownMs,
      list.size > 0 && !list.has(track),
      wanted !== null && plain(its ?? '') !== wanted,
      playlist.size > 0 && !isHome,
      loop.has(track) && !isHome,
    ];
    return broken.reduce((sum, isBroken, at) => (isBroken ? sum + (1 << at) : sum), 0);
  };
}

const plain = (text: string): string => text.trim().toLowerCase();

/** A number that looks like chance and is always the same for the same text (FNV-1a, then stirred as in MurmurHash3). */
export function chanceOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
