-- State: a credential has a life of its own; what was only verified or not becomes its first two states.
ALTER TABLE credential ADD COLUMN issued_on TEXT;
ALTER TABLE credential ADD COLUMN state TEXT NOT NULL DEFAULT 'PENDING_VERIFICATION';
UPDATE credential SET state = 'ACTIVE' WHERE verified = 1;
ALTER TABLE credential DROP COLUMN verified;
-- Sealed; null where none was given.
ALTER TABLE credential ADD COLUMN number TEXT;

-- State: who held which document of hers in hand. Issuer and last characters are sealed.
CREATE TABLE identity_check (
  identity TEXT PRIMARY KEY,
  dancer TEXT NOT NULL,
  document TEXT NOT NULL,
  expires_on TEXT,
  checked_by TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  issuer TEXT NOT NULL,
  last4 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_check_of_dancer ON identity_check (dancer);

-- State: versions of policy packs that were installed beside those of the program (JSON).
CREATE TABLE policy_pack (
  pack TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (pack, version)
) STRICT, WITHOUT ROWID;

-- State: under which pack the club stands, by the first business date that it holds on.
CREATE TABLE club_policy (
  effective_from TEXT PRIMARY KEY,
  policy TEXT NOT NULL,
  pack TEXT NOT NULL,
  serves_alcohol INTEGER NOT NULL,
  minimum_age_years INTEGER
) STRICT, WITHOUT ROWID;

-- State: check-ins past a BLOCK, with the whole decision (JSON).
CREATE TABLE check_in_override (
  pos INTEGER PRIMARY KEY,
  day TEXT,
  at INTEGER NOT NULL,
  attendance TEXT NOT NULL,
  dancer TEXT NOT NULL,
  eligibility TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
