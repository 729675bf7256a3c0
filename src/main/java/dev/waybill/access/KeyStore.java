package dev.waybill.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table of API keys. The row of a revoked key is kept. Otherwise a server whose keys are all
 * revoked would look like a server that never had a key, and access control would be off.
 */
@Repository
class KeyStore {

  /**
   * The maximum number of revoked keys that are kept. If there are more, only the most recently
   * revoked keys are kept.
   */
  static final int KEPT_REVOKED = 10_000;

  private final JdbcClient writes;
  private final JdbcClient reads;

  private final TransactionOperations transactions;

  KeyStore(
      JdbcClient writes,
      @Qualifier("reads") JdbcClient reads,
      PlatformTransactionManager transactionManager) {
    this.writes = writes;
    this.reads = reads;
    this.transactions = new TransactionTemplate(transactionManager);
  }

  /** Whether a key was ever made, even if this key is revoked now. */
  boolean hasAny() {
    return reads
        .sql("SELECT 1 FROM access_key LIMIT 1")
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /** The keys that are not revoked, sorted by name. */
  List<ApiKey> all() {
    return reads
        .sql("SELECT * FROM access_key WHERE revoked_at IS NULL ORDER BY name, id")
        .query(KeyStore::read)
        .list();
  }

  /** The key with this hash; empty if it is unknown or revoked. */
  Optional<ApiKey> activeByHash(String hash) {
    return reads
        .sql("SELECT * FROM access_key WHERE hash = ? AND revoked_at IS NULL")
        .param(hash)
        .query(KeyStore::read)
        .optional();
  }

  /** The key with this ID; empty if it is unknown or revoked. */
  Optional<ApiKey> activeById(String id) {
    return reads
        .sql("SELECT * FROM access_key WHERE id = ? AND revoked_at IS NULL")
        .param(id)
        .query(KeyStore::read)
        .optional();
  }

  /**
   * Stores a key if the maximum number of keys is not reached.
   *
   * @param most the maximum number of keys, not counting revoked keys
   * @return false if the maximum number of keys is reached, so that the key was not stored
   */
  boolean insert(ApiKey key, int most) {
    return Boolean.TRUE.equals(
        transactions.execute(
            _ -> {
              // Locks a row that all pods share. Otherwise two pods could count the keys at the
              // same time, and both would store a key although there is room for only one.
              writes.sql("UPDATE access_turn SET id = 1").update();
              return insertInTurn(key, most);
            }));
  }

  private boolean insertInTurn(ApiKey key, int most) {
    Instant expiresAt = key.expiresAt();
    return writes
            .sql(
                """
                INSERT INTO access_key
                  (id, hash, name, scopes, watch, publish, created_at, created_by, expires_at)
                SELECT :id, :hash, :name, :scopes, :watch, :publish, :createdAt, :createdBy,
                  CAST(:expiresAt AS bigint)
                WHERE (SELECT COUNT(*) FROM access_key WHERE revoked_at IS NULL) < :most
                """)
            .param("id", key.id())
            .param("hash", key.hash())
            .param("name", key.name())
            .param("scopes", Rights.join(key.rights().scopeTexts()))
            .param("watch", Rights.join(key.rights().watchTexts()))
            .param("publish", Rights.join(key.rights().publishTexts()))
            .param("createdAt", key.createdAt().toEpochMilli())
            .param("createdBy", key.createdBy())
            .param("expiresAt", expiresAt == null ? null : expiresAt.toEpochMilli())
            .param("most", most)
            .update()
        == 1;
  }

  /**
   * Revokes a key.
   *
   * @return false if there is no such key, or it is already revoked
   */
  boolean revoke(String id, Instant now) {
    boolean revoked =
        writes
                .sql("UPDATE access_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL")
                .params(now.toEpochMilli(), id)
                .update()
            == 1;
    if (revoked) {
      writes
          .sql(
              """
              DELETE FROM access_key WHERE revoked_at IS NOT NULL AND id IN (
                SELECT id FROM access_key WHERE revoked_at IS NOT NULL
                ORDER BY revoked_at DESC, id LIMIT 1000 OFFSET ?)
              """)
          .param(KEPT_REVOKED)
          .update();
    }
    return revoked;
  }

  /** Stores when keys were last used. */
  void used(Map<String, Instant> lastUses) {
    lastUses.forEach(
        (id, at) ->
            writes
                .sql(
                    """
                    UPDATE access_key SET last_used_at = ?
                    WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)
                    """)
                .params(at.toEpochMilli(), id, at.toEpochMilli())
                .update());
  }

  private static ApiKey read(ResultSet row, int index) throws SQLException {
    return new ApiKey(
        row.getString("id"),
        row.getString("hash"),
        row.getString("name"),
        Rights.stored(row.getString("scopes"), row.getString("watch"), row.getString("publish")),
        Instant.ofEpochMilli(row.getLong("created_at")),
        row.getString("created_by"),
        instant(row, "expires_at").orElse(null),
        instant(row, "last_used_at").orElse(null));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    @Nullable Long millis = row.getObject(column) == null ? null : row.getLong(column);
    return Optional.ofNullable(millis).map(Instant::ofEpochMilli);
  }
}
