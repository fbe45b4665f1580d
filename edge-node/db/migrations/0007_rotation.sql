ALTER TABLE stage ADD COLUMN open INTEGER NOT NULL DEFAULT 1;
-- When she was first called for this turn.
ALTER TABLE rotation_entry ADD COLUMN called_at INTEGER;
-- What is to be played at her next turn (JSON).
ALTER TABLE rotation_entry ADD COLUMN songs TEXT NOT NULL DEFAULT '[]';
-- What was planned for the set when it began (JSON).
ALTER TABLE stage_set ADD COLUMN songs TEXT NOT NULL DEFAULT '[]';

-- State: how the stages share their dancers. One row, none before anybody sets it.
CREATE TABLE rotation_setting (
  id TEXT PRIMARY KEY,
  mode TEXT NOT NULL,
  songs_per_set INTEGER NOT NULL,
  call_timeout_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- State: the second dancer of a set that is live.
CREATE TABLE set_partner (
  dancer TEXT PRIMARY KEY,
  stage_set TEXT NOT NULL UNIQUE,
  entry TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- State: tonight's features.
CREATE TABLE feature (
  feature TEXT PRIMARY KEY,
  stage TEXT NOT NULL,
  dancer TEXT NOT NULL,
  shows_at INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- State: each time somebody set the order of a rotation aside. Who did stands in the log at `pos`.
CREATE TABLE rotation_override (
  pos INTEGER PRIMARY KEY,
  day TEXT,
  kind TEXT NOT NULL,
  entry TEXT NOT NULL,
  stage TEXT,
  dancer TEXT NOT NULL,
  reason TEXT
) STRICT;
CREATE INDEX rotation_override_of_day ON rotation_override (day, pos);
