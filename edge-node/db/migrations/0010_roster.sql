-- State: when a restriction is looked at again, and the last business date that it holds on.
ALTER TABLE restriction ADD COLUMN review_on TEXT;
ALTER TABLE restriction ADD COLUMN expires_on TEXT;

-- State: names that a dancer has beside the one in her row. Two dancers may have one; on one night they never do.
CREATE TABLE stage_name_further (
  dancer TEXT NOT NULL,
  stage_name TEXT NOT NULL,
  PRIMARY KEY (dancer, stage_name)
) STRICT, WITHOUT ROWID;

-- State: how she is engaged, by the first business date that each holds on; before the first one her row says it.
CREATE TABLE engagement (
  dancer TEXT NOT NULL,
  effective_from TEXT NOT NULL,
  engagement TEXT NOT NULL,
  PRIMARY KEY (dancer, effective_from)
) STRICT, WITHOUT ROWID;

-- State: what she signed on a screen. The strokes of her signature are sealed.
CREATE TABLE agreement (
  agreement TEXT PRIMARY KEY,
  dancer TEXT NOT NULL,
  kind TEXT NOT NULL,
  version TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  signed_at INTEGER NOT NULL,
  taken_by TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX agreement_of_dancer ON agreement (dancer, signed_at);
CREATE INDEX restriction_open ON restriction (dancer) WHERE lifted_by IS NULL;

-- State: photos and copies of papers. The images are in sealed files beside the database, named by their hash.
CREATE TABLE image (
  image TEXT PRIMARY KEY,
  dancer TEXT NOT NULL,
  credential TEXT,
  hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  type TEXT NOT NULL,
  attached_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX image_of_dancer ON image (dancer, attached_at);
