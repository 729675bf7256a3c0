-- Streams for an audience. Times are milliseconds since the epoch.
CREATE TABLE stream (
  name text COLLATE "C" PRIMARY KEY,
  epoch integer NOT NULL,
  -- The last number given away in this epoch.
  last_sequence bigint NOT NULL,
  -- Counts the stream's events over all epochs; that of the last one.
  last_position bigint NOT NULL,
  closed boolean NOT NULL,
  created_at bigint NOT NULL,
  last_event_at bigint NOT NULL,
  expires_at bigint NOT NULL
);

CREATE INDEX stream_expiry ON stream (expires_at);

CREATE TABLE stream_event (
  name text COLLATE "C" NOT NULL,
  epoch integer NOT NULL,
  sequence bigint NOT NULL,
  position bigint NOT NULL,
  event_name text,
  data text NOT NULL,
  is_text boolean NOT NULL,
  delivery text NOT NULL,
  event_key text,
  retry_millis integer,
  message_id text,
  published_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (name, epoch, sequence)
);

CREATE INDEX stream_event_expiry ON stream_event (expires_at);

-- The message IDs that publishers have used, for longer than their events may be kept.
CREATE TABLE stream_message (
  name text COLLATE "C" NOT NULL,
  message_id text NOT NULL,
  fingerprint text NOT NULL,
  epoch integer NOT NULL,
  sequence bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (name, message_id)
);

CREATE INDEX stream_message_expiry ON stream_message (expires_at);

-- Gives each opening of any stream a number that no stream has had before.
CREATE TABLE stream_epoch (
  value integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  taken_at bigint NOT NULL
);
