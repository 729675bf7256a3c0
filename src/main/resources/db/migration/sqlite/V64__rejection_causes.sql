-- What the rejections of a job come from: one row for each pair of code and column, numbered in the
-- order in which the pairs came. The column's name is NULL where the whole row is to blame.
CREATE TABLE rejection_cause (
  job_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  code TEXT NOT NULL,
  column_name TEXT,
  row_count INTEGER NOT NULL,
  stored_count INTEGER NOT NULL,
  -- JSON.
  samples TEXT NOT NULL,
  PRIMARY KEY (job_id, place)
) WITHOUT ROWID;

-- The most frequent causes, as JSON. NULL where no row was rejected.
ALTER TABLE import_job ADD COLUMN causes TEXT;
