-- Jobs whose worker Waybill calls.
CREATE TABLE worker_call (
  job_id text COLLATE "C" PRIMARY KEY,
  -- How often the worker was called.
  calls integer NOT NULL,
  -- WAITING for the next call, CALLING, STREAMING or ACCEPTED.
  state text NOT NULL
);

-- While Waybill calls the worker, or reads its answer, silence does not end the job.
ALTER TABLE external_job ADD COLUMN calling boolean NOT NULL DEFAULT false;

-- Calls that are due, in the form of db-scheduler.
CREATE TABLE worker_task (
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

CREATE INDEX worker_task_due ON worker_task (execution_time);
CREATE INDEX worker_task_heartbeat ON worker_task (last_heartbeat);
