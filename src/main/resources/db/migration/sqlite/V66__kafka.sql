-- How far each partition of a topic was read: the offset of the next record. Only the owner of
-- that very offset may move it on, so a pod that lost the partition changes nothing.
CREATE TABLE kafka_offset (
  topic TEXT NOT NULL,
  part INTEGER NOT NULL,
  next_offset INTEGER NOT NULL,
  PRIMARY KEY (topic, part)
) WITHOUT ROWID;

-- Jobs whose state is due to be sent to a topic, in the form of db-scheduler.
CREATE TABLE kafka_task (
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

CREATE INDEX kafka_task_due ON kafka_task (execution_time);
CREATE INDEX kafka_task_heartbeat ON kafka_task (last_heartbeat);
