import type { TrackRow } from '#shared/contract/music-api.ts';
import { chanceOf, chooseSongs, type Candidate, type Choosing } from '#shared/domain/choose-songs.ts';
import type { Edge } from '../edge.ts';
import type { Propose } from './programme.ts';
import { songOf, type BoothShelf } from './propose.ts';

/** So long back a play counts. */
const LATELY_MS = 24 * 3_600_000;
/** Of a long library a part is looked at, another one for each turn: a full rotation is filled at once, and the floor waits for nobody's songs. */
const SAMPLE = 400;

/** Songs for her who planned none, by the club's rules: her lists, the house's crate, what played lately. Where a part of the library has too few, all of it is looked at. */
export function openChoosing({ reads, clock }: Pick<Edge, 'reads' | 'clock'>, shelf: BoothShelf): Propose {
  return ({ entry, number, dancer, count, not }) => {
    const now = clock.wall();
    const setting = reads.tracks.musicSetting();
    const seed = `${entry ?? 'auto'}:${number}`;
    const last = new Map(
      reads.desk.plays(now - LATELY_MS, now).map(({ track, endedAt }) => [track ?? '', endedAt] as const),
    );
    const lists = dancer === null ? [] : reads.tracks.songsOf(dancer);
    const inCrate = (use: 'house' | 'emergency') => {
      const found = reads.tracks.crateOf(use);
      return found ? reads.tracks.tracksIn(found.crate) : [];
    };
    const hers = lists.filter(({ list }) => list === 'hers').map(({ track }) => track);
    const [house, emergency] = [inCrate('house'), inCrate('emergency')];
    const choosing: Omit<Choosing, 'candidates'> = {
      planned: [],
      count,
      never: lists.filter(({ list }) => list === 'never').map(({ track }) => track),
      isCleanOnly: setting.isCleanOnly,
      hers,
      genre: null,
      house,
      emergency,
      elsewhere: [...not],
      now,
      cooldownMs: setting.cooldownMin * 60_000,
      seed,
    };
    const all = shelf.all();
    const wanted = [...hers, ...house, ...emergency].flatMap((track) => shelf.track(track) ?? []);
    const from = all.length <= SAMPLE ? 0 : chanceOf(seed) % all.length;
    const part = [
      ...wanted,
      ...all.slice(from, from + SAMPLE),
      ...all.slice(0, Math.max(0, from + SAMPLE - all.length)),
    ];
    const choose = (rows: readonly TrackRow[]) =>
      chooseSongs({ ...choosing, candidates: [...new Set(rows)].map((row) => candidateOf(row, last)) });
    const chosen = choose(part);
    const isShort = chosen.length < count || chosen.some(({ isRepeat }) => isRepeat);
    return (isShort && all.length > SAMPLE ? choose(all) : chosen).map(({ song, letGo }) => ({ song, letGo }));
  };
}

function candidateOf(row: TrackRow, last: ReadonlyMap<string, number>): Candidate {
  return { ...songOf(row), genre: row.genre, explicit: row.explicit, lastPlayedAt: last.get(row.track) ?? null };
}
