import { expect, test } from 'vitest';
import { AS_THE_FILE_SAYS } from '#shared/domain/track.ts';
import type { TrackEdit } from '#shared/domain/track-events.ts';
import { openClub } from '../support/night.ts';
import { trackOf } from '../support/tracks.ts';

const track = 'a'.repeat(64);

test('what the DJ set of a track is what its row says; cues between which nothing would be heard are the file’s own', async () => {
  const club = await openClub();
  const dj = await club.tablet('DJ');
  club.music.shelf.put([trackOf(track, { seconds: 10, cueIn: 0.5, cueOut: 9.5 })]);
  const edited = async (edit: Partial<TrackEdit>) => {
    await dj.must('track.edit', { track, ...AS_THE_FILE_SAYS, ...edit });
    const { trimDb, cueIn, cueOut } = club.music.shelf.track(track) ?? trackOf('none');
    return [trimDb, cueIn, cueOut];
  };
  expect(await edited({ trimDb: -3.5, cueIn: 2 })).toEqual([-3.5, 2, 9.5]);
  expect(await edited({ cueOut: 4 })).toEqual([0, 0.5, 4]);
  expect(await edited({ cueIn: 1, cueOut: 99 })).toEqual([0, 1, 10]);
  expect(await edited({ cueIn: 6, cueOut: 4 })).toEqual([0, 0.5, 9.5]);
  expect(await edited({ cueIn: 30 })).toEqual([0, 0.5, 9.5]);
  await club.close();
});
