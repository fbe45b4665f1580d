-- How the club's sessions are settled; NULL: as the host says for each.
ALTER TABLE club ADD COLUMN settlement_direction TEXT;

-- The least that a session comes to.
ALTER TABLE room_session ADD COLUMN minimum_cents INTEGER NOT NULL DEFAULT 0;

-- Disputes that nobody has decided are looked for at each close.
CREATE INDEX session_answer_disputed ON session_answer (session, dancer) WHERE answer = 'DISPUTED';

-- Whoever agreed before something more was sold has not agreed to the bill as it is.
DELETE FROM session_answer WHERE answer <> 'DISPUTED' AND EXISTS (
  SELECT 1 FROM session_step AS sold
  WHERE sold.session = session_answer.session AND sold.type = 'room_session.added'
    AND sold.pos NOT IN (SELECT pos FROM review)
    AND sold.pos > (
      SELECT max(said.pos) FROM session_step AS said JOIN event AS e ON e.pos = said.pos
      WHERE said.session = session_answer.session AND said.type IN ('room_session.confirmed', 'room_session.decided')
        AND e.line ->> '$.body.dancer' = session_answer.dancer AND said.pos NOT IN (SELECT pos FROM review)
    )
);
