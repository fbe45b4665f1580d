-- State: where in the log a room session's events stand, whatever night they are of.
CREATE TABLE session_step (
  pos INTEGER PRIMARY KEY,
  session TEXT NOT NULL,
  type TEXT NOT NULL
) STRICT;
CREATE INDEX session_step_of_session ON session_step (session);

-- What happened before this table was there. An event under review happened, too.
INSERT INTO session_step (pos, session, type)
SELECT pos, line ->> '$.body.session', line ->> '$.type' FROM event
WHERE line ->> '$.type' GLOB 'room_session.*' AND line ->> '$.type' <> 'room_session.opened'
  AND line ->> '$.body.session' IS NOT NULL;
