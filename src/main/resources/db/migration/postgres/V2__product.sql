-- Skus are compared byte by byte, which is faster than by the rules of a language, and the same
-- wherever the database stands. Attributes are one object of strings.
CREATE TABLE product (
  sku text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  description text,
  price numeric,
  currency text,
  quantity integer,
  category text,
  brand text,
  gtin text,
  image_url text,
  attributes jsonb NOT NULL DEFAULT '{}'
);
