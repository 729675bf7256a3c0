-- Jobs whose worker Waybill calls.
CREATE TABLE worker_call (
  job_id TEXT PRIMARY KEY,
  -- How often the worker was called.
  calls INTEGER NOT NULL,
  -- WAITING for the next call, CALLING, STREAMING or ACCEPTED.
  state TEXT NOT NULL
) WITHOUT ROWID;

-- While Waybill calls the worker, or reads its answer, silence does not end the job.
ALTER TABLE external_job ADD COLUMN calling BOOLEAN NOT NULL DEFAULT 0;

-- Calls that are due, in the form of db-scheduler.
CREATE TABLE worker_task (
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

CREATE INDEX worker_task_due ON worker_task (execution_time);
CREATE INDEX worker_task_heartbeat ON worker_task (last_heartbeat);
