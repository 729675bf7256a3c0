-- Jobs that programs elsewhere do. Times are milliseconds since the epoch, by the database's clock.
CREATE TABLE external_job (
  job_id text COLLATE "C" PRIMARY KEY,
  -- Whose budget an open job counts against.
  caller text NOT NULL,
  payload text,
  unit text,
  silence bigint NOT NULL,
  -- Whether the job is cancelled once nobody has watched it for a while.
  cancel_unwatched boolean NOT NULL,
  -- The attempt that the numbers below belong to; 0 before the first report.
  attempt integer NOT NULL,
  -- The last report that was accepted.
  report_sequence bigint NOT NULL,
  -- The last event, but for the final one.
  event_sequence bigint NOT NULL,
  own_events bigint NOT NULL,
  done bigint NOT NULL,
  total bigint,
  percent double precision,
  message text,
  output_bytes bigint NOT NULL,
  -- The last row in external_output, and its bytes.
  output_piece bigint NOT NULL,
  output_piece_bytes bigint NOT NULL,
  -- The request that may report; a newer one ends the older.
  body text,
  -- When silence ends the job; null once it has ended.
  expires_at bigint,
  -- When a cancel ends the job without a report.
  cancel_by bigint,
  -- Until when the job counts as watched, if it is cancelled unwatched.
  watched_until bigint
);

CREATE INDEX external_job_expiry ON external_job (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX external_job_caller ON external_job (caller) WHERE expires_at IS NOT NULL;

-- The text that a worker has reported, in pieces of some kilobytes.
CREATE TABLE external_output (
  job_id text COLLATE "C" NOT NULL,
  piece bigint NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (job_id, piece)
);

-- When some pod was last able to accept reports.
CREATE TABLE external_heartbeat (
  only_row integer PRIMARY KEY CHECK (only_row = 1),
  alive_at bigint NOT NULL
);

INSERT INTO external_heartbeat VALUES (1, 0);
