-- The log: the line is the authority, every column beside it is derived from it.
CREATE TABLE log (
  log_id TEXT PRIMARY KEY,
  -- Events on the mainline before this log's first one.
  base INTEGER NOT NULL,
  parent_log TEXT,
  parent_seq INTEGER,
  parent_hash TEXT,
  node_id TEXT NOT NULL,
  key_thumbprint TEXT NOT NULL
) STRICT;

-- pos is the place on the club's mainline: base of its log plus seq.
CREATE TABLE event (
  pos INTEGER PRIMARY KEY,
  log_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  line TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;

-- Beside the log: the first answer to each command, for those who ask again.
CREATE TABLE command_answer (
  key TEXT PRIMARY KEY,
  fingerprint BLOB NOT NULL,
  refusal TEXT,
  -- The events that it made; for a refusal both are the head at that time.
  from_pos INTEGER NOT NULL,
  to_pos INTEGER NOT NULL,
  born TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Beside the log: keys of sealed fields, wrapped by the club key. Destroying one is the erasure.
CREATE TABLE data_key (
  subject TEXT PRIMARY KEY,
  wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Beside the log: who is signed in where.
CREATE TABLE sign_in (
  token_hash TEXT PRIMARY KEY,
  staff TEXT NOT NULL,
  device TEXT NOT NULL,
  signed_in_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Beside the log: how far the cloud has it.
CREATE TABLE uplink (
  log_id TEXT PRIMARY KEY,
  acked INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  cloud_epoch INTEGER,
  receipt TEXT,
  halted TEXT
) STRICT, WITHOUT ROWID;

-- From here on: state. Written by apply(event) alone, made again by a replay.
CREATE TABLE club (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  tz TEXT NOT NULL,
  currency TEXT NOT NULL,
  cutoff_minutes INTEGER NOT NULL,
  pack TEXT NOT NULL,
  tax_basis_points INTEGER NOT NULL,
  house_fee_cents INTEGER NOT NULL,
  room_rates TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stage (
  stage TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE room (
  room TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  session TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE drawer (
  drawer TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  drawer_session TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  staff TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  roles TEXT NOT NULL,
  -- Sealed: the PIN's hash.
  pin TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  device TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  ceiling TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE business_day (
  day TEXT PRIMARY KEY,
  date TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX business_day_open ON business_day ((1)) WHERE state <> 'CLOSED';

CREATE TABLE dancer (
  dancer TEXT PRIMARY KEY,
  stage_name TEXT NOT NULL UNIQUE,
  engagement TEXT NOT NULL,
  -- Sealed.
  legal_name TEXT NOT NULL,
  birth_date TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE credential (
  credential TEXT PRIMARY KEY,
  dancer TEXT NOT NULL,
  kind TEXT NOT NULL,
  issuer TEXT NOT NULL,
  expires_on TEXT,
  verified INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credential_of_dancer ON credential (dancer);

CREATE TABLE attendance (
  attendance TEXT PRIMARY KEY,
  day TEXT NOT NULL,
  dancer TEXT NOT NULL,
  state TEXT NOT NULL,
  segment INTEGER NOT NULL,
  checked_in_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX attendance_of_dancer ON attendance (dancer, day);
CREATE UNIQUE INDEX attendance_open ON attendance (dancer) WHERE state = 'CHECKED_IN';
CREATE INDEX attendance_of_day ON attendance (day);

CREATE TABLE house_fee (
  fee TEXT PRIMARY KEY,
  attendance TEXT NOT NULL,
  dancer TEXT NOT NULL,
  cents INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX house_fee_of_attendance ON house_fee (attendance);
CREATE INDEX house_fee_owed ON house_fee (dancer) WHERE state IN ('ASSESSED', 'DEFERRED');

CREATE TABLE rotation_entry (
  entry TEXT PRIMARY KEY,
  stage TEXT NOT NULL,
  attendance TEXT NOT NULL,
  dancer TEXT NOT NULL,
  state TEXT NOT NULL,
  away INTEGER,
  round INTEGER NOT NULL,
  rank REAL NOT NULL,
  held INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX rotation_of_stage ON rotation_entry (stage, round, rank);
CREATE INDEX rotation_of_dancer ON rotation_entry (dancer);

CREATE TABLE stage_set (
  stage_set TEXT PRIMARY KEY,
  entry TEXT NOT NULL,
  stage TEXT NOT NULL,
  dancer TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX stage_set_live_on_stage ON stage_set (stage) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX stage_set_live_of_dancer ON stage_set (dancer) WHERE ended_at IS NULL;

CREATE TABLE room_session (
  session TEXT PRIMARY KEY,
  room TEXT NOT NULL,
  state TEXT NOT NULL,
  dancers TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  price TEXT NOT NULL,
  started_at INTEGER,
  planned_end INTEGER,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX room_session_open ON room_session (state) WHERE state IN ('QUOTED', 'RUNNING', 'ENDED');

-- A dancer is in at most one running session.
CREATE TABLE in_room (
  dancer TEXT PRIMARY KEY,
  session TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE drawer_session (
  drawer_session TEXT PRIMARY KEY,
  drawer TEXT NOT NULL,
  responsible TEXT NOT NULL,
  state TEXT NOT NULL,
  bank_cents INTEGER NOT NULL,
  counted_cents INTEGER,
  over_short_cents INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE posting (
  pos INTEGER NOT NULL,
  n INTEGER NOT NULL,
  day TEXT,
  account TEXT NOT NULL,
  cents INTEGER NOT NULL,
  PRIMARY KEY (pos, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE balance (
  account TEXT PRIMARY KEY,
  cents INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Kept by class and by type, as the cloud keeps them: what is compared at the end of a night.
CREATE TABLE night_total (
  day TEXT NOT NULL,
  class TEXT NOT NULL,
  cents INTEGER NOT NULL,
  PRIMARY KEY (day, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE night_count (
  day TEXT NOT NULL,
  type TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (day, type)
) STRICT, WITHOUT ROWID;
