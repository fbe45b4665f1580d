-- State: above which amounts the club asks for more. One row, from when something was set.
CREATE TABLE cash_limit (
  id TEXT PRIMARY KEY,
  paid_out_cents INTEGER,
  over_short_cents INTEGER,
  drawer_cents INTEGER
) STRICT, WITHOUT ROWID;

-- State: the steps of each drawer's session, by their places in the log, where who took them stands. A hand-over is the last of
-- one session and the first of the next.
CREATE TABLE drawer_move (
  pos INTEGER NOT NULL,
  drawer_session TEXT NOT NULL,
  kind TEXT NOT NULL,
  cents INTEGER NOT NULL,
  reason TEXT,
  day TEXT,
  PRIMARY KEY (drawer_session, pos, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX drawer_move_of_day ON drawer_move (day);

CREATE TABLE tip_out (
  tip_out TEXT PRIMARY KEY,
  dancer TEXT NOT NULL,
  to_staff TEXT NOT NULL,
  cents INTEGER NOT NULL,
  state TEXT NOT NULL,
  proposed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tip_out_waits ON tip_out (to_staff) WHERE state IN ('PROPOSED', 'ACKNOWLEDGED');

-- State: the stretch of the log that a night lies in, as far as it was closed last; a reopened night has further events behind it.
CREATE TABLE night_place (
  day TEXT PRIMARY KEY,
  from_pos INTEGER NOT NULL,
  to_pos INTEGER
) STRICT, WITHOUT ROWID;

-- State: Z reports, kept with each close. `report` is JSON, as it was written.
CREATE TABLE z_report (
  pos INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  owner TEXT NOT NULL,
  z INTEGER NOT NULL,
  day TEXT,
  at INTEGER NOT NULL,
  report TEXT NOT NULL
) STRICT;
CREATE INDEX z_report_of_owner ON z_report (scope, owner);
CREATE INDEX z_report_of_day ON z_report (day);

-- State: cash that came from one payer, to see what has to be reported.
CREATE TABLE cash_receipt (
  pos INTEGER PRIMARY KEY,
  payer TEXT NOT NULL,
  cents INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX cash_receipt_at ON cash_receipt (at);

-- Drawers that wait to be counted or closed, also those of an earlier night.
CREATE INDEX drawer_session_open ON drawer_session (drawer) WHERE state <> 'CLOSED';
-- Nights that a dancer left without being settled.
CREATE INDEX attendance_unsettled ON attendance (dancer) WHERE state = 'CHECKED_OUT';

-- What happened before these tables were there: they are to be as a replay makes them.
INSERT INTO drawer_move (pos, drawer_session, kind, cents, reason, day)
SELECT
  pos,
  line ->> '$.body.drawerSession',
  substr(line ->> '$.type', 8),
  coalesce(line ->> '$.body.bankCents', line ->> '$.body.countedCents', line ->> '$.body.cents', 0),
  NULL,
  line ->> '$.day'
FROM event
WHERE line ->> '$.type' IN ('drawer.opened', 'drawer.dropped', 'drawer.counted', 'drawer.closed')
  AND pos NOT IN (SELECT pos FROM review);

INSERT INTO night_place (day, from_pos, to_pos)
SELECT
  opened.line ->> '$.body.day',
  opened.pos,
  (
    SELECT max(closed.pos) FROM event AS closed
    WHERE closed.line ->> '$.type' = 'day.closed'
      AND closed.line ->> '$.body.day' = opened.line ->> '$.body.day'
      AND closed.pos NOT IN (SELECT pos FROM review)
  )
FROM event AS opened
WHERE opened.line ->> '$.type' = 'day.opened' AND opened.pos NOT IN (SELECT pos FROM review);

INSERT INTO cash_receipt (pos, payer, cents, at)
SELECT
  pos,
  CASE line ->> '$.type'
    WHEN 'room_session.settled' THEN 'room_session:' || (line ->> '$.body.session')
    ELSE 'dancer:' || (line ->> '$.body.dancer')
  END,
  (
    SELECT sum(one.value ->> '$.cents') FROM json_each(line, '$.body.postings') AS one
    WHERE one.value ->> '$.account' LIKE 'cash_drawer:%'
  ) AS taken,
  line ->> '$.at.wall'
FROM event
WHERE line ->> '$.type' IN ('room_session.settled', 'house_fee.paid', 'attendance.settled') AND taken > 0;
