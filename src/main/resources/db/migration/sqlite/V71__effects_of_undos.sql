-- Whether an undo puts the values of an import in force again: it undoes an undo of that import.
ALTER TABLE undo_job ADD COLUMN redo BOOLEAN NOT NULL DEFAULT false;
WITH RECURSIVE chain (id, level) AS (
  SELECT job_id, 1 FROM undo_job WHERE target_id NOT IN (SELECT job_id FROM undo_job)
  UNION ALL
  SELECT undo_job.job_id, level + 1 FROM chain JOIN undo_job ON undo_job.target_id = chain.id
)
UPDATE undo_job SET redo = true WHERE job_id IN (SELECT id FROM chain WHERE level % 2 = 0);

-- How many of the reversed products were deleted, and how many were created again.
ALTER TABLE undo_job ADD COLUMN deleted_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE undo_job ADD COLUMN recreated_count INTEGER NOT NULL DEFAULT 0;

-- The stored change that a dry run would reverse. The results of a dry run are: 3 would get its old
-- values back, 4 would be deleted, 5 would be created again.
ALTER TABLE undo_product ADD COLUMN change_id INTEGER;
