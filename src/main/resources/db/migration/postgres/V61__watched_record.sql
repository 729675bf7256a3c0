-- Records of other systems that are watched, or were lately. Times are milliseconds since the
-- epoch, by the database's clock.
CREATE TABLE watched_record (
  stream_id TEXT PRIMARY KEY,
  -- The number of its poller; only that one may change the row.
  epoch INTEGER NOT NULL,
  -- The last event of that epoch.
  sequence BIGINT NOT NULL,
  body TEXT NOT NULL,
  -- The name of the final event; null while the record goes on.
  final_event TEXT,
  -- The pod that polls it, until then.
  owner TEXT NOT NULL,
  lease_until BIGINT NOT NULL,
  read_at BIGINT NOT NULL
);
CREATE INDEX watched_record_read_at ON watched_record (read_at);
CREATE INDEX watched_record_lease ON watched_record (lease_until);

-- No number is used twice, also after a record was forgotten.
CREATE TABLE record_epoch (last INTEGER NOT NULL);
INSERT INTO record_epoch (last) VALUES (0);
