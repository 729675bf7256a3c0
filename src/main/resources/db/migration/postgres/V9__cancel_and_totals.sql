-- Requests to cancel a job that has not ended. They are not in the job's own row, because that row
-- is locked as long as a chunk of the job is being written.
CREATE TABLE cancel_request (
  job_id text PRIMARY KEY
);

INSERT INTO cancel_request
  SELECT id FROM job WHERE cancel_requested = true AND final_sequence IS NULL;

-- What the job's chunks add up to, this one included. NULL in rows that an earlier version wrote.
ALTER TABLE journal ADD COLUMN total_rows bigint;
ALTER TABLE journal ADD COLUMN total_accepted bigint;
ALTER TABLE journal ADD COLUMN total_rejected bigint;

-- Since when the job has been waiting for its storage, in milliseconds. NULL while it is not.
ALTER TABLE job ADD COLUMN waiting_since bigint;
