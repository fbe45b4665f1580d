import type { TrackRow } from '#shared/contract/music-api.ts';
import type { TrackEdit } from '#shared/domain/track-events.ts';
import type { Reads } from '../state/reads.ts';

/** What people put right of a track, laid over what its file says; a new analysis changes only what lies below. */
export function editedRow(row: TrackRow, reads: Pick<Reads, 'tracks'> | undefined): TrackRow {
  const edit = reads?.tracks.edit(row.track);
  if (!edit) return row;
  return {
    ...row,
    title: edit.title ?? row.title,
    artist: edit.artist ?? row.artist,
    genre: edit.genre ?? row.genre,
    bpm: edit.bpm ?? row.bpm,
    key: edit.key ?? row.key,
    explicit: edit.explicit ?? row.explicit,
    trimDb: edit.trimDb ?? row.trimDb,
    ...cuesOf(row, edit),
  };
}

/** Cues between which nothing would be heard are the file's own: another copy of the song may be shorter. */
function cuesOf(row: TrackRow, edit: Pick<TrackEdit, 'cueIn' | 'cueOut'>): Pick<TrackRow, 'cueIn' | 'cueOut'> {
  const cueIn = edit.cueIn ?? row.cueIn;
  const cueOut = Math.min(edit.cueOut ?? row.cueOut, row.seconds);
  return cueOut - cueIn >= PLAYS_S_MIN ? { cueIn, cueOut } : { cueIn: row.cueIn, cueOut: row.cueOut };
}
const PLAYS_S_MIN = 1;
