-- Jobs that programs elsewhere do. Times are milliseconds since the epoch, by the database's clock.
CREATE TABLE external_job (
  job_id TEXT PRIMARY KEY,
  -- Whose budget an open job counts against.
  caller TEXT NOT NULL,
  payload TEXT,
  unit TEXT,
  silence INTEGER NOT NULL,
  -- Whether the job is cancelled once nobody has watched it for a while.
  cancel_unwatched BOOLEAN NOT NULL,
  -- The attempt that the numbers below belong to; 0 before the first report.
  attempt INTEGER NOT NULL,
  -- The last report that was accepted.
  report_sequence INTEGER NOT NULL,
  -- The last event, but for the final one.
  event_sequence INTEGER NOT NULL,
  own_events INTEGER NOT NULL,
  done INTEGER NOT NULL,
  total INTEGER,
  percent REAL,
  message TEXT,
  output_bytes INTEGER NOT NULL,
  -- The last row in external_output, and its bytes.
  output_piece INTEGER NOT NULL,
  output_piece_bytes INTEGER NOT NULL,
  -- The request that may report; a newer one ends the older.
  body TEXT,
  -- When silence ends the job; null once it has ended.
  expires_at INTEGER,
  -- When a cancel ends the job without a report.
  cancel_by INTEGER,
  -- Until when the job counts as watched, if it is cancelled unwatched.
  watched_until INTEGER
) WITHOUT ROWID;

CREATE INDEX external_job_expiry ON external_job (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX external_job_caller ON external_job (caller) WHERE expires_at IS NOT NULL;

-- The text that a worker has reported, in pieces of some kilobytes.
CREATE TABLE external_output (
  job_id TEXT NOT NULL,
  piece INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (job_id, piece)
) WITHOUT ROWID;

-- When some pod was last able to accept reports.
CREATE TABLE external_heartbeat (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  alive_at INTEGER NOT NULL
);

INSERT INTO external_heartbeat VALUES (1, 0);
