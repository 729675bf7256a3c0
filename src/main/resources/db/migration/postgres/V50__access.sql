-- API keys. Only a hash is stored. Times are milliseconds since the epoch.
CREATE TABLE access_key (
  id text PRIMARY KEY,
  -- SHA-256 of the whole key, in hexadecimal digits.
  hash text NOT NULL UNIQUE,
  name text NOT NULL,
  -- Words that a space separates.
  scopes text NOT NULL,
  watch text NOT NULL,
  publish text NOT NULL,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint
);

-- Sessions of the page. The cookie's value is stored as a hash only.
CREATE TABLE access_session (
  hash text PRIMARY KEY,
  caller text NOT NULL,
  kind text NOT NULL,
  -- The credential behind it, whose rights count at each request.
  origin text NOT NULL,
  scopes text NOT NULL,
  watch text NOT NULL,
  publish text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);

CREATE INDEX access_session_caller ON access_session (caller, created_at);
CREATE INDEX access_session_expiry ON access_session (expires_at);

-- Secrets that sign watch tokens, on all pods.
CREATE TABLE access_secret (
  id text PRIMARY KEY,
  secret text NOT NULL,
  created_at bigint NOT NULL
);

-- A list of jobs shows those of one caller, newest first.
CREATE INDEX job_of_caller ON job (caller, created_at DESC, id DESC);
