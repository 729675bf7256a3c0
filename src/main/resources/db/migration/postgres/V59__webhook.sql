-- Where the end of a job is posted. Times are milliseconds since the epoch.
CREATE TABLE webhook (
  job_id text COLLATE "C" PRIMARY KEY,
  -- The webhook-id, the same at each attempt.
  message_id text NOT NULL,
  url text NOT NULL,
  -- Whose secret signs; NULL for the secret in the settings.
  caller text,
  -- WAITING for the end of the job, PENDING, DELIVERED, GONE or GIVEN_UP.
  state text NOT NULL,
  -- Attempts of the running series.
  tries integer NOT NULL,
  -- All attempts.
  attempts integer NOT NULL,
  -- The body, as it was sent first.
  body text,
  next_at bigint,
  -- When somebody last asked to send it again.
  asked_at bigint NOT NULL
);

CREATE TABLE webhook_attempt (
  job_id text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  started_at bigint NOT NULL,
  duration bigint NOT NULL,
  -- NULL where there was no answer.
  status integer,
  error text,
  PRIMARY KEY (job_id, number)
);

-- Secrets that sign. They must be known in clear, as the receiver knows them.
CREATE TABLE webhook_secret (
  id text PRIMARY KEY,
  caller text NOT NULL,
  secret text NOT NULL,
  created_at bigint NOT NULL,
  -- When a newer one has replaced it; NULL for the newest.
  replaced_at bigint,
  -- When a job last named a callback with it, within a day.
  used_at bigint NOT NULL
);

CREATE INDEX webhook_secret_caller ON webhook_secret (caller, created_at);

-- Deliveries that are due, in the form of db-scheduler.
CREATE TABLE webhook_task (
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

CREATE INDEX webhook_task_due ON webhook_task (execution_time);
CREATE INDEX webhook_task_heartbeat ON webhook_task (last_heartbeat);
