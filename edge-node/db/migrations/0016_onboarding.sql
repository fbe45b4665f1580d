-- State: one-time codes for those who want to work here, and what they filled in, sealed under the invitation.
CREATE TABLE invitation (
  invitation TEXT PRIMARY KEY,
  code_hash TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  engagement TEXT,
  stage_name TEXT,
  legal_name TEXT,
  birth_date TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_by_code ON invitation (code_hash);
