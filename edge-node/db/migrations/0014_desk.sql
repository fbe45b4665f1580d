-- State: songs that really played.
CREATE TABLE play (
  play TEXT PRIMARY KEY,
  track TEXT,
  title TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX play_by_time ON play (ended_at, started_at);

-- State: dances that hosts counted in a session, and what a person made of it where the songs said something else.
CREATE TABLE dance_count (
  session TEXT PRIMARY KEY,
  host_dances INTEGER NOT NULL,
  dances INTEGER,
  reason TEXT
) STRICT, WITHOUT ROWID;

-- State: guests' signatures, sealed under the session.
CREATE TABLE acknowledgement (
  session TEXT PRIMARY KEY,
  pos INTEGER NOT NULL,
  at INTEGER NOT NULL,
  witness TEXT NOT NULL,
  processor_ref TEXT,
  last4 TEXT,
  signature TEXT
) STRICT, WITHOUT ROWID;

-- State: rooms that are promised; for whom stays sealed in the log.
CREATE TABLE reservation (
  reservation TEXT PRIMARY KEY,
  room TEXT NOT NULL,
  at INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_open ON reservation (room) WHERE state = 'OPEN';
