-- State: who is put down for which night.
CREATE TABLE shift (
  shift TEXT PRIMARY KEY,
  dancer TEXT NOT NULL,
  date TEXT NOT NULL,
  from_minutes INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX shift_on ON shift (date, dancer);

CREATE TABLE shift_swap (
  swap TEXT PRIMARY KEY,
  shift TEXT NOT NULL,
  to_dancer TEXT NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX shift_swap_of ON shift_swap (shift);

-- State: who sits down for a while; gone with the end of the break, or of the attendance.
CREATE TABLE on_break (
  dancer TEXT PRIMARY KEY,
  attendance TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- State: the house fee by weekday and minute of arrival, by the first night that it holds on; `windows` is JSON.
CREATE TABLE fee_schedule (
  effective_from TEXT PRIMARY KEY,
  windows TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- State: passes that let a house fee go, with the fee that one was used for.
CREATE TABLE fee_pass (
  pass TEXT PRIMARY KEY,
  dancer TEXT NOT NULL,
  used_for TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX fee_pass_of ON fee_pass (dancer) WHERE used_for IS NULL;
