package dev.waybill.idempotency;

import dev.waybill.access.Caller;
import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Stores the idempotency keys of several pods in PostgreSQL. A request in progress holds its key
 * with a lease, and the pod of the request renews this lease. If a pod crashes, its keys are free
 * after their leases have expired.
 */
@Slf4j
@Component
@ConditionalOnDatabase(Database.POSTGRES)
public class PostgresIdempotencyKeys implements IdempotencyKeys {

  /**
   * The length of a lease. A lease of this length allows three failed renewals in a row, and clocks
   * that differ by some seconds.
   */
  public static final long LEASE_MILLIS = 25_000;

  private static final long RENEWAL_SECONDS = 5;

  private final JdbcClient jdbc;
  private final Clock clock;
  private final long retentionMillis;
  private final Set<UUID> open = ConcurrentHashMap.newKeySet();

  public PostgresIdempotencyKeys(JdbcClient jdbc, Clock clock, IdempotencyProperties properties) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.retentionMillis = properties.retention().toMillis();
  }

  @Override
  public Claim claim(Caller caller, String ownKey) {
    String key = IdempotencyKeys.ofCaller(caller, ownKey);
    Optional<Claim> before = caller.isAddress() ? ofVersionBefore(ownKey) : Optional.empty();
    if (before.isPresent()) {
      return before.get();
    }
    UUID holder = UUID.randomUUID();
    open.add(holder);
    boolean granted = false;
    try {
      granted = lease(key, holder);
      if (granted) {
        return new OpenKey(key, holder);
      }
      // If another request has freed the key after this attempt to lease it, the answer still makes
      // the client retry. The retry then gets the key.
      return answered(key).<Claim>map(answer -> answer).orElseGet(InFlight::new);
    } finally {
      if (!granted) {
        open.remove(holder);
      }
    }
  }

  /**
   * Checks for a key that an earlier version has stored. Earlier versions stored the key without
   * its caller. During a rolling upgrade, a pod of an earlier version may still hold the key. An
   * answer that is stored under a key without a caller is valid for every caller that is only known
   * by its address, until the answer expires.
   */
  private Optional<Claim> ofVersionBefore(String ownKey) {
    long now = clock.millis();
    boolean held =
        jdbc.sql(
                """
                SELECT COUNT(*) > 0 FROM idempotency_key
                WHERE idempotency_key = ? AND (leased_until > ? AND leased_until <= ?
                  OR leased_until IS NULL AND created_at > ?)
                """)
            .params(ownKey, now, now + 2 * LEASE_MILLIS, now - retentionMillis)
            .query(Boolean.class)
            .single();
    return held
        ? Optional.of(answered(ownKey).<Claim>map(answer -> answer).orElseGet(InFlight::new))
        : Optional.empty();
  }

  /**
   * Leases a key that is new, that has expired, or whose lease has ended. If several requests try
   * to lease the same key at the same time, only one of them gets the lease.
   */
  private boolean lease(String key, UUID holder) {
    long now = clock.millis();
    return jdbc.sql(
                """
                INSERT INTO idempotency_key AS held (idempotency_key, holder, leased_until, created_at)
                VALUES (:key, :holder, :until, :now)
                ON CONFLICT (idempotency_key) DO UPDATE SET holder = excluded.holder,
                  leased_until = excluded.leased_until, created_at = excluded.created_at,
                  fingerprint = NULL, transaction_id = NULL, body = NULL
                WHERE held.leased_until <= :now OR held.leased_until > :longest
                  OR held.leased_until IS NULL AND held.created_at <= :expired
                """)
            .param("key", key)
            .param("holder", holder)
            .param("until", now + LEASE_MILLIS)
            // Ignores a lease whose end is later than the latest possible end of a correct lease. A
            // lease that ends too late was written while the clock of a pod was ahead.
            .param("longest", now + 2 * LEASE_MILLIS)
            .param("now", now)
            .param("expired", now - retentionMillis)
            .update()
        == 1;
  }

  private Optional<Answered> answered(String key) {
    return jdbc.sql(
            """
            SELECT fingerprint, transaction_id, body FROM idempotency_key
            WHERE idempotency_key = ? AND leased_until IS NULL
            """)
        .param(key)
        .query(
            (row, _) ->
                new Answered(
                    row.getString("fingerprint"),
                    row.getString("transaction_id"),
                    row.getString("body")))
        .optional();
  }

  /** Renews the leases of this pod's requests in progress. */
  @Scheduled(fixedDelay = RENEWAL_SECONDS, timeUnit = TimeUnit.SECONDS)
  public void renew() {
    UUID[] holders = open.toArray(UUID[]::new);
    if (holders.length > 0) {
      jdbc.sql(
              """
              UPDATE idempotency_key SET leased_until = ?
              WHERE holder = ANY (?) AND leased_until IS NOT NULL
              """)
          .params(clock.millis() + LEASE_MILLIS, holders)
          .update();
    }
  }

  /** Deletes keys whose retention is over. */
  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
  public void sweep() {
    jdbc.sql(
            """
            DELETE FROM idempotency_key
            WHERE created_at <= :expired AND (leased_until IS NULL OR leased_until <= :now)
            """)
        .param("expired", clock.millis() - retentionMillis)
        .param("now", clock.millis())
        .update();
  }

  private final class OpenKey implements Granted {

    private final String key;
    private final UUID holder;

    private OpenKey(String key, UUID holder) {
      this.key = key;
      this.holder = holder;
    }

    @Override
    public void answer(Answered answer) {
      int answered =
          jdbc.sql(
                  """
                  UPDATE idempotency_key
                  SET fingerprint = ?, transaction_id = ?, body = ?, leased_until = NULL,
                    created_at = ?
                  WHERE idempotency_key = ? AND holder = ? AND leased_until IS NOT NULL
                  """)
              .params(
                  answer.fingerprint(),
                  answer.transactionId(),
                  answer.body(),
                  clock.millis(),
                  key,
                  holder)
              .update();
      if (answered == 0) {
        // The lease is lost. This pod was frozen for longer than its lease, and another request has
        // the key now.
        throw IdempotencyKeys.inFlight();
      }
    }

    @Override
    public void close() {
      open.remove(holder);
      try {
        jdbc.sql(
                """
                DELETE FROM idempotency_key
                WHERE idempotency_key = ? AND holder = ? AND leased_until IS NOT NULL
                """)
            .params(key, holder)
            .update();
      } catch (DataAccessException e) {
        // Only logs the failure, because the request is already answered. A failure to free the key
        // must not turn the status 202 into a 503.
        log.warn(
            "Could not free an Idempotency-Key; its lease ends within {} s: {}",
            LEASE_MILLIS / 1000,
            e.getMessage());
      }
    }
  }
}
