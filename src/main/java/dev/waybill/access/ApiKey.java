package dev.waybill.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored API key, without its text.
 *
 * @param id 16 hexadecimal digits, not secret
 * @param hash the hash of the key's text, see {@link KeyText#hash}
 * @param createdBy the ID of the caller that made the key
 * @param expiresAt null if the key never expires
 * @param lastUsedAt rounded down to the minute; null if the key was never used
 */
record ApiKey(
    String id,
    String hash,
    String name,
    Rights rights,
    Instant createdAt,
    String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {

  boolean hasExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  Caller caller() {
    return new Caller("key:" + id);
  }
}
