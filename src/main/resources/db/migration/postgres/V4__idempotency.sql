-- Uploads under an Idempotency-Key, open and accepted ones. Times are milliseconds since the epoch.
CREATE TABLE idempotency_key (
  idempotency_key text PRIMARY KEY,
  -- The request that claimed the key.
  holder uuid NOT NULL,
  -- An open request renews its claim until here; null once it was answered.
  leased_until bigint,
  -- SHA-256 of the inflated file and of the query's meaning.
  fingerprint text,
  transaction_id text,
  -- The answer as first given; null while the request is open.
  body text,
  created_at bigint NOT NULL
);

CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
