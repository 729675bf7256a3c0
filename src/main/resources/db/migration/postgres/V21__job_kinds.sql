-- What all jobs have in common stays in job. What only imports have moves to a table of its own.
-- Times are milliseconds since the epoch.
CREATE TABLE import_job (
  job_id text PRIMARY KEY,
  file_name text NOT NULL,
  dry_run boolean NOT NULL,
  charset text NOT NULL,
  delimiter text NOT NULL,
  mapping text NOT NULL,
  bytes_total bigint NOT NULL,
  bytes_read bigint NOT NULL,
  row_count bigint NOT NULL,
  created_count bigint NOT NULL,
  updated_count bigint NOT NULL,
  unchanged_count bigint NOT NULL,
  rejected_count bigint NOT NULL,
  -- Of the last committed chunk, or of the start of the attempt.
  updated_at bigint,
  -- Where the attempt began; rate and remaining time are calculated from here.
  attempt_start_rows bigint NOT NULL,
  attempt_start_bytes bigint NOT NULL,
  -- JSON, or null.
  notices text,
  reading text
) WITH (fillfactor = 70);

-- No row changes between the copy and the triggers below.
LOCK TABLE job IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO import_job (job_id, file_name, dry_run, charset, delimiter, mapping, bytes_total,
    bytes_read, row_count, created_count, updated_count, unchanged_count, rejected_count, updated_at,
    attempt_start_rows, attempt_start_bytes)
  SELECT id, file_name, dry_run, charset, delimiter, mapping, bytes_total, bytes_read, row_count,
    created_count, updated_count, unchanged_count, rejected_count, updated_at, attempt_start_rows,
    attempt_start_bytes
  FROM job;

-- Names the code that knows this kind of job. A pod of the version before knows imports only.
ALTER TABLE job ADD COLUMN family text NOT NULL DEFAULT 'csv-import';
-- Whether a thread of this service runs it.
ALTER TABLE job ADD COLUMN scheduled boolean NOT NULL DEFAULT true;
ALTER TABLE job ADD COLUMN title text;
-- What the work has brought, as JSON.
ALTER TABLE job ADD COLUMN result text;
UPDATE job SET title = file_name, family = kind;

-- During a rolling upgrade, pods of the version before still read and write the columns that have
-- moved. The triggers keep both places equal. A later version removes columns and triggers.
ALTER TABLE job
  ALTER COLUMN file_name SET DEFAULT '',
  ALTER COLUMN dry_run SET DEFAULT false,
  ALTER COLUMN charset SET DEFAULT 'UTF-8',
  ALTER COLUMN delimiter SET DEFAULT 'comma',
  ALTER COLUMN mapping SET DEFAULT '{}',
  ALTER COLUMN bytes_total SET DEFAULT 0,
  ALTER COLUMN bytes_read SET DEFAULT 0,
  ALTER COLUMN row_count SET DEFAULT 0,
  ALTER COLUMN created_count SET DEFAULT 0,
  ALTER COLUMN updated_count SET DEFAULT 0,
  ALTER COLUMN unchanged_count SET DEFAULT 0,
  ALTER COLUMN rejected_count SET DEFAULT 0,
  ALTER COLUMN attempt_start_rows SET DEFAULT 0,
  ALTER COLUMN attempt_start_bytes SET DEFAULT 0;

CREATE FUNCTION job_to_import_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO import_job (job_id, file_name, dry_run, charset, delimiter, mapping, bytes_total,
      bytes_read, row_count, created_count, updated_count, unchanged_count, rejected_count,
      updated_at, attempt_start_rows, attempt_start_bytes)
    VALUES (NEW.id, NEW.file_name, NEW.dry_run, NEW.charset, NEW.delimiter, NEW.mapping,
      NEW.bytes_total, NEW.bytes_read, NEW.row_count, NEW.created_count, NEW.updated_count,
      NEW.unchanged_count, NEW.rejected_count, NEW.updated_at, NEW.attempt_start_rows,
      NEW.attempt_start_bytes)
    ON CONFLICT (job_id) DO UPDATE SET bytes_read = excluded.bytes_read,
      row_count = excluded.row_count, created_count = excluded.created_count,
      updated_count = excluded.updated_count, unchanged_count = excluded.unchanged_count,
      rejected_count = excluded.rejected_count, updated_at = excluded.updated_at,
      attempt_start_rows = excluded.attempt_start_rows,
      attempt_start_bytes = excluded.attempt_start_bytes;
  RETURN NULL;
END
$$;

-- This version names none of these columns.
CREATE TRIGGER job_of_version_before AFTER INSERT ON job FOR EACH ROW
WHEN (NEW.mapping <> '{}' AND pg_trigger_depth() = 0) EXECUTE FUNCTION job_to_import_job();

CREATE TRIGGER job_progress_of_version_before
AFTER UPDATE OF bytes_read, attempt_start_rows ON job FOR EACH ROW
WHEN (NEW.mapping <> '{}' AND pg_trigger_depth() = 0) EXECUTE FUNCTION job_to_import_job();

CREATE FUNCTION import_job_to_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE job SET file_name = NEW.file_name, dry_run = NEW.dry_run, charset = NEW.charset,
    delimiter = NEW.delimiter, mapping = NEW.mapping, bytes_total = NEW.bytes_total,
    bytes_read = NEW.bytes_read, row_count = NEW.row_count, created_count = NEW.created_count,
    updated_count = NEW.updated_count, unchanged_count = NEW.unchanged_count,
    rejected_count = NEW.rejected_count, updated_at = NEW.updated_at,
    attempt_start_rows = NEW.attempt_start_rows, attempt_start_bytes = NEW.attempt_start_bytes
  WHERE id = NEW.job_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER import_job_for_version_before
AFTER INSERT OR UPDATE OF bytes_read, attempt_start_rows ON import_job FOR EACH ROW
WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION import_job_to_job();
