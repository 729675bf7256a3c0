-- How the file of an import differs from plain CSV. Empty where it does not, and in imports of
-- earlier versions.
ALTER TABLE import_job ADD COLUMN shape TEXT NOT NULL DEFAULT '';

-- The line of another table's header above the chunk's end. NULL in rows of earlier versions.
ALTER TABLE journal ADD COLUMN second_header INTEGER;
