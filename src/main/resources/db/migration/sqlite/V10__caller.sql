-- Who uploaded: jobs take turns by caller. Null for jobs from before, which count as one caller.
-- Never shown in an answer.
ALTER TABLE job ADD COLUMN caller text;

-- When a caller was last served.
CREATE INDEX job_caller ON job (caller, started_at);
