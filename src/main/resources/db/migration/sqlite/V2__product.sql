-- The price is text in canonical form (no leading or trailing zeros), so that equal prices are
-- equal text. Attributes are one minified JSON object of strings.
CREATE TABLE product (
  sku TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT,
  price TEXT,
  currency TEXT,
  quantity INTEGER,
  category TEXT,
  brand TEXT,
  gtin TEXT,
  image_url TEXT,
  attributes TEXT NOT NULL DEFAULT '{}'
);
