-- Uploaded files that wait for a decision: previews, and the files of dry runs. Times are
-- milliseconds since the epoch.
CREATE TABLE kept_file (
  -- The name of the file; of a dry run also the transaction ID of its job.
  id text PRIMARY KEY,
  caller text NOT NULL,
  -- preview or dry-run.
  kind text NOT NULL,
  file_name text NOT NULL,
  bytes bigint NOT NULL,
  -- What the bytes of a preview say about its charset, and what the caller asks for; JSON.
  evidence text NOT NULL,
  settings text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  -- Whether the file is deleted. The row stays for a while, to say so.
  gone boolean NOT NULL,
  -- The jobs that import it, and how their creation was answered.
  import_job text,
  import_answer text,
  dry_run_job text,
  dry_run_answer text
);

CREATE INDEX kept_file_caller ON kept_file (caller, gone);
CREATE INDEX kept_file_expiry ON kept_file (gone, expires_at);

-- What an import does with rejected rows, as JSON. Null where it has no wishes.
ALTER TABLE import_job ADD COLUMN policy text;
-- Whether the rows are only being checked.
ALTER TABLE import_job ADD COLUMN checking boolean NOT NULL DEFAULT false;
-- The notices from before the first row.
ALTER TABLE import_job ADD COLUMN first_notices text;
-- The dry run whose file is imported.
ALTER TABLE import_job ADD COLUMN dry_run_job text;
