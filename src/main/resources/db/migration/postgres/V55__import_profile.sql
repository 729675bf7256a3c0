-- Settings of uploads under names that their callers chose.
CREATE TABLE import_profile (
  caller text NOT NULL,
  name text NOT NULL,
  -- JSON.
  settings text NOT NULL,
  -- Of the header of the files that it is for, or null.
  fingerprint text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (caller, name)
);
