package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.waybill.contract.Shows;
import dev.waybill.storage.PostgresServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The tables of keys and sessions, on both databases, with two programs that write at the same
 * time.
 */
class AccessStoresTest {

  @Nested
  class OnSqlite extends Promises {

    @TempDir private Path folder;

    @Override
    DataSource database() {
      SQLiteConfig config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setBusyTimeout(10_000);
      config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
      SQLiteDataSource source = new SQLiteDataSource(config);
      source.setUrl("jdbc:sqlite:" + folder.resolve("access.db"));
      migrate(Flyway.configure().dataSource(source), "sqlite");
      return source;
    }
  }

  @Nested
  class OnPostgres extends Promises {

    private final HikariDataSource source = new HikariDataSource();

    @Override
    DataSource database() {
      source.setJdbcUrl(PostgresServer.newDatabase());
      source.setUsername(PostgresServer.USER);
      migrate(Flyway.configure().dataSource(source), "postgres");
      return source;
    }

    @AfterEach
    void close() {
      source.close();
    }
  }

  private static void migrate(FluentConfiguration flyway, String database) {
    flyway.locations("classpath:db/migration/" + database).load().migrate();
  }

  abstract static class Promises {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private JdbcClient client;
    private KeyStore keys;
    private SessionStore sessions;

    abstract DataSource database();

    @BeforeEach
    void create() {
      DataSource database = database();
      client = JdbcClient.create(database);
      keys = new KeyStore(client, client, new JdbcTransactionManager(database));
      sessions = new SessionStore(client, client, Clock.systemUTC());
    }

    @Test
    void aKeyIsReadAsItWasStoredUntilItIsRevoked() {
      ApiKey key = key(1);
      assertThat(keys.hasAny()).isFalse();
      assertThat(keys.insert(key, 10)).isTrue();
      keys.used(Map.of(key.id(), NOW.plusSeconds(60)));
      keys.used(Map.of(key.id(), NOW));

      ApiKey read = keys.activeByHash(key.hash()).orElseThrow();
      assertThat(read).isEqualTo(keys.activeById(key.id()).orElseThrow());
      assertThat(keys.all()).containsExactly(read);
      assertThat(read.rights()).isEqualTo(key.rights());
      assertThat(read.expiresAt()).isEqualTo(key.expiresAt());
      assertThat(read.lastUsedAt()).as("the latest use").isEqualTo(NOW.plusSeconds(60));

      assertThat(keys.revoke(key.id(), NOW)).isTrue();
      assertThat(keys.revoke(key.id(), NOW)).isFalse();
      assertThat(keys.activeByHash(key.hash())).isEmpty();
      assertThat(keys.activeById(key.id())).isEmpty();
      assertThat(keys.all()).isEmpty();
      assertThat(keys.hasAny()).as("access stays on").isTrue();
    }

    @Test
    @Shows("access.key.most")
    void twoWritersAtOnceMakeNoMoreKeysThanThereMayBe() throws Exception {
      for (int made = 0; made < 30; made++) {
        int number = made;
        List<Boolean> stored =
            twoAtOnce(writer -> keys.insert(key(writer * 1_000 + number), number + 1));

        assertThat(stored).as("key %d", made).containsExactlyInAnyOrder(true, false);
      }
    }

    @Test
    void ofTwoWritersWhoRevokeTheSameKeyOneSucceeds() throws Exception {
      for (int i = 0; i < 20; i++) {
        String id = key(i).id();
        keys.insert(key(i), 100);
        assertThat(twoAtOnce(writer -> keys.revoke(id, NOW)))
            .containsExactlyInAnyOrder(true, false);
      }
    }

    @Test
    void aCallerHasNoMoreSessionsThanAllowedAndTheOldestEnds() throws Exception {
      Instant now = Instant.now();
      twoAtOnce(
          writer -> {
            for (int i = 0; i < SessionStore.MOST_OF_A_CALLER; i++) {
              sessions.insert(session("key:1", writer + "-" + i, now.plusMillis(i)));
            }
            return true;
          });
      sessions.insert(session("key:2", "other", now));
      sessions.insert(session("key:1", "last", now.plusSeconds(60)));

      assertThat(
              client
                  .sql("SELECT COUNT(*) FROM access_session WHERE caller = 'key:1'")
                  .query(Integer.class)
                  .single())
          .isEqualTo(SessionStore.MOST_OF_A_CALLER);
      assertThat(sessions.find("1-0")).isEmpty();
      assertThat(sessions.find("last")).isPresent();
      assertThat(sessions.find("other")).map(SessionStore.Session::caller).contains("key:2");

      sessions.delete("last");
      assertThat(sessions.find("last")).isEmpty();
    }

    @Test
    void aSessionThatHasExpiredIsForgotten() {
      Instant now = Instant.now();
      sessions.insert(session("key:1", "over", now.minus(Duration.ofHours(2))));
      assertThat(sessions.find("over")).isEmpty();

      sessions.forgetOld();

      assertThat(client.sql("SELECT COUNT(*) FROM access_session").query(Integer.class).single())
          .isZero();
    }

    @Test
    @Shows("access.key.revoked")
    void tenThousandRevokedKeysDoNotSlowACheck() {
      for (int i = 0; i < 5; i++) {
        keys.insert(key(i), 100);
      }
      client
          .sql(
              """
              WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
              INSERT INTO access_key
                (id, hash, name, scopes, watch, publish, created_at, created_by, revoked_at)
              SELECT 'r' || i, 'h' || i, 'old', 'upload', '', '', 1, 'test', i FROM n
              """)
          .update();
      KnownKeys known = new KnownKeys(keys, Clock.systemUTC());

      long start = System.nanoTime();
      known.refresh();
      long refreshed = System.nanoTime();
      Caller address = Caller.ofAddress("192.0.2.7");
      for (int i = 0; i < 100_000; i++) {
        assertThat(known.byHash(key(i % 5).hash(), address)).isPresent();
      }
      long checked = System.nanoTime();

      assertThat(known.byHash("h77", address)).as("a revoked key").isEmpty();
      assertThat(Duration.ofNanos(refreshed - start)).isLessThan(Duration.ofMillis(500));
      // So these checks read only memory: 100,000 database queries would take far longer.
      assertThat(Duration.ofNanos(checked - refreshed)).isLessThan(Duration.ofSeconds(5));
      // One more key is revoked: the table still has no more revoked keys than the limit.
      keys.revoke(key(0).id(), NOW);
      assertThat(
              client
                  .sql("SELECT COUNT(*) FROM access_key WHERE revoked_at IS NOT NULL")
                  .query(Integer.class)
                  .single())
          .isEqualTo(KeyStore.KEPT_REVOKED);
    }

    private static <T> List<T> twoAtOnce(ThrowingWriter<T> write) throws Exception {
      CyclicBarrier start = new CyclicBarrier(2);
      try (ExecutorService writers = Executors.newFixedThreadPool(2)) {
        List<Callable<T>> both =
            IntStream.of(1, 2)
                .<Callable<T>>mapToObj(
                    writer ->
                        () -> {
                          start.await(10, TimeUnit.SECONDS);
                          return write.write(writer);
                        })
                .toList();
        List<T> results = new ArrayList<>();
        for (Future<T> each : writers.invokeAll(both)) {
          results.add(each.get());
        }
        return results;
      }
    }

    private interface ThrowingWriter<T> {
      T write(int writer) throws Exception;
    }

    private static ApiKey key(int number) {
      return new ApiKey(
          "id" + number,
          "hash" + number,
          "name " + number,
          new Rights(
              Set.of(Scope.WATCH, Scope.PRODUCTS_WRITE),
              List.of(NamePattern.parse("user-42-*").orElseThrow()),
              List.of()),
          NOW,
          "test",
          NOW.plusSeconds(3_600),
          null);
    }

    private static SessionStore.Session session(String caller, String hash, Instant createdAt) {
      return new SessionStore.Session(
          hash,
          caller,
          Access.Kind.KEY,
          "key:1",
          Rights.NONE,
          createdAt,
          createdAt.plus(Duration.ofHours(1)));
    }
  }
}
