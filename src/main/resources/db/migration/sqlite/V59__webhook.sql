-- Where the end of a job is posted. Times are milliseconds since the epoch.
CREATE TABLE webhook (
  job_id TEXT PRIMARY KEY,
  -- The webhook-id, the same at each attempt.
  message_id TEXT NOT NULL,
  url TEXT NOT NULL,
  -- Whose secret signs; NULL for the secret in the settings.
  caller TEXT,
  -- WAITING for the end of the job, PENDING, DELIVERED, GONE or GIVEN_UP.
  state TEXT NOT NULL,
  -- Attempts of the running series.
  tries INTEGER NOT NULL,
  -- All attempts.
  attempts INTEGER NOT NULL,
  -- The body, as it was sent first.
  body TEXT,
  next_at INTEGER,
  -- When somebody last asked to send it again.
  asked_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE webhook_attempt (
  job_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  -- NULL where there was no answer.
  status INTEGER,
  error TEXT,
  PRIMARY KEY (job_id, number)
) WITHOUT ROWID;

-- Secrets that sign. They must be known in clear, as the receiver knows them.
CREATE TABLE webhook_secret (
  id TEXT PRIMARY KEY,
  caller TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- When a newer one has replaced it; NULL for the newest.
  replaced_at INTEGER,
  -- When a job last named a callback with it, within a day.
  used_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX webhook_secret_caller ON webhook_secret (caller, created_at);

-- Deliveries that are due, in the form of db-scheduler.
CREATE TABLE webhook_task (
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

CREATE INDEX webhook_task_due ON webhook_task (execution_time);
CREATE INDEX webhook_task_heartbeat ON webhook_task (last_heartbeat);
