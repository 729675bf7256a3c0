-- Times are milliseconds since the epoch.
CREATE TABLE job (
  id text PRIMARY KEY,
  kind text NOT NULL,
  status text NOT NULL,
  attempt integer NOT NULL,
  -- Attempts in a row that ended without a new chunk.
  idle_attempts integer NOT NULL,
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
  cancel_requested boolean NOT NULL,
  created_at bigint NOT NULL,
  started_at bigint,
  -- Of the last committed chunk, or of the attempt's begin.
  updated_at bigint,
  -- Where the attempt began; rate and remaining time are told from here.
  attempt_started_at bigint,
  attempt_start_rows bigint NOT NULL,
  attempt_start_bytes bigint NOT NULL,
  finished_at bigint,
  error text,
  -- The final event's number within the last attempt.
  final_sequence bigint
);

CREATE INDEX job_newest ON job (created_at DESC, id DESC);
CREATE INDEX job_status ON job (status);
CREATE INDEX job_finished ON job (finished_at);

-- The table of db-scheduler.
CREATE TABLE scheduled_tasks (
  task_name text NOT NULL,
  task_instance text NOT NULL,
  task_data bytea,
  execution_time timestamptz NOT NULL,
  picked boolean NOT NULL,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures integer,
  last_heartbeat timestamptz,
  version bigint NOT NULL,
  priority smallint,
  PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
