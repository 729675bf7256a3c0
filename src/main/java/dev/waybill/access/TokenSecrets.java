package dev.waybill.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import lombok.Locked;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The secrets that sign watch tokens. The database stores the secrets, so that every pod knows
 * them. A new secret is made every week. An old secret is accepted until all tokens that it signed
 * have expired. Thread-safe.
 */
@Component
class TokenSecrets {

  /** The time for which a secret signs new tokens. */
  static final Duration ROTATION = Duration.ofDays(7);

  /**
   * The time for which a secret is accepted, counted from its creation. A token that the secret
   * signs at the end of {@link #ROTATION} is valid for up to one more day. The second added day is
   * a reserve, because the clocks of the pods can differ.
   */
  static final Duration KNOWN = ROTATION.plusDays(2);

  /**
   * The minimum pause between two reads of the database that are caused by unknown IDs of secrets.
   * Without this pause, anyone could cause any number of reads by sending unknown IDs.
   */
  private static final long PAUSE_MILLIS = 100;

  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 4;

  private record Secret(String id, byte[] bytes, Instant createdAt) {}

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final Clock clock;

  private volatile Map<String, Secret> known = Map.of();
  private long lastRead; // guarded by @Locked

  TokenSecrets(JdbcClient writes, @Qualifier("reads") JdbcClient reads, Clock clock) {
    this.writes = writes;
    this.reads = reads;
    this.clock = clock;
  }

  /** The secret that signs new tokens. */
  record Signing(String id, byte[] secret) {}

  /** Reads the secrets, and makes a new secret if the newest secret is too old. */
  @Locked
  void refresh() {
    read();
    if (newest().isEmpty()) {
      writes
          .sql("INSERT INTO access_secret (id, secret, created_at) VALUES (?, ?, ?)")
          .params(KeyText.randomHex(ID_BYTES), KeyText.randomHex(SECRET_BYTES), clock.millis())
          .update();
      writes
          .sql("DELETE FROM access_secret WHERE created_at < ?")
          .param(clock.instant().minus(KNOWN).toEpochMilli())
          .update();
      read();
    }
  }

  Signing signing() {
    Optional<Secret> secret = newest();
    if (secret.isEmpty()) {
      refresh();
      secret = newest();
    }
    return secret.map(found -> new Signing(found.id(), found.bytes())).orElseThrow();
  }

  /**
   * The secret with this ID. If this pod does not know the secret, the method reads the database.
   * Another pod may have just made the secret, and a token with this secret can arrive here before
   * the next refresh.
   */
  Optional<byte[]> find(String id) {
    if (!known.containsKey(id)) {
      readAgain(id);
    }
    return Optional.ofNullable(known.get(id)).map(Secret::bytes);
  }

  @Locked
  private void readAgain(String id) {
    // If the clock was set back, the last read seems to lie in the future. Then the next read is
    // allowed.
    if (!known.containsKey(id) && Math.abs(clock.millis() - lastRead) >= PAUSE_MILLIS) {
      read();
    }
  }

  private Optional<Secret> newest() {
    Instant oldest = clock.instant().minus(ROTATION);
    return known.values().stream()
        .filter(secret -> secret.createdAt().isAfter(oldest))
        .max((one, other) -> one.createdAt().compareTo(other.createdAt()));
  }

  private void read() {
    lastRead = clock.millis();
    List<Secret> secrets =
        reads
            .sql("SELECT id, secret, created_at FROM access_secret WHERE created_at >= ?")
            .param(clock.instant().minus(KNOWN).toEpochMilli())
            .query(
                (row, index) ->
                    new Secret(
                        row.getString("id"),
                        HexFormat.of().parseHex(row.getString("secret")),
                        Instant.ofEpochMilli(row.getLong("created_at"))))
            .list();
    known = secrets.stream().collect(Collectors.toUnmodifiableMap(Secret::id, secret -> secret));
  }
}
