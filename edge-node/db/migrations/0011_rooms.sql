-- State: what each dancer of an ended session said when she saw count, price and split.
CREATE TABLE session_answer (
  session TEXT NOT NULL,
  dancer TEXT NOT NULL,
  answer TEXT NOT NULL,
  PRIMARY KEY (session, dancer)
) STRICT, WITHOUT ROWID;

-- State: what the settlement of a session booked, to be turned round by a void; `method` is null where a dancer has the money.
CREATE TABLE session_settlement (
  session TEXT PRIMARY KEY,
  pos INTEGER NOT NULL,
  method TEXT,
  postings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_settlement_at ON session_settlement (pos);

-- What was settled before this table was there.
INSERT INTO session_settlement (session, pos, method, postings)
SELECT line ->> '$.body.session', pos, line ->> '$.body.method', line -> '$.body.postings'
FROM event
WHERE line ->> '$.type' = 'room_session.settled' AND pos NOT IN (SELECT pos FROM review);
