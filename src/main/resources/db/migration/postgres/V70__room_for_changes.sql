-- Stores what an update changes if the transaction asks for it: waybill.touched names the columns,
-- waybill.chunk the chunk, and waybill.room how many bytes may be stored. waybill.room is missing if
-- a pod of an earlier version writes. If the changes of a statement need more, none of them is
-- stored, and waybill.room becomes negative. The sizes are estimates: pg_column_size does not read
-- values that are stored outside of their rows. Everything else is as in V56.
CREATE OR REPLACE FUNCTION keep_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched integer := nullif(current_setting('waybill.touched', true), '')::integer;
  room bigint := nullif(current_setting('waybill.room', true), '')::bigint;
BEGIN
  IF touched IS NULL OR room < 0 THEN
    RETURN NULL;
  END IF;
  IF room IS NOT NULL THEN
    room := room - (
      SELECT coalesce(sum(100
        + CASE WHEN touched & 1 <> 0 THEN coalesce(pg_column_size(name), 0) ELSE 0 END
        + CASE WHEN touched & 2 <> 0 THEN coalesce(pg_column_size(description), 0) ELSE 0 END
        + CASE WHEN touched & 32 <> 0 THEN coalesce(pg_column_size(category), 0) ELSE 0 END
        + CASE WHEN touched & 64 <> 0 THEN coalesce(pg_column_size(brand), 0) ELSE 0 END
        + CASE WHEN touched & 256 <> 0 THEN coalesce(pg_column_size(image_url), 0) ELSE 0 END
        + CASE WHEN touched & 512 <> 0 THEN pg_column_size(attributes) ELSE 0 END), 0)
      FROM old_products);
    IF touched & 512 <> 0 THEN
      room := room - (SELECT coalesce(sum(pg_column_size(attributes)), 0) FROM new_products);
    END IF;
    PERFORM set_config('waybill.room', room::text, true);
    IF room < 0 THEN
      RETURN NULL;
    END IF;
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
