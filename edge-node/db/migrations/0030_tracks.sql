-- State: what people put right of what a file says of itself; a null is the file's own.
CREATE TABLE track_edit (
  track TEXT PRIMARY KEY,
  title TEXT,
  artist TEXT,
  genre TEXT,
  bpm REAL,
  key TEXT,
  explicit TEXT,
  energy INTEGER
) STRICT, WITHOUT ROWID;

-- State: crates. One at most is the house playlist, one the emergency loop.
CREATE TABLE crate (
  crate TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  use TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX crate_of_use ON crate (use) WHERE use <> 'plain';

-- State: what is in a crate; pos is the place in the log of the event that put it there.
CREATE TABLE crate_track (
  crate TEXT NOT NULL,
  track TEXT NOT NULL,
  pos INTEGER NOT NULL,
  PRIMARY KEY (crate, track)
) STRICT, WITHOUT ROWID;

-- State: what a dancer dances to (hers), or never does (never).
CREATE TABLE dancer_song (
  dancer TEXT NOT NULL,
  track TEXT NOT NULL,
  list TEXT NOT NULL,
  pos INTEGER NOT NULL,
  PRIMARY KEY (dancer, track)
) STRICT, WITHOUT ROWID;

-- Who played what.
CREATE INDEX play_by_track ON play (track, started_at) WHERE track IS NOT NULL;
CREATE INDEX stage_set_by_time ON stage_set (started_at);
