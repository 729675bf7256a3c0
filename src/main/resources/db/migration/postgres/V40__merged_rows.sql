-- Rows that went into the product of an earlier row, and rows that were left out on purpose.
ALTER TABLE import_job ADD COLUMN merged_count bigint NOT NULL DEFAULT 0;
ALTER TABLE import_job ADD COLUMN skipped_count bigint NOT NULL DEFAULT 0;
