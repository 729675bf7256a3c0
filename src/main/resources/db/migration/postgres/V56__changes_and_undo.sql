-- The last job that has written a product; NULL for those of an earlier version.
ALTER TABLE product ADD COLUMN writer integer;

-- The jobs that have written products, or would have: a number stands for a job in each product.
CREATE TABLE product_writer (
  number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id text COLLATE "C" NOT NULL UNIQUE,
  -- One bit for each column whose old values are kept.
  touched integer NOT NULL,
  change_rows bigint NOT NULL DEFAULT 0,
  change_bytes bigint NOT NULL DEFAULT 0,
  -- How often each field changes, as JSON.
  summary text,
  -- KEPT, CUT where the changes were too many to keep all, or EXPIRED.
  state text NOT NULL
);

-- What a job has changed, to show it and to take it back.
CREATE TABLE product_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  writer integer NOT NULL,
  -- The first row of the chunk, or the number of the part of an undo.
  chunk bigint NOT NULL,
  -- 1 updated, 2 deleted, 3 created; of an import 1 only.
  kind integer NOT NULL,
  sku text COLLATE "C" NOT NULL,
  -- Who had written the product before.
  prior integer,
  -- One bit for each column that has another value since.
  changed integer NOT NULL,
  old_name text,
  old_description text,
  old_price numeric,
  old_currency text,
  old_quantity integer,
  old_category text,
  old_brand text,
  old_gtin text,
  old_image_url text,
  old_attributes jsonb,
  new_name text,
  new_description text,
  new_price numeric,
  new_currency text,
  new_quantity integer,
  new_category text,
  new_brand text,
  new_gtin text,
  new_image_url text,
  new_attributes jsonb
);

CREATE INDEX product_change_chunk ON product_change (writer, chunk);

-- The work of undoing a job. Times are milliseconds since the epoch.
CREATE TABLE undo_job (
  job_id text COLLATE "C" PRIMARY KEY,
  target_id text NOT NULL,
  dry_run boolean NOT NULL,
  -- Chunks of the target from this one on are done. The first value is in start_chunk.
  next_chunk bigint NOT NULL,
  start_chunk bigint NOT NULL,
  -- How many parts of this undo are committed.
  part bigint NOT NULL,
  reversed_count bigint NOT NULL,
  kept_count bigint NOT NULL,
  missing_count bigint NOT NULL,
  updated_at bigint,
  attempt_start_products bigint NOT NULL
);

CREATE INDEX undo_job_target ON undo_job (target_id);

-- Products that an undo left as they are, or, in a dry run, would reverse.
CREATE TABLE undo_product (
  job_id text COLLATE "C" NOT NULL,
  sku text COLLATE "C" NOT NULL,
  -- 1 kept, 2 missing, 3 would be reversed.
  result integer NOT NULL,
  -- Who has written a kept product last.
  writer integer,
  PRIMARY KEY (job_id, sku)
);

-- Keeps what an update changes, if the transaction says that it wants it: waybill.touched names the
-- columns, waybill.chunk the chunk. The tables of a statement hold the very versions that it has
-- replaced, also where another transaction wrote them meanwhile. The statement is planned for each
-- call, since the number of rows differs, and must not become a loop in a loop.
CREATE FUNCTION keep_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched integer := nullif(current_setting('waybill.touched', true), '')::integer;
BEGIN
  IF touched IS NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE $keep$
    INSERT INTO product_change (writer, chunk, kind, sku, prior, changed,
      old_name, old_description, old_price, old_currency, old_quantity, old_category, old_brand, old_gtin, old_image_url, old_attributes,
      new_name, new_description, new_price, new_currency, new_quantity, new_category, new_brand, new_gtin, new_image_url, new_attributes)
    SELECT n.writer, $1, 1, n.sku, o.writer,
      (n.name IS DISTINCT FROM o.name)::integer * 1
        + (n.description IS DISTINCT FROM o.description)::integer * 2
        + (n.price IS DISTINCT FROM o.price)::integer * 4
        + (n.currency IS DISTINCT FROM o.currency)::integer * 8
        + (n.quantity IS DISTINCT FROM o.quantity)::integer * 16
        + (n.category IS DISTINCT FROM o.category)::integer * 32
        + (n.brand IS DISTINCT FROM o.brand)::integer * 64
        + (n.gtin IS DISTINCT FROM o.gtin)::integer * 128
        + (n.image_url IS DISTINCT FROM o.image_url)::integer * 256
        + (n.attributes IS DISTINCT FROM o.attributes)::integer * 512,
      CASE WHEN $2 & 1 <> 0 THEN o.name END,
      CASE WHEN $2 & 2 <> 0 THEN o.description END,
      CASE WHEN $2 & 4 <> 0 THEN o.price END,
      CASE WHEN $2 & 8 <> 0 THEN o.currency END,
      CASE WHEN $2 & 16 <> 0 THEN o.quantity END,
      CASE WHEN $2 & 32 <> 0 THEN o.category END,
      CASE WHEN $2 & 64 <> 0 THEN o.brand END,
      CASE WHEN $2 & 128 <> 0 THEN o.gtin END,
      CASE WHEN $2 & 256 <> 0 THEN o.image_url END,
      CASE WHEN $2 & 512 <> 0 THEN o.attributes END,
      CASE WHEN n.name IS DISTINCT FROM o.name THEN left(n.name, 1001) END,
      CASE WHEN n.description IS DISTINCT FROM o.description THEN left(n.description, 1001) END,
      CASE WHEN n.price IS DISTINCT FROM o.price THEN n.price END,
      CASE WHEN n.currency IS DISTINCT FROM o.currency THEN n.currency END,
      CASE WHEN n.quantity IS DISTINCT FROM o.quantity THEN n.quantity END,
      CASE WHEN n.category IS DISTINCT FROM o.category THEN left(n.category, 1001) END,
      CASE WHEN n.brand IS DISTINCT FROM o.brand THEN left(n.brand, 1001) END,
      CASE WHEN n.gtin IS DISTINCT FROM o.gtin THEN n.gtin END,
      CASE WHEN n.image_url IS DISTINCT FROM o.image_url THEN left(n.image_url, 1001) END,
      CASE WHEN n.attributes IS DISTINCT FROM o.attributes THEN n.attributes END
    FROM old_products o JOIN new_products n ON n.sku = o.sku
  $keep$ USING current_setting('waybill.chunk')::bigint, touched;
  RETURN NULL;
END
$$;

CREATE TRIGGER keep_changes AFTER UPDATE ON product
REFERENCING OLD TABLE AS old_products NEW TABLE AS new_products
FOR EACH STATEMENT EXECUTE FUNCTION keep_changes();
