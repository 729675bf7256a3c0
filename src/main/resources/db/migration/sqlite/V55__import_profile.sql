-- Settings of uploads under names that their callers chose.
CREATE TABLE import_profile (
  caller TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON.
  settings TEXT NOT NULL,
  -- Of the header of the files that it is for, or null.
  fingerprint TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (caller, name)
) WITHOUT ROWID;
