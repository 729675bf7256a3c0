-- One row, which a transaction updates before it counts the keys and adds one: two writers take turns.
CREATE TABLE access_turn (
  id int PRIMARY KEY
);

INSERT INTO access_turn (id) VALUES (1);
