-- What the rejections of a job come from: one row for each pair of code and column, numbered in the
-- order in which the pairs came. The column's name is NULL where the whole row is to blame.
CREATE TABLE rejection_cause (
  job_id text NOT NULL,
  place integer NOT NULL,
  code text NOT NULL,
  column_name text,
  row_count bigint NOT NULL,
  stored_count bigint NOT NULL,
  -- JSON.
  samples text NOT NULL,
  PRIMARY KEY (job_id, place)
);

-- The most frequent causes, as JSON. NULL where no row was rejected.
ALTER TABLE import_job ADD COLUMN causes text;
