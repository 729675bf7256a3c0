-- One row a committed chunk: checkpoint, and what became of each of its rows.
CREATE TABLE journal (
  job_id TEXT NOT NULL,
  first_row INTEGER NOT NULL,
  last_row INTEGER NOT NULL,
  -- Where the next chunk begins in the file as UTF-8.
  next_offset INTEGER NOT NULL,
  next_line INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  outcomes BLOB NOT NULL,
  PRIMARY KEY (job_id, first_row)
);

CREATE TABLE rejection (
  job_id TEXT NOT NULL,
  row_number INTEGER NOT NULL,
  line INTEGER NOT NULL,
  errors TEXT NOT NULL,
  original TEXT NOT NULL,
  original_cut BOOLEAN NOT NULL,
  PRIMARY KEY (job_id, row_number)
) WITHOUT ROWID;
