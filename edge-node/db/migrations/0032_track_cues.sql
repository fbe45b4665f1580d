-- State: how much louder a track plays than its rendition (dB), and where it begins and ends (s); a null is the file's own.
ALTER TABLE track_edit ADD COLUMN trim_db REAL;
ALTER TABLE track_edit ADD COLUMN cue_in REAL;
ALTER TABLE track_edit ADD COLUMN cue_out REAL;
