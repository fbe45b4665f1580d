-- What headquarters shares with a club's box, and the feed of numbered revisions that brings it down.
-- Times are epoch milliseconds by the cloud's clock; JSON is text, so that what was signed stays byte for byte.

-- One row a club: the counter. It is locked in the transaction of every change, so revisions commit in order and a
-- reader of "rev > mine" misses none. A sequence would not do that.
CREATE TABLE feed (
  org int NOT NULL,
  club int NOT NULL,
  -- A feed that was reset, or that a restored cloud can't go on with, gets another id. The count goes on.
  feed text NOT NULL,
  epoch int NOT NULL,
  rev bigint NOT NULL DEFAULT 0,
  -- Drawn with each revision: proves that a cursor is of this history and not of one that a restore undid.
  tag text NOT NULL,
  -- Items up to here are gone.
  trimmed bigint NOT NULL DEFAULT 0,
  trimmed_tag text NOT NULL,
  PRIMARY KEY (org, club),
  FOREIGN KEY (org, club) REFERENCES club
) WITH (fillfactor = 50);

CREATE TABLE feed_item (
  org int NOT NULL,
  club int NOT NULL,
  rev bigint NOT NULL,
  tag text NOT NULL,
  at bigint NOT NULL,
  item text NOT NULL,
  PRIMARY KEY (org, club, rev)
);

-- The last snapshot that somebody asked for, whole, so that its pages are of one moment.
CREATE TABLE feed_snapshot (
  org int NOT NULL,
  club int NOT NULL,
  feed text NOT NULL,
  rev bigint NOT NULL,
  tag text NOT NULL,
  made_at bigint NOT NULL,
  n int NOT NULL,
  lines text NOT NULL,
  manifest text NOT NULL,
  PRIMARY KEY (org, club)
);

CREATE TABLE shared_field (
  org int NOT NULL,
  club int NOT NULL,
  coll text NOT NULL,
  id text NOT NULL,
  field text NOT NULL,
  fv bigint NOT NULL,
  value text NOT NULL,
  effective_at bigint NOT NULL,
  origin text NOT NULL CHECK (origin IN ('hq', 'floor')),
  written_by text NOT NULL,
  -- The floor's edit that it comes from.
  edit text,
  -- What the floor said last that it shows.
  floor_value text NOT NULL DEFAULT 'null',
  -- The version that the box said it has, and the one that waits there for a night.
  taken_fv bigint NOT NULL DEFAULT 0,
  waits_fv bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org, club, coll, id, field)
);

CREATE TABLE restriction (
  org int NOT NULL,
  club int NOT NULL,
  restriction text NOT NULL,
  dancer text NOT NULL,
  kind text NOT NULL,
  reason text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('hq', 'floor')),
  set_by text NOT NULL,
  set_at bigint NOT NULL,
  lifted_by text,
  lift_reason text,
  lift_origin text,
  lifted_at bigint,
  PRIMARY KEY (org, club, restriction)
);

-- Only ever added. The floor's texts are sealed by the club's key, which the cloud never has.
CREATE TABLE dancer_note (
  org int NOT NULL,
  club int NOT NULL,
  note text NOT NULL,
  dancer text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('hq', 'floor')),
  written_by text NOT NULL,
  written_at bigint NOT NULL,
  text text,
  sealed text,
  CHECK ((text IS NULL) <> (sealed IS NULL)),
  PRIMARY KEY (org, club, note)
);

CREATE TABLE signed_blob (
  org int NOT NULL,
  club int NOT NULL,
  coll text NOT NULL,
  ver bigint NOT NULL,
  jws text NOT NULL,
  taken_ver bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org, club, coll)
);

CREATE TABLE club_command (
  org int NOT NULL,
  club int NOT NULL,
  command text NOT NULL,
  cmd text NOT NULL,
  args text NOT NULL,
  not_after bigint NOT NULL,
  sent_by text NOT NULL,
  sent_at bigint NOT NULL,
  outcome text,
  refusal text,
  done_at bigint,
  PRIMARY KEY (org, club, command)
);

-- Two values of one thing, both kept, until a person decides: `conflict` where the rule took one of them already.
CREATE TABLE shared_review (
  org int NOT NULL,
  club int NOT NULL,
  review text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('conflict', 'review', 'not_taken')),
  coll text NOT NULL,
  id text NOT NULL,
  field text NOT NULL,
  -- JSON; a field of high care holds ciphertext of the floor's alone.
  hq_value text NOT NULL,
  floor_value text NOT NULL,
  -- The floor's edit that it is about, where there is one.
  edit text,
  refusal text,
  made_at bigint NOT NULL,
  decision text,
  decided_by text,
  why text,
  decided_at bigint,
  PRIMARY KEY (org, club, review)
);
CREATE INDEX shared_review_open ON shared_review (org, club, made_at) WHERE decision IS NULL;

-- Events of the floor that were taken, by their ids: a line that is carried into another log comes again.
CREATE TABLE applied_edit (
  org int NOT NULL,
  club int NOT NULL,
  event_id text NOT NULL,
  -- For edits of a field: which, what became of it, and when, for those who lost the answer.
  edit text,
  answer text,
  at bigint NOT NULL,
  PRIMARY KEY (org, club, event_id)
);
CREATE INDEX applied_edit_answers ON applied_edit (org, club, at) WHERE answer IS NOT NULL;

-- How far each log's events were looked through for edits.
CREATE TABLE feed_progress (
  org int NOT NULL,
  log int NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  upto bigint NOT NULL,
  PRIMARY KEY (org, log),
  FOREIGN KEY (org, log) REFERENCES edge_log
) WITH (fillfactor = 50);

-- Edits of the floor that could not be taken, beside the nights' quarantine: what is released there is counted.
CREATE TABLE edit_aside (
  org int NOT NULL,
  log int NOT NULL,
  seq bigint NOT NULL,
  club int NOT NULL,
  reason text NOT NULL,
  found_at bigint NOT NULL,
  PRIMARY KEY (org, log, seq)
);

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['feed', 'feed_item', 'feed_snapshot', 'shared_field', 'restriction', 'dancer_note', 'signed_blob', 'club_command', 'shared_review', 'applied_edit', 'feed_progress', 'edit_aside'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO clubops_app USING (org = (SELECT app_org())) WITH CHECK (org = (SELECT app_org()))', tenant_table);
  END LOOP;
END $$;

GRANT SELECT, INSERT ON feed, feed_item, feed_snapshot, shared_field, restriction, dancer_note, signed_blob, club_command, shared_review, applied_edit, feed_progress, edit_aside TO clubops_app;
GRANT UPDATE ON feed, feed_snapshot, shared_field, signed_blob TO clubops_app;
-- Trimmed after the tombstones' life, and at a reset.
GRANT DELETE ON feed_item TO clubops_app;
GRANT UPDATE (lifted_by, lift_reason, lift_origin, lifted_at) ON restriction TO clubops_app;
GRANT UPDATE (outcome, refusal, done_at) ON club_command TO clubops_app;
GRANT UPDATE (decision, decided_by, why, decided_at) ON shared_review TO clubops_app;
GRANT UPDATE (edit, answer) ON applied_edit TO clubops_app;
GRANT UPDATE (seq, upto) ON feed_progress TO clubops_app;

-- The projector may see, over all tenants, which logs were not looked through to their end, and nothing else.
CREATE POLICY behind ON feed_progress FOR SELECT TO clubops_projector USING (seq < upto);
GRANT SELECT ON feed_progress TO clubops_projector;

-- Whatever stores events moves `acked`: from there on somebody has to look.
CREATE FUNCTION note_unlooked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO feed_progress (org, log, upto) VALUES (NEW.org, NEW.log, NEW.acked)
  ON CONFLICT (org, log) DO UPDATE SET upto = excluded.upto;
  RETURN NULL;
END $$;
CREATE TRIGGER edge_log_unlooked AFTER UPDATE OF acked ON edge_log
  FOR EACH ROW WHEN (NEW.acked > OLD.acked) EXECUTE FUNCTION note_unlooked();
-- What was stored before this version is looked through too.
ALTER TABLE feed_progress NO FORCE ROW LEVEL SECURITY;
ALTER TABLE edge_log NO FORCE ROW LEVEL SECURITY;
INSERT INTO feed_progress (org, log, upto) SELECT org, log, acked FROM edge_log WHERE acked > 0;
ALTER TABLE edge_log FORCE ROW LEVEL SECURITY;
ALTER TABLE feed_progress FORCE ROW LEVEL SECURITY;
