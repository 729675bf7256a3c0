-- Times are milliseconds since the epoch.
CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  -- Attempts in a row that ended without a new chunk.
  idle_attempts INTEGER NOT NULL,
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
  cancel_requested BOOLEAN NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  -- Of the last committed chunk, or of the attempt's begin.
  updated_at INTEGER,
  -- Where the attempt began; rate and remaining time are told from here.
  attempt_started_at INTEGER,
  attempt_start_rows INTEGER NOT NULL,
  attempt_start_bytes INTEGER NOT NULL,
  finished_at INTEGER,
  error TEXT,
  -- The final event's number within the last attempt.
  final_sequence INTEGER
) WITHOUT ROWID;

CREATE INDEX job_newest ON job (created_at DESC, id DESC);
CREATE INDEX job_status ON job (status);
CREATE INDEX job_finished ON job (finished_at);

-- The table of db-scheduler.
CREATE TABLE scheduled_tasks (
  task_name TEXT NOT NULL,
  task_instance TEXT NOT NULL,
  task_data BLOB,
  execution_time TIMESTAMP NOT NULL,
  picked BOOLEAN NOT NULL,
  picked_by TEXT,
  last_success TIMESTAMP,
  last_failure TIMESTAMP,
  consecutive_failures INTEGER,
  last_heartbeat TIMESTAMP,
  version INTEGER NOT NULL,
  priority INTEGER,
  PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
