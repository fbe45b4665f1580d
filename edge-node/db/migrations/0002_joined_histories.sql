-- The mainline's logs in their order: two may begin at the same place, where the first ended before its first event.
ALTER TABLE log ADD COLUMN nth INTEGER NOT NULL DEFAULT 0;

-- Beside the log: lines of the cloud's mainline on their way in, at the places that they will have.
CREATE TABLE incoming (
  pos INTEGER PRIMARY KEY,
  log_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  line TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;

-- Beside the log: how this box stands to its club. One row.
CREATE TABLE box (
  id TEXT PRIMARY KEY,
  -- Another box took its place.
  fenced INTEGER NOT NULL,
  -- Highest epoch of the cloud that it heard of.
  cloud_epoch INTEGER,
  -- Data keys of joined lines wait in the cloud, after this subject; null for none.
  keys_wanted TEXT,
  -- How far it is with taking another box's place; null where it never did.
  recovery TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO box (id, fenced, cloud_epoch, keys_wanted, recovery) VALUES ('box', 0, NULL, NULL, NULL);

-- The cloud keeps the wrapped key too, for the box that comes after this one.
ALTER TABLE data_key ADD COLUMN escrowed INTEGER NOT NULL DEFAULT 0;

-- State: events of a joined history that contradict what stands before them. Kept, booked, and for a person to look at.
CREATE TABLE review (
  pos INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  day TEXT,
  at INTEGER NOT NULL,
  why TEXT NOT NULL
) STRICT;
