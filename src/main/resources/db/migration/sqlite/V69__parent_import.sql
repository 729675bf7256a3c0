-- The import whose rejected rows a file repairs. The number of repaired rows is summed up by it.
ALTER TABLE import_job ADD COLUMN parent_job TEXT;

CREATE INDEX import_job_parent ON import_job (parent_job) WHERE parent_job IS NOT NULL;
