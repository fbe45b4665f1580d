-- Tenants, their nodes, the event log and the roll-ups over it.
-- Every tenant table carries `org` in its key, so that it can be sharded by it, and forces row-level security.

-- Roles belong to the whole server: another database on it may have made this one already.
DO $$ BEGIN
  CREATE ROLE clubops_app NOLOGIN NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
  CREATE ROLE clubops_projector NOLOGIN NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
-- A login that was granted the roles by its operator may lack the right to grant them; the next lines are the proof.
DO $$ BEGIN
  EXECUTE format('GRANT clubops_app, clubops_projector TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$;
SET LOCAL ROLE clubops_app;
RESET ROLE;
SET LOCAL ROLE clubops_projector;
RESET ROLE;

-- The tenant of this transaction, or null. Unset is '' after the first SET LOCAL of a connection.
CREATE FUNCTION app_org() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.org', true), '')::int;

CREATE TABLE cloud_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  -- Goes up when the cloud was restored from a backup, so that nodes send again what it may have lost.
  epoch int NOT NULL DEFAULT 1,
  nonce_secret bytea NOT NULL
);
COMMENT ON TABLE cloud_state IS '@local';

CREATE TABLE signing_key (
  kid text PRIMARY KEY,
  private_jwk jsonb NOT NULL,
  public_jwk jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  retired_at timestamptz
);
COMMENT ON TABLE signing_key IS '@local';

CREATE SEQUENCE org_number AS int;
CREATE TABLE org (
  org int PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE club (
  org int NOT NULL REFERENCES org,
  club int GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org, club)
);

CREATE TABLE node (
  org int NOT NULL,
  node int GENERATED ALWAYS AS IDENTITY,
  club int NOT NULL,
  -- Made by the node itself at its first start.
  node_id text NOT NULL,
  -- Ed25519 public key, base64url, and its RFC 7638 thumbprint.
  key_x text NOT NULL,
  thumbprint text NOT NULL,
  version text NOT NULL,
  enrolled_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (org, node),
  UNIQUE (org, node_id),
  FOREIGN KEY (org, club) REFERENCES club
);
-- Which organisation a node id belongs to, for good: a signed request names its node and nothing else.
CREATE TABLE node_directory (
  node_id text PRIMARY KEY,
  home_org int NOT NULL
);
COMMENT ON TABLE node_directory IS '@reference';
CREATE UNIQUE INDEX node_one_live_in_club ON node (org, club) WHERE revoked_at IS NULL;

CREATE TABLE enrolment_code (
  org int NOT NULL,
  selector text NOT NULL,
  secret_hash bytea NOT NULL,
  club int NOT NULL,
  tries int NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  node int,
  PRIMARY KEY (org, selector),
  FOREIGN KEY (org, club) REFERENCES club,
  FOREIGN KEY (org, node) REFERENCES node
);

CREATE TABLE edge_log (
  org int NOT NULL,
  log int GENERATED ALWAYS AS IDENTITY,
  log_id text NOT NULL,
  club int NOT NULL,
  node int NOT NULL,
  parent_log_id text,
  parent_seq bigint,
  parent_hash bytea,
  genesis bytea NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'sealed')),
  -- Highest seq that is stored, and the chain's hash there (the genesis hash at 0).
  acked bigint NOT NULL DEFAULT 0 CHECK (acked >= 0),
  hash bytea NOT NULL,
  -- Highest seq that the roll-ups contain, or that is in quarantine.
  projected bigint NOT NULL DEFAULT 0 CHECK (projected >= 0),
  -- The node's own last seq, as it said last.
  node_head bigint NOT NULL DEFAULT 0,
  opened_at timestamptz NOT NULL,
  PRIMARY KEY (org, log),
  UNIQUE (org, log_id),
  FOREIGN KEY (org, club) REFERENCES club,
  FOREIGN KEY (org, node) REFERENCES node
) WITH (fillfactor = 50);

-- The line exactly as it came. No other column, index or foreign key: each costs more than the row.
CREATE TABLE event (
  org int NOT NULL,
  log int NOT NULL,
  seq bigint NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (org, log, seq)
);

CREATE TABLE night_total (
  org int NOT NULL,
  club int NOT NULL,
  day text NOT NULL,
  class text NOT NULL,
  cents bigint NOT NULL,
  PRIMARY KEY (org, club, day, class)
) WITH (fillfactor = 70);

CREATE TABLE night_count (
  org int NOT NULL,
  club int NOT NULL,
  day text NOT NULL,
  type text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (org, club, day, type)
) WITH (fillfactor = 70);

CREATE TABLE quarantine (
  org int NOT NULL,
  log int NOT NULL,
  seq bigint NOT NULL,
  reason text NOT NULL,
  found_at timestamptz NOT NULL,
  PRIMARY KEY (org, log, seq)
);

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['org', 'club', 'node', 'enrolment_code', 'edge_log', 'event', 'night_total', 'night_count', 'quarantine'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO clubops_app USING (org = (SELECT app_org())) WITH CHECK (org = (SELECT app_org()))', tenant_table);
  END LOOP;
END $$;

-- What is stored stays: the log takes no update and no delete.
GRANT SELECT, INSERT ON org, club, node, enrolment_code, edge_log, event, night_total, night_count, quarantine TO clubops_app;
-- One entry is seen by who names it, which is all that finding one's own needs.
ALTER TABLE node_directory ENABLE ROW LEVEL SECURITY;
ALTER TABLE node_directory FORCE ROW LEVEL SECURITY;
CREATE POLICY named ON node_directory FOR SELECT TO clubops_app USING (node_id = (SELECT current_setting('app.node', true)));
CREATE POLICY own_tenant ON node_directory FOR INSERT TO clubops_app WITH CHECK (home_org = (SELECT app_org()));
GRANT SELECT, INSERT ON node_directory TO clubops_app;
GRANT UPDATE ON night_total, night_count TO clubops_app;
GRANT UPDATE (revoked_at) ON node TO clubops_app;
GRANT UPDATE (tries, used_at, node) ON enrolment_code TO clubops_app;
GRANT UPDATE (acked, hash, projected, node_head, state) ON edge_log TO clubops_app;
-- A row lock asks for the right to update; opening a log locks its club.
GRANT UPDATE (name) ON club TO clubops_app;
GRANT USAGE ON SEQUENCE org_number TO clubops_app;

-- The projector may see, over all tenants, which logs it is behind with, and nothing else.
CREATE POLICY behind ON edge_log FOR SELECT TO clubops_projector USING (projected < acked);
GRANT SELECT (org, log, acked, projected) ON edge_log TO clubops_projector;

-- Adds to a club's nights. Groups are sorted, so that two logs of one club can't deadlock.
CREATE FUNCTION roll_up(p_club int, p_rollup jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO night_count AS had (org, club, day, type, n)
  SELECT app_org(), p_club, day, type, n
  FROM jsonb_to_recordset(p_rollup -> 'counts') AS c(day text, type text, n bigint) ORDER BY day, type
  ON CONFLICT (org, club, day, type) DO UPDATE SET n = had.n + excluded.n;

  INSERT INTO night_total AS had (org, club, day, class, cents)
  SELECT app_org(), p_club, day, class, cents
  FROM jsonb_to_recordset(p_rollup -> 'totals') AS t(day text, class text, cents bigint) ORDER BY day, class
  ON CONFLICT (org, club, day, class) DO UPDATE SET cents = had.cents + excluded.cents;
END $$;

-- One verified batch: lines p_first .. p_first + p_count - 1, joined by newlines. The caller holds the row lock on edge_log.
-- p_rollup says what the lines come to, or is null when one of them can't be read. It counts only if every line was
-- really inserted and nothing before it waits to be projected; otherwise the batch is stored alone and `projected`
-- stays behind, for the projector. Answers how many lines were inserted.
CREATE FUNCTION ingest(p_log int, p_first bigint, p_count bigint, p_hash bytea, p_lines text, p_rollup jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  this_org int := app_org();
  inserted bigint;
  of_club int;
  counted bigint;
BEGIN
  -- The row lock keeps others out, so one look is enough; ON CONFLICT on every row would cost a third more.
  IF NOT EXISTS (SELECT FROM event WHERE org = this_org AND log = p_log AND seq BETWEEN p_first AND p_first + p_count - 1) THEN
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

  SELECT club, projected INTO STRICT of_club, counted FROM edge_log WHERE org = this_org AND log = p_log;
  IF p_rollup IS NOT NULL AND inserted = p_count AND counted = p_first - 1 THEN
    BEGIN
      PERFORM roll_up(of_club, p_rollup);
      counted := p_first + p_count - 1;
    EXCEPTION WHEN data_exception OR deadlock_detected THEN
      NULL; -- Stored is what was promised; the projector finds the event that can't be added.
    END;
  END IF;

  UPDATE edge_log SET acked = p_first + p_count - 1, hash = p_hash, projected = counted
  WHERE org = this_org AND log = p_log;
  RETURN inserted;
END $$;
