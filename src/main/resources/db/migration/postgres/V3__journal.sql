-- One row a committed chunk: checkpoint, and what became of each of its rows.
CREATE TABLE journal (
  job_id text NOT NULL,
  first_row bigint NOT NULL,
  last_row bigint NOT NULL,
  -- Where the next chunk begins in the file as UTF-8.
  next_offset bigint NOT NULL,
  next_line bigint NOT NULL,
  accepted bigint NOT NULL,
  outcomes bytea NOT NULL,
  PRIMARY KEY (job_id, first_row)
);

CREATE TABLE rejection (
  job_id text NOT NULL,
  row_number bigint NOT NULL,
  line bigint NOT NULL,
  errors text NOT NULL,
  original text NOT NULL,
  original_cut boolean NOT NULL,
  PRIMARY KEY (job_id, row_number)
);
