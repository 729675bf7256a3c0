package dev.waybill.idempotency;

import dev.waybill.access.Caller;
import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Stores the idempotency keys of a single machine in SQLite. Only one process uses the data folder,
 * so this class keeps the requests in progress in memory. When the process ends, the keys of these
 * requests are free.
 */
@Component
@ConditionalOnDatabase(Database.SQLITE)
class SqliteIdempotencyKeys implements IdempotencyKeys {

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final Clock clock;
  private final long retentionMillis;
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  SqliteIdempotencyKeys(
      @Qualifier("writes") JdbcClient writes,
      @Qualifier("reads") JdbcClient reads,
      Clock clock,
      IdempotencyProperties properties) {
    this.writes = writes;
    this.reads = reads;
    this.clock = clock;
    this.retentionMillis = properties.retention().toMillis();
  }

  @Override
  public Claim claim(Caller caller, String ownKey) {
    String key = IdempotencyKeys.ofCaller(caller, ownKey);
    String old = caller.isAddress() ? ownKey : key;
    Optional<Answered> answered = answered(key, old);
    if (answered.isPresent()) {
      return answered.get();
    }
    if (!open.add(key)) {
      return new InFlight();
    }
    try {
      // Looks the key up again. The request that held the key may have been answered after the
      // first look-up and before this request reserved the key.
      Optional<Answered> justAnswered = answered(key, old);
      if (justAnswered.isPresent()) {
        open.remove(key);
        return justAnswered.get();
      }
      return new OpenKey(key);
    } catch (RuntimeException e) {
      open.remove(key);
      throw e;
    }
  }

  /**
   * @param ownKey the key without its caller, in the form that earlier versions stored. Until a row
   *     with a key without a caller expires, its answer is valid for every caller that is only
   *     known by its address
   */
  private Optional<Answered> answered(String key, String ownKey) {
    return reads
        .sql(
            """
            SELECT fingerprint, transaction_id, body FROM idempotency_key
            WHERE idempotency_key IN (?, ?) AND created_at > ?
            ORDER BY created_at DESC LIMIT 1
            """)
        .params(key, ownKey, clock.millis() - retentionMillis)
        .query(
            (row, number) ->
                new Answered(
                    row.getString("fingerprint"),
                    row.getString("transaction_id"),
                    row.getString("body")))
        .optional();
  }

  private final class OpenKey implements Granted {

    private final String key;

    private OpenKey(String key) {
      this.key = key;
    }

    @Override
    public void answer(Answered answer) {
      long now = clock.millis();
      // Deletes all expired rows, including an expired row of this key. So no scheduled clean-up is
      // needed.
      writes
          .sql("DELETE FROM idempotency_key WHERE created_at <= ?")
          .params(now - retentionMillis)
          .update();
      writes
          .sql(
              """
              INSERT INTO idempotency_key
                (idempotency_key, fingerprint, transaction_id, body, created_at)
              VALUES (?, ?, ?, ?, ?)
              """)
          .params(key, answer.fingerprint(), answer.transactionId(), answer.body(), now)
          .update();
    }

    @Override
    public void close() {
      open.remove(key);
    }
  }
}
