-- Which folder of uploads the pods share: the ID that the name of its marker file carries. To move
-- the pods to a new folder, create a marker with this ID there.
CREATE TABLE upload_folder (
  only_row integer PRIMARY KEY CHECK (only_row = 1),
  id text NOT NULL
);
