-- The last job that has written a product; NULL for those of an earlier version.
ALTER TABLE product ADD COLUMN writer INTEGER;

-- The jobs that have written products, or would have: a number stands for a job in each product.
CREATE TABLE product_writer (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id TEXT NOT NULL UNIQUE,
  -- One bit for each column whose old values are kept.
  touched INTEGER NOT NULL,
  change_rows INTEGER NOT NULL DEFAULT 0,
  change_bytes INTEGER NOT NULL DEFAULT 0,
  -- How often each field changes, as JSON.
  summary TEXT,
  -- KEPT, CUT where the changes were too many to keep all, or EXPIRED.
  state TEXT NOT NULL
);

-- What a job has changed, to show it and to take it back.
CREATE TABLE product_change (
  id INTEGER PRIMARY KEY,
  writer INTEGER NOT NULL,
  -- The first row of the chunk, or the number of the part of an undo.
  chunk INTEGER NOT NULL,
  -- 1 updated, 2 deleted, 3 created; of an import 1 only.
  kind INTEGER NOT NULL,
  sku TEXT NOT NULL,
  -- Who had written the product before.
  prior INTEGER,
  -- One bit for each column that has another value since.
  changed INTEGER NOT NULL,
  old_name TEXT,
  old_description TEXT,
  old_price TEXT,
  old_currency TEXT,
  old_quantity INTEGER,
  old_category TEXT,
  old_brand TEXT,
  old_gtin TEXT,
  old_image_url TEXT,
  old_attributes TEXT,
  new_name TEXT,
  new_description TEXT,
  new_price TEXT,
  new_currency TEXT,
  new_quantity INTEGER,
  new_category TEXT,
  new_brand TEXT,
  new_gtin TEXT,
  new_image_url TEXT,
  new_attributes TEXT
);

CREATE INDEX product_change_chunk ON product_change (writer, chunk);

-- The work of undoing a job. Times are milliseconds since the epoch.
CREATE TABLE undo_job (
  job_id TEXT PRIMARY KEY,
  target_id TEXT NOT NULL,
  dry_run BOOLEAN NOT NULL,
  -- Chunks of the target from this one on are done. The first value is in start_chunk.
  next_chunk INTEGER NOT NULL,
  start_chunk INTEGER NOT NULL,
  -- How many parts of this undo are committed.
  part INTEGER NOT NULL,
  reversed_count INTEGER NOT NULL,
  kept_count INTEGER NOT NULL,
  missing_count INTEGER NOT NULL,
  updated_at INTEGER,
  attempt_start_products INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX undo_job_target ON undo_job (target_id);

-- Products that an undo left as they are, or, in a dry run, would reverse.
CREATE TABLE undo_product (
  job_id TEXT NOT NULL,
  sku TEXT NOT NULL,
  -- 1 kept, 2 missing, 3 would be reversed.
  result INTEGER NOT NULL,
  -- Who has written a kept product last.
  writer INTEGER,
  PRIMARY KEY (job_id, sku)
) WITHOUT ROWID;
