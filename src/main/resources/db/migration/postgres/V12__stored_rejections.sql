-- How many rejected rows of a job are stored up to this chunk, and about how many bytes they take.
-- NULL in rows that an earlier version wrote; it stored all rejected rows.
ALTER TABLE journal ADD COLUMN total_stored bigint;
ALTER TABLE journal ADD COLUMN total_stored_bytes bigint;
