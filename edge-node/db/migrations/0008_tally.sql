-- State: dances that were counted for a dancer's shift. One that was wrong is withdrawn, and stays.
CREATE TABLE dance_tally (
  tally TEXT PRIMARY KEY,
  attendance TEXT NOT NULL,
  dancer TEXT NOT NULL,
  area TEXT NOT NULL,
  dances INTEGER NOT NULL,
  price_cents INTEGER NOT NULL,
  at INTEGER NOT NULL,
  is_withdrawn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dance_tally_of_attendance ON dance_tally (attendance);

-- State: what the cap made of a shift's house fee, as it was worked out last; `cap` is JSON.
CREATE TABLE fee_cap (
  attendance TEXT PRIMARY KEY,
  refunded_cents INTEGER NOT NULL,
  cap TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a dancer's account went through, for her statements.
CREATE INDEX posting_of_dancer ON posting (account, day) WHERE account > 'dancer:' AND account < 'dancer;';
