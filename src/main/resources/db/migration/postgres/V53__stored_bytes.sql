-- The size of what is stored of an uploaded file. A sheet is stored as text, so it differs from the
-- size of the file that was sent. NULL in imports of earlier versions: the file as it was sent.
ALTER TABLE import_job ADD COLUMN stored_bytes bigint;
