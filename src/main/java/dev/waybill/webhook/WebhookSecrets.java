package dev.waybill.webhook;

import dev.waybill.access.Caller;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The secrets that sign deliveries. Each principal (the holder of a key or JWT) has its own secret.
 * The common secret in the settings signs for all other callers. After a principal's secret was
 * replaced, the previous secret also signs for a limited time.
 */
@Component
@RequiredArgsConstructor
class WebhookSecrets {

  static final int MOST = 50_000;

  /** The time after which a secret is deleted if no job has used it. */
  private static final Duration UNUSED = Duration.ofDays(400);

  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 8;
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final SecureRandom random = new SecureRandom();
  private final JdbcClient jdbc;
  private final WebhookProperties properties;
  private final TransactionOperations transactions;
  private final Clock clock;

  /**
   * A new secret.
   *
   * @param previousValidUntil the time until which the previous secret also signs; null if there is
   *     no previous secret
   */
  record Made(String secret, Instant createdAt, @Nullable Instant previousValidUntil) {}

  /**
   * Makes a new secret for a principal.
   *
   * @throws dev.waybill.problem.Problem 503 if there are too many secrets
   */
  Made make(Caller caller) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = WebhookProperties.PREFIX + Base64.getEncoder().encodeToString(bytes);
    return Objects.requireNonNull(transactions.execute(_ -> replace(caller.id(), secret)));
  }

  private Made replace(String caller, String secret) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    jdbc.sql("DELETE FROM webhook_secret WHERE caller = ? AND replaced_at IS NOT NULL")
        .param(caller)
        .update();
    int replaced =
        jdbc.sql("UPDATE webhook_secret SET replaced_at = ? WHERE caller = ?")
            .params(now.toEpochMilli(), caller)
            .update();
    if (replaced == 0
        && jdbc.sql("SELECT COUNT(*) FROM webhook_secret").query(Integer.class).single() >= MOST) {
      throw WebhookProblems.tooManySecrets();
    }
    jdbc.sql(
            """
            INSERT INTO webhook_secret (id, caller, secret, created_at, used_at)
            VALUES (?, ?, ?, ?, ?)
            """)
        .params(newId(), caller, secret, now.toEpochMilli(), now.toEpochMilli())
        .update();
    return new Made(secret, now, replaced == 0 ? null : now.plus(properties.secretOverlap()));
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /**
   * Whether a secret exists that can sign the deliveries of a caller. This check counts as a use of
   * the caller's secret.
   */
  boolean has(@Nullable String caller) {
    if (caller == null) {
      return properties.common().isPresent();
    }
    long now = clock.millis();
    jdbc.sql("UPDATE webhook_secret SET used_at = ? WHERE caller = ? AND used_at < ?")
        .params(now, caller, now - DAY_MILLIS)
        .update();
    return !of(caller).isEmpty();
  }

  /**
   * The secrets that currently sign for a caller, at most two, the newest first.
   *
   * @param caller the caller; null for a caller without a principal. The common secret signs for
   *     such a caller
   */
  List<String> of(@Nullable String caller) {
    if (caller == null) {
      return properties.common().stream().toList();
    }
    return jdbc.sql(
            """
            SELECT secret FROM webhook_secret
            WHERE caller = ? AND (replaced_at IS NULL OR replaced_at > ?)
            ORDER BY created_at DESC LIMIT 2
            """)
        .params(caller, clock.millis() - properties.secretOverlap().toMillis())
        .query(String.class)
        .list();
  }

  /**
   * The ID of the principal whose secret signs; empty for a caller that is known only by its
   * address.
   */
  static Optional<String> principal(Caller caller) {
    return caller.isAddress() ? Optional.empty() : Optional.of(caller.id());
  }

  @Scheduled(
      initialDelay = 1,
      fixedDelay = 24 * 60,
      timeUnit = java.util.concurrent.TimeUnit.MINUTES)
  void forgetUnused() {
    jdbc.sql("DELETE FROM webhook_secret WHERE used_at < ?")
        .param(clock.instant().minus(UNUSED).toEpochMilli())
        .update();
  }
}
