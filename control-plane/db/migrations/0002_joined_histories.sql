-- Logs that grow out of one another, boxes that take one another's place, and what operators look at.

ALTER TABLE node ADD COLUMN replaced_at timestamptz;
DROP INDEX node_one_live_in_club;
CREATE UNIQUE INDEX node_one_live_in_club ON node (org, club) WHERE revoked_at IS NULL AND replaced_at IS NULL;
GRANT UPDATE (replaced_at) ON node TO clubops_app;

ALTER TABLE cloud_state ADD COLUMN restored_why text;
ALTER TABLE enrolment_code ADD COLUMN replaces boolean NOT NULL DEFAULT false;

-- `salvage`: beside the mainline, at least beyond sealed_at: what a box that was replaced still brings.
ALTER TABLE edge_log DROP CONSTRAINT edge_log_state_check;
ALTER TABLE edge_log ADD CONSTRAINT edge_log_state_check CHECK (state IN ('open', 'sealed', 'salvage'));
-- How far it counts on the mainline: where its child was opened, or its node was replaced; null while it is written.
ALTER TABLE edge_log ADD COLUMN sealed_at bigint;
-- How much of what lies beyond, the club's live node has carried into its own log.
ALTER TABLE edge_log ADD COLUMN salvage_taken bigint NOT NULL DEFAULT 0;
GRANT UPDATE (sealed_at, salvage_taken) ON edge_log TO clubops_app;

-- The mainline's last log. Flags that spare every push a look: something lies beside the mainline; events must be added to
-- the nights in order, as an aggregate is held or a log before the last one is not added yet.
ALTER TABLE club ADD COLUMN active_log int;
ALTER TABLE club ADD COLUMN salvage_waits boolean NOT NULL DEFAULT false;
ALTER TABLE club ADD COLUMN holds boolean NOT NULL DEFAULT false;
GRANT UPDATE (active_log, salvage_waits, holds) ON club TO clubops_app;
-- For this one statement its owner must see the rows of all tenants.
ALTER TABLE club NO FORCE ROW LEVEL SECURITY;
ALTER TABLE edge_log NO FORCE ROW LEVEL SECURITY;
UPDATE club SET active_log = (SELECT max(log) FROM edge_log l WHERE l.org = club.org AND l.club = club.club);
ALTER TABLE edge_log FORCE ROW LEVEL SECURITY;
ALTER TABLE club FORCE ROW LEVEL SECURITY;

-- The chain's hash at the end of some batches, so that a hash at any place needs few lines to be hashed again.
CREATE TABLE log_mark (
  org int NOT NULL,
  log int NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (org, log, seq)
);

-- Data keys of sealed fields, wrapped by the club's key, which is never here. Null: destroyed, for good.
CREATE TABLE sealed_key (
  org int NOT NULL,
  club int NOT NULL,
  subject text NOT NULL,
  wrapped text,
  PRIMARY KEY (org, club, subject)
);

-- How each club's box is, by its newest word.
CREATE TABLE box_status (
  org int NOT NULL,
  club int NOT NULL,
  node int NOT NULL,
  version text NOT NULL,
  log_id text NOT NULL,
  head bigint NOT NULL,
  waiting bigint NOT NULL,
  oldest_ms bigint,
  second_copy text NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (org, club)
) WITH (fillfactor = 50);

CREATE TABLE alert (
  org int NOT NULL,
  alert int GENERATED ALWAYS AS IDENTITY,
  club int NOT NULL,
  kind text NOT NULL,
  -- What it is about, such as a log: raised once for each.
  about text NOT NULL,
  detail jsonb NOT NULL,
  raised_at timestamptz NOT NULL,
  closed_at timestamptz,
  closed_why text,
  PRIMARY KEY (org, alert),
  UNIQUE (org, club, kind, about)
);

ALTER TABLE quarantine ADD COLUMN aggregate text;
ALTER TABLE quarantine ADD COLUMN state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'released', 'dropped'));
ALTER TABLE quarantine ADD COLUMN why text;
ALTER TABLE quarantine ADD COLUMN decided_at timestamptz;
CREATE INDEX quarantine_held ON quarantine (org, log, seq) WHERE state = 'held';
GRANT UPDATE (state, why, decided_at, reason, aggregate) ON quarantine TO clubops_app;

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['log_mark', 'sealed_key', 'box_status', 'alert'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO clubops_app USING (org = (SELECT app_org())) WITH CHECK (org = (SELECT app_org()))', tenant_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON log_mark, sealed_key, box_status, alert TO clubops_app;
GRANT UPDATE (wrapped) ON sealed_key TO clubops_app;
GRANT UPDATE (node, version, log_id, head, waiting, oldest_ms, second_copy, told_at) ON box_status TO clubops_app;
GRANT UPDATE (closed_at, closed_why) ON alert TO clubops_app;

-- What lies beside the mainline is never projected.
DROP POLICY behind ON edge_log;
CREATE POLICY behind ON edge_log FOR SELECT TO clubops_projector
  USING (projected < least(acked, coalesce(sealed_at, acked)));
GRANT SELECT (sealed_at) ON edge_log TO clubops_projector;

-- As before, and: a mark now and then; nothing is added to the nights of a log that no longer grows on the mainline, nor at
-- once while the club's events must be added in order.
CREATE OR REPLACE FUNCTION ingest(p_log int, p_first bigint, p_count bigint, p_hash bytea, p_lines text, p_rollup jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  this_org int := app_org();
  last bigint := p_first + p_count - 1;
  inserted bigint;
  of_club int;
  counted bigint;
  ends bigint;
  club_holds boolean;
BEGIN
  -- The row lock keeps others out, so one look is enough; ON CONFLICT on every row would cost a third more.
  IF NOT EXISTS (SELECT FROM event WHERE org = this_org AND log = p_log AND seq BETWEEN p_first AND last) THEN
    INSERT INTO event (org, log, seq, line)
    SELECT this_org, p_log, p_first + t.nth - 1, t.line
    FROM string_to_table(p_lines, E'\n') WITH ORDINALITY AS t(line, nth);
  ELSE
    INSERT INTO event (org, log, seq, line)
    SELECT this_org, p_log, p_first + t.nth - 1, t.line
    FROM string_to_table(p_lines, E'\n') WITH ORDINALITY AS t(line, nth)
    ON CONFLICT DO NOTHING;
  END IF;
  GET DIAGNOSTICS inserted = ROW_COUNT;

  SELECT l.club, l.projected, l.sealed_at, c.holds INTO STRICT of_club, counted, ends, club_holds
  FROM edge_log l JOIN club c ON c.org = l.org AND c.club = l.club WHERE l.org = this_org AND l.log = p_log;
  IF p_rollup IS NOT NULL AND inserted = p_count AND counted = p_first - 1 AND ends IS NULL AND NOT club_holds THEN
    BEGIN
      PERFORM roll_up(of_club, p_rollup);
      counted := last;
    EXCEPTION WHEN data_exception OR deadlock_detected THEN
      NULL; -- Stored is what was promised; the projector finds the event that can't be added.
    END;
  END IF;

  IF last / 256 > (p_first - 1) / 256 THEN
    INSERT INTO log_mark (org, log, seq, hash) VALUES (this_org, p_log, last, p_hash) ON CONFLICT DO NOTHING;
  END IF;
  UPDATE edge_log SET acked = last, hash = p_hash, projected = counted WHERE org = this_org AND log = p_log;
  RETURN inserted;
END $$;
