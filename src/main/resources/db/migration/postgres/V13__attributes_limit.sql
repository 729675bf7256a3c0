-- Refuses an update that would make a product's attributes too large, see AttributeLimits. What is
-- above the limit already may stay so and become smaller. The size is that of the JSON text without
-- white space; PostgreSQL writes a blank after each colon and comma. Values of up to 2 kB cannot have
-- too many members, so most updates pay for a comparison of two numbers only.
CREATE FUNCTION refuse_large_attributes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  new_count bigint := (SELECT count(*) FROM jsonb_object_keys(NEW.attributes));
  old_count bigint := (SELECT count(*) FROM jsonb_object_keys(OLD.attributes));
  new_bytes bigint := octet_length(NEW.attributes::text) - 2 * new_count + 1;
  old_bytes bigint := octet_length(OLD.attributes::text) - 2 * old_count + 1;
BEGIN
  IF new_count > greatest(256, old_count) OR new_bytes > greatest(262144, old_bytes) THEN
    RAISE EXCEPTION USING ERRCODE = 'WB001',
      MESSAGE = 'a product may have at most 256 attributes of together 256 kB';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER attributes_limit BEFORE UPDATE OF attributes ON product FOR EACH ROW
WHEN (pg_column_size(NEW.attributes) > 2048 AND NEW.attributes IS DISTINCT FROM OLD.attributes)
EXECUTE FUNCTION refuse_large_attributes();
