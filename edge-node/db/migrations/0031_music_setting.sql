-- State: how the club wants its music. One row, none before anybody sets it.
CREATE TABLE music_setting (
  id TEXT PRIMARY KEY,
  target_lufs INTEGER NOT NULL,
  copy TEXT NOT NULL,
  cooldown_min INTEGER NOT NULL,
  is_clean_only INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
