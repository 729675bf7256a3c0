-- How far each partition of a topic was read: the offset of the next record. Only the owner of
-- that very offset may move it on, so a pod that lost the partition changes nothing.
CREATE TABLE kafka_offset (
  topic text NOT NULL,
  part integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (topic, part)
);

-- Jobs whose state is due to be sent to a topic, in the form of db-scheduler.
CREATE TABLE kafka_task (
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

CREATE INDEX kafka_task_due ON kafka_task (execution_time);
CREATE INDEX kafka_task_heartbeat ON kafka_task (last_heartbeat);
