-- A hash of the caller and of the bytes of the file, so that a repeated file is noticed. NULL in
-- imports of earlier versions.
ALTER TABLE import_job ADD COLUMN same_file text;
CREATE INDEX import_job_same_file ON import_job (same_file);
