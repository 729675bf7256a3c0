-- Uploads that were accepted under an Idempotency-Key; open ones are in the process's memory.
CREATE TABLE idempotency_key (
  idempotency_key TEXT PRIMARY KEY,
  -- SHA-256 of the inflated file and of the query's meaning.
  fingerprint TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  -- The answer as first given.
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
