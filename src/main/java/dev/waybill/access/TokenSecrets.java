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
 * The secrets that sign watch tokens. They are in the database, so that every pod knows them. A new
 * secret is made every week. An old secret is accepted until all tokens that it signed have
 * expired. Thread-safe.
 */
@Component
class TokenSecrets {

  /** How long new tokens are signed with a secret. */
  static final Duration ROTATION = Duration.ofDays(7);

  /**
   * How long a secret is accepted, counted from its creation. A token that the secret signs at the
   * end of {@link #ROTATION} is valid for up to a day. The second day is a reserve, because clocks
   * may differ.
   */
  static final Duration KNOWN = ROTATION.plusDays(2);

  /**
   * Pause between two reads that unknown IDs of secrets cause, because anyone can send such IDs.
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

  /** Reads the secrets, and makes a new one if the newest is too old. */
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
   * The secret with this ID. If another pod has just made it, it is read from the database. Its
   * first token may arrive here before this pod has refreshed its secrets.
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
