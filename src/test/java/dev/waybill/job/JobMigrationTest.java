package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.access.Caller;
import dev.waybill.csvimport.Counts;
import dev.waybill.csvimport.ScriptedImports;
import dev.waybill.storage.PostgresServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jobs of the version that kept the fields of imports in the table of all jobs. */
class JobMigrationTest {

  private static final String LAST_VERSION_BEFORE = "20";

  @TempDir private Path folder;
  private JdbcClient database;
  private JobStore jobs;
  private ScriptedImports imports;

  private enum Server {
    SQLITE,
    POSTGRES
  }

  /** Creates a database of the version before, with a queued, a running and a finished job. */
  private Flyway versionBefore(Server server) {
    DataSource source =
        server == Server.SQLITE
            ? new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("waybill.db"))
            : new DriverManagerDataSource(PostgresServer.newDatabase(), PostgresServer.USER, null);
    String location = "classpath:db/migration/" + server.name().toLowerCase();
    Flyway.configure()
        .dataSource(source)
        .locations(location)
        .target(LAST_VERSION_BEFORE)
        .load()
        .migrate();
    database = JdbcClient.create(source);
    jobs = new JobStore(database, database);
    imports = ScriptedImports.on(database);
    insertAsBefore("queued", "QUEUED", 0, 0, null, null);
    insertAsBefore("running", "RUNNING", 2, 400, null, null);
    insertAsBefore("finished", "COMPLETED", 1, 1000, 5000L, 7L);
    return Flyway.configure().dataSource(source).locations(location).load();
  }

  private void insertAsBefore(
      String id, String status, int attempt, int bytesRead, Long finishedAt, Long finalSequence) {
    database
        .sql(
            """
            INSERT INTO job (id, kind, status, attempt, idle_attempts, file_name, dry_run, charset,
              delimiter, mapping, bytes_total, bytes_read, row_count, created_count, updated_count,
              unchanged_count, rejected_count, cancel_requested, created_at, started_at, updated_at,
              attempt_started_at, attempt_start_rows, attempt_start_bytes, finished_at,
              final_sequence, caller)
            VALUES (:id, 'csv-import', :status, :attempt, 1, 'p.csv', true, 'ISO-8859-1', 'tab',
              '{"SKU":"sku","Colour":null}', 1000, :read, 10, 4, 3, 2, 1, false, 1000, 2000, 4000,
              3000, 5, 100, :finished, :sequence, 'address:192.0.2.7')
            """)
        .param("id", id)
        .param("status", status)
        .param("attempt", attempt)
        .param("read", bytesRead)
        .param("finished", finishedAt)
        .param("sequence", finalSequence)
        .update();
  }

  private JsonNode shown(String id) {
    return JsonMapper.shared().valueToTree(imports.view(jobs.find(id).orElseThrow()));
  }

  @ParameterizedTest
  @EnumSource
  void jobsKeepAllTheyHave(Server server) {
    versionBefore(server).migrate();

    JsonNode running = shown("running");
    assertThat(running.get("status").asString()).isEqualTo("RUNNING");
    assertThat(running.get("attempt").asInt()).isEqualTo(2);
    assertThat(running.get("fileName").asString()).isEqualTo("p.csv");
    assertThat(running.get("dryRun").asBoolean()).isTrue();
    assertThat(running.get("percent").asDouble()).isEqualTo(40.0);
    assertThat(running.get("counts").toString())
        .isEqualTo(
            "{\"rows\":10,\"created\":4,\"updated\":3,\"unchanged\":2,\"rejected\":1,\"products\":9,\"merged\":0,\"skipped\":0}");
    assertThat(running.get("rowsPerSecond").asInt()).as("5 rows in one second").isEqualTo(5);
    assertThat(running.get("etaSeconds").asInt()).as("600 bytes at 300 a second").isEqualTo(2);
    assertThat(running.get("charset").asString()).isEqualTo("ISO-8859-1");
    assertThat(running.get("delimiter").asString()).isEqualTo("tab");
    assertThat(running.get("mapping").toString()).isEqualTo("{\"SKU\":\"sku\",\"Colour\":null}");
    JsonNode finished = shown("finished");
    assertThat(finished.get("finishedAt").asString()).isEqualTo("1970-01-01T00:00:05Z");
    assertThat(jobs.find("finished").orElseThrow().finalEventId()).hasToString("1-7");
    assertThat(jobs.find("queued").orElseThrow())
        .satisfies(
            job -> {
              assertThat(job.family()).isEqualTo("csv-import");
              assertThat(job.title()).isEqualTo("p.csv");
              assertThat(job.caller()).isEqualTo("address:192.0.2.7");
            });
    assertThat(jobs.countQueued()).isOne();
    assertThat(jobs.turns()).containsEntry("queued", 1).containsEntry("running", 0).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void aJobGoesOnWhereTheVersionBeforeLeftIt(Server server) {
    versionBefore(server).migrate();

    assertThat(
            jobs.beginAttempt(
                "running", java.util.Set.of(JobStatus.RUNNING), Instant.ofEpochMilli(9000)))
        .isTrue();
    Job begun = jobs.find("running").orElseThrow();
    imports.begun(begun);
    imports.chunk(new Counts(1, 1, 0, 0, 0, 0, 0), 500).write(begun);

    JsonNode running = shown("running");
    assertThat(running.get("attempt").asInt()).isEqualTo(3);
    assertThat(running.at("/counts/rows").asInt()).isEqualTo(11);
    assertThat(running.at("/bytes/read").asInt()).isEqualTo(500);
  }

  /** The statements are those of the version before, which runs beside the new one. */
  @Test
  void podsOfBothVersionsShowTheSameDuringARollingUpgrade() {
    versionBefore(Server.POSTGRES).migrate();

    insertAsBefore("late", "QUEUED", 0, 0, null, null);
    assertThat(shown("late").at("/bytes/total").asInt()).isEqualTo(1000);
    database
        .sql(
            """
            UPDATE job SET status = 'RUNNING', attempt = attempt + 1, updated_at = 6000,
              attempt_started_at = 6000, attempt_start_rows = row_count,
              attempt_start_bytes = bytes_read
            WHERE id = 'late'
            """)
        .update();
    database
        .sql(
            """
            UPDATE job SET idle_attempts = 0, bytes_read = 700, row_count = row_count + 2,
              created_count = created_count + 2, updated_at = 7000
            WHERE id = 'late'
            """)
        .update();
    assertThat(shown("late").at("/counts/rows").asInt()).isEqualTo(12);
    assertThat(shown("late").get("rowsPerSecond").asInt()).isEqualTo(2);

    jobs.insert(
        new NewJob("new", "csv-import", "csv-import", "products.csv"),
        new Caller("address:192.0.2.8"),
        true,
        Instant.ofEpochMilli(8000));
    imports.insert("new");
    imports.chunk(new Counts(3, 3, 0, 0, 0, 0, 0), 500).write(jobs.find("new").orElseThrow());
    Map<String, Object> before =
        database.sql("SELECT * FROM job WHERE id = 'new'").query().singleRow();
    assertThat(before)
        .containsEntry("file_name", "products.csv")
        .containsEntry("mapping", "{\"sku\":\"sku\"}")
        .containsEntry("bytes_total", 1000L)
        .containsEntry("bytes_read", 500L)
        .containsEntry("row_count", 3L);
    assertThat(shown("new").at("/counts/rows").asInt()).isEqualTo(3);
  }
}
