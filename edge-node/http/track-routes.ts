import type { FastifyInstance } from 'fastify';
import type {
  CrateAnswer,
  CrateRow,
  DancerSongs,
  MusicSettingAnswer,
  PlayRow,
  TrackEditAnswer,
} from '#shared/contract/track-api.ts';
import type { Edge } from '../edge.ts';
import { reader } from './reading.ts';

const tags = ['music'];
const Id = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } as const;
const params = (name: string) => ({ type: 'object', properties: { [name]: Id } });

/** What people decided of music, and who played what. */
export function trackRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { tracks, dancers } = edge.reads;
  const counted = (row: Omit<CrateRow, 'count'>): CrateAnswer => {
    const inside = tracks.tracksIn(row.crate);
    return { ...row, count: inside.length, tracks: inside };
  };
  app.get(
    '/api/v1/music/setting',
    { schema: { tags, summary: 'How the club wants its music' } },
    as((): MusicSettingAnswer => tracks.musicSetting()),
  );
  app.get(
    '/api/v1/track-edits/:track',
    { schema: { tags, summary: 'What people put right of a track', params: params('track') } },
    as((_who, request): TrackEditAnswer | null => {
      const { track } = request.params as { readonly track: string };
      return tracks.edit(track) ?? null;
    }),
  );
  app.get(
    '/api/v1/crates',
    { schema: { tags, summary: 'Crates, by name' } },
    as((): readonly CrateRow[] => tracks.crates().map((row) => ({ ...row, count: tracks.tracksIn(row.crate).length }))),
  );
  app.get(
    '/api/v1/crates/:crate',
    { schema: { tags, summary: 'A crate with its tracks', params: params('crate') } },
    as((_who, request): CrateAnswer | null => {
      const row = tracks.crate((request.params as { readonly crate: string }).crate);
      return row ? counted(row) : null;
    }),
  );
  app.get(
    '/api/v1/dancers/:dancer/songs',
    { schema: { tags, summary: 'What she dances to, and what she never does', params: params('dancer') } },
    as((_who, request): DancerSongs | null => {
      const { dancer } = request.params as { readonly dancer: string };
      if (!dancers.dancer(dancer)) return null;
      const songs = tracks.songsOf(dancer);
      const on = (list: keyof DancerSongs) => songs.filter((one) => one.list === list).map(({ track }) => track);
      return { hers: on('hers'), never: on('never') };
    }),
  );
  playRoutes(app, edge);
}

function playRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { tracks, desk, day: days } = edge.reads;
  const withDancers = (row: Omit<PlayRow, 'dancers'>): PlayRow => ({
    ...row,
    dancers: tracks.dancersAt(row.startedAt, row.endedAt),
  });
  app.get(
    '/api/v1/nights/:day/plays',
    { schema: { tags, summary: 'What played in a night, and to whom', params: params('day') } },
    as((_who, request): readonly PlayRow[] | null => {
      const { day } = request.params as { readonly day: string };
      const night = days.nights().find((one) => one.day === day);
      if (!night) return null;
      return desk
        .plays(night.openedAt, night.closedAt ?? edge.clock.wall())
        .toSorted((a, b) => a.startedAt - b.startedAt)
        .map(withDancers);
    }),
  );
  app.get(
    '/api/v1/plays/:track',
    { schema: { tags, summary: 'When a track played, and to whom, the newest first', params: params('track') } },
    as((_who, request): readonly PlayRow[] =>
      tracks.playsOf((request.params as { readonly track: string }).track).map(withDancers),
    ),
  );
}
