-- State: what headquarters and the floor both write, by field. Written by apply(event) alone.
CREATE TABLE shared_field (
  coll TEXT NOT NULL,
  id TEXT NOT NULL,
  field TEXT NOT NULL,
  -- Headquarters' version that was taken over, and its value (JSON). 0 before the first.
  fv INTEGER NOT NULL,
  value TEXT NOT NULL,
  -- Headquarters' value that holds from the next night on: {fv, value, feed, rev}.
  waiting TEXT,
  -- The floor's last edit that headquarters did not answer yet, and its value (JSON).
  edit TEXT,
  edit_value TEXT,
  PRIMARY KEY (coll, id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX shared_field_waiting ON shared_field (coll) WHERE waiting IS NOT NULL;

-- State: what keeps a dancer from working. Kept when lifted.
CREATE TABLE restriction (
  restriction TEXT PRIMARY KEY,
  dancer TEXT NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  origin TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  lifted_by TEXT,
  lift_reason TEXT,
  lifted_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX restriction_of_dancer ON restriction (dancer);

-- State: notes on dancers, only ever added. The text is sealed.
CREATE TABLE dancer_note (
  note TEXT PRIMARY KEY,
  dancer TEXT NOT NULL,
  origin TEXT NOT NULL,
  written_by TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dancer_note_of_dancer ON dancer_note (dancer);

-- State: what a manager should hear of headquarters: messages, values that wait, edits that did not hold.
CREATE TABLE notice (
  pos INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  coll TEXT,
  id TEXT,
  field TEXT,
  text TEXT,
  at INTEGER NOT NULL
) STRICT;

-- State: commands of headquarters that were answered.
CREATE TABLE feed_command (
  command TEXT PRIMARY KEY,
  cmd TEXT NOT NULL,
  outcome TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- State: the last good blob of each kind.
CREATE TABLE signed_blob (
  coll TEXT PRIMARY KEY,
  ver INTEGER NOT NULL,
  jws TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Beside the log: how far this box follows the feed. One row.
CREATE TABLE feed_cursor (
  id TEXT PRIMARY KEY,
  feed TEXT,
  cursor TEXT,
  rev INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO feed_cursor (id, feed, cursor, rev) VALUES ('feed', NULL, NULL, 0);

-- Beside the log: feeds that were declared dead. None of them is ever followed again.
CREATE TABLE dead_feed (
  feed TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
