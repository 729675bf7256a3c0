-- Whose job it is: those of the caller with the most kept changes make room first.
ALTER TABLE product_writer ADD COLUMN caller text;

CREATE INDEX product_writer_kept ON product_writer (number) WHERE change_bytes > 0;
