package dev.waybill.access;

import dev.waybill.platform.ScopedLock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of sessions. A pod that has read a session caches it for 2 s. So the end of a session
 * reaches every pod within 2 s. Thread-safe.
 */
@Repository
class SessionStore {

  /**
   * The maximum number of sessions of one caller. When the caller opens one more session, its
   * oldest session ends.
   */
  static final int MOST_OF_A_CALLER = 100;

  private static final long FRESH_MILLIS = 2_000;
  private static final int MOST_CACHED = 1_000;

  /**
   * A session.
   *
   * @param kind the kind of the credential that opened it
   * @param origin the origin of that credential, see {@link Access#origin}
   * @param rights the rights of a JWT, which are stored only here
   */
  record Session(
      String hash,
      String caller,
      Access.Kind kind,
      String origin,
      Rights rights,
      Instant createdAt,
      Instant expiresAt) {}

  private record Cached(Optional<Session> session, long readAt) {}

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final Clock clock;

  private final ScopedLock lock = new ScopedLock();

  /** Guarded by {@link #lock}. */
  private final Map<String, Cached> cache =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Cached> eldest) {
          return size() > MOST_CACHED;
        }
      };

  SessionStore(JdbcClient writes, @Qualifier("reads") JdbcClient reads, Clock clock) {
    this.writes = writes;
    this.reads = reads;
    this.clock = clock;
  }

  void insert(Session session) {
    writes
        .sql(
            """
            INSERT INTO access_session
              (hash, caller, kind, origin, scopes, watch, publish, created_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            session.hash(),
            session.caller(),
            session.kind().name(),
            session.origin(),
            Rights.join(session.rights().scopeTexts()),
            Rights.join(session.rights().watchTexts()),
            Rights.join(session.rights().publishTexts()),
            session.createdAt().toEpochMilli(),
            session.expiresAt().toEpochMilli())
        .update();
    writes
        .sql(
            """
            DELETE FROM access_session WHERE hash IN (
              SELECT hash FROM access_session WHERE caller = ?
              ORDER BY created_at DESC, hash LIMIT 1000 OFFSET ?)
            """)
        .params(session.caller(), MOST_OF_A_CALLER)
        .update();
  }

  /** The session with this hash; empty if it does not exist or has ended. */
  Optional<Session> find(String hash) {
    long now = clock.millis();
    Cached cached;
    try (var _ = lock.hold()) {
      cached = cache.get(hash);
    }
    // If the clock was set back, the time of the last read seems to lie in the future. Then the
    // session is read from the database again.
    if (cached == null || Math.abs(now - cached.readAt()) >= FRESH_MILLIS) {
      cached = new Cached(read(hash), now);
      try (var _ = lock.hold()) {
        cache.remove(hash);
        cache.put(hash, cached);
      }
    }
    return cached.session().filter(session -> session.expiresAt().toEpochMilli() > now);
  }

  void delete(String hash) {
    writes.sql("DELETE FROM access_session WHERE hash = ?").param(hash).update();
    try (var _ = lock.hold()) {
      cache.remove(hash);
    }
  }

  /**
   * Deletes the sessions that have expired. Reads before it deletes, because there is usually
   * nothing to delete.
   */
  void forgetOld() {
    long now = clock.millis();
    boolean any =
        reads
            .sql("SELECT 1 FROM access_session WHERE expires_at <= ? LIMIT 1")
            .param(now)
            .query(Integer.class)
            .optional()
            .isPresent();
    if (any) {
      writes.sql("DELETE FROM access_session WHERE expires_at <= ?").param(now).update();
    }
  }

  private Optional<Session> read(String hash) {
    return reads
        .sql("SELECT * FROM access_session WHERE hash = ?")
        .param(hash)
        .query(SessionStore::read)
        .optional();
  }

  private static Session read(ResultSet row, int index) throws SQLException {
    return new Session(
        row.getString("hash"),
        row.getString("caller"),
        Access.Kind.valueOf(row.getString("kind")),
        row.getString("origin"),
        Rights.stored(row.getString("scopes"), row.getString("watch"), row.getString("publish")),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("expires_at")));
  }
}
