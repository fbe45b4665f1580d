-- State: the areas of the house, each with the most people that may be in it.
CREATE TABLE area (
  area TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  people_limit INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- State: all who came into an area in a night, less all who left, with corrections. Below zero when a count is missing.
CREATE TABLE occupancy (
  day TEXT NOT NULL,
  area TEXT NOT NULL,
  people INTEGER NOT NULL,
  PRIMARY KEY (day, area)
) STRICT, WITHOUT ROWID;

-- State: what was counted at the door, by its place in the log, where who and on which device stands.
CREATE TABLE door_event (
  pos INTEGER PRIMARY KEY,
  day TEXT NOT NULL,
  type TEXT NOT NULL,
  kind TEXT,
  category TEXT,
  people INTEGER NOT NULL,
  paid_cents INTEGER NOT NULL
) STRICT;
CREATE INDEX door_event_of_day ON door_event (day);

-- State: what was written down for safety and for inspectors. Who did stands in the log at `pos`.
CREATE TABLE safety_record (
  record TEXT PRIMARY KEY,
  pos INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  night TEXT,
  at INTEGER NOT NULL,
  -- From when its retention clock counts; null while it does not.
  clock_at INTEGER,
  -- The complaint that it belongs to: of a complaint the first about the same customer, of a ban the one that it came from.
  root TEXT,
  -- The event's body (JSON), as it was written.
  facts TEXT NOT NULL,
  credible INTEGER,
  starts_on TEXT,
  min_until TEXT,
  expires_on TEXT,
  review_on TEXT,
  erased_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX safety_record_of_kind ON safety_record (kind, pos);
CREATE INDEX safety_record_of_night ON safety_record (night);
CREATE INDEX safety_record_of_root ON safety_record (root);
CREATE INDEX safety_record_clock ON safety_record (kind, clock_at);

-- State: whom a record is about, where it is a dancer or a member of staff.
CREATE TABLE record_person (
  person TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (person, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_person_of_record ON record_person (record);

-- State: sealed texts of records, by name. Gone when the record's time is up.
CREATE TABLE record_text (
  record TEXT NOT NULL,
  field TEXT NOT NULL,
  sealed TEXT NOT NULL,
  PRIMARY KEY (record, field)
) STRICT, WITHOUT ROWID;

-- State: follow-ups, only ever added.
CREATE TABLE record_note (
  note TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  pos INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX record_note_of_record ON record_note (record);
