-- What all jobs have in common stays in job. What only imports have moves to a table of its own.
-- Times are milliseconds since the epoch.
CREATE TABLE import_job (
  job_id TEXT PRIMARY KEY,
  file_name TEXT NOT NULL,
  dry_run BOOLEAN NOT NULL,
  charset TEXT NOT NULL,
  delimiter TEXT NOT NULL,
  mapping TEXT NOT NULL,
  bytes_total INTEGER NOT NULL,
  bytes_read INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  created_count INTEGER NOT NULL,
  updated_count INTEGER NOT NULL,
  unchanged_count INTEGER NOT NULL,
  rejected_count INTEGER NOT NULL,
  -- Of the last committed chunk, or of the start of the attempt.
  updated_at INTEGER,
  -- Where the attempt began; rate and remaining time are calculated from here.
  attempt_start_rows INTEGER NOT NULL,
  attempt_start_bytes INTEGER NOT NULL,
  -- JSON, or null.
  notices TEXT,
  reading TEXT
) WITHOUT ROWID;

INSERT INTO import_job (job_id, file_name, dry_run, charset, delimiter, mapping, bytes_total,
    bytes_read, row_count, created_count, updated_count, unchanged_count, rejected_count, updated_at,
    attempt_start_rows, attempt_start_bytes)
  SELECT id, file_name, dry_run, charset, delimiter, mapping, bytes_total, bytes_read, row_count,
    created_count, updated_count, unchanged_count, rejected_count, updated_at, attempt_start_rows,
    attempt_start_bytes
  FROM job;

CREATE TABLE job_common (
  id TEXT PRIMARY KEY,
  -- What callers call this kind of job.
  kind TEXT NOT NULL,
  -- Names the code that knows this kind of job.
  family TEXT NOT NULL,
  title TEXT,
  -- Whether a thread of this service runs it.
  scheduled BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  -- Attempts in a row that ended without a new chunk.
  idle_attempts INTEGER NOT NULL,
  cancel_requested BOOLEAN NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  attempt_started_at INTEGER,
  finished_at INTEGER,
  error TEXT,
  -- What the work has brought, as JSON.
  result TEXT,
  -- The final event's number within the last attempt.
  final_sequence INTEGER,
  -- Since when the job has been waiting for its storage. NULL while it is not.
  waiting_since INTEGER,
  -- Who created it. NULL for jobs of early versions, which count as one caller.
  caller TEXT
) WITHOUT ROWID;

INSERT INTO job_common (id, kind, family, title, scheduled, status, attempt, idle_attempts,
    cancel_requested, created_at, started_at, attempt_started_at, finished_at, error, final_sequence,
    waiting_since, caller)
  SELECT id, kind, kind, file_name, true, status, attempt, idle_attempts, cancel_requested,
    created_at, started_at, attempt_started_at, finished_at, error, final_sequence, waiting_since,
    caller
  FROM job;

DROP TABLE job;
ALTER TABLE job_common RENAME TO job;

CREATE INDEX job_newest ON job (created_at DESC, id DESC);
CREATE INDEX job_status ON job (status);
CREATE INDEX job_finished ON job (finished_at);
CREATE INDEX job_caller ON job (caller, started_at);
