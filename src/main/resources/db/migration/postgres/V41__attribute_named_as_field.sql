-- Attributes that some import has stored under the name of a field, because a map= said so. A later
-- import that reads the column as the field removes them.
CREATE TABLE attribute_named_as_field (
  name text PRIMARY KEY
);
