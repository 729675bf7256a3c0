package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import dev.waybill.job.Jobs;
import dev.waybill.storage.PostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Complete imports by one pod on a real PostgreSQL. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "waybill.import.chunk-rows=10")
@ActiveProfiles("postgres")
class PostgresImportTest {

  @TempDir static Path folder;

  @LocalServerPort private int port;
  @Autowired private JdbcClient database;
  @Autowired private JdbcTemplate template;
  @Autowired private DataSource dataSource;
  @Autowired private TransactionTemplate transactions;
  @Autowired private Scheduler scheduler;
  @Autowired private Jobs jobs;
  @Autowired private ImportStore store;
  @Autowired private ImportJobs imports;
  @Autowired private ScheduledTaskHolder scheduled;
  @Autowired private JsonMapper json;
  private final HttpClient http = HttpClient.newHttpClient();

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    PostgresServer.register(registry);
    registry.add("waybill.data-dir", () -> folder);
  }

  private Counts counts(Job job) {
    return imports.of(job).counts();
  }

  @AfterEach
  void forgetAll() {
    scheduler.resume();
    database.sql("DELETE FROM product").update();
    http.close();
  }

  @Test
  @Shows({"call.products", "call.paged"})
  void countsAndListsWhatBecameOfEachRow() throws Exception {
    assertThat(counts(imported(rows(0, 25, "n")))).isEqualTo(new Counts(25, 25, 0, 0, 0, 0, 0));

    Job job = imported(rows(0, 15, "n") + rows(15, 25, "m") + rows(25, 28, "n") + "X,\n,y\n");

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(counts(job)).isEqualTo(new Counts(30, 3, 10, 15, 2, 0, 0));
    JsonNode products = get("/api/jobs/" + job.id() + "/products?limit=1&after=15");
    assertThat(products.at("/items/0/result").asString()).isEqualTo("updated");
    assertThat(products.at("/items/0/product/name").asString()).isEqualTo("m");
    JsonNode rejections = get("/api/jobs/" + job.id() + "/rejections");
    assertThat(rejections.get("items")).hasSize(2);
    assertThat(rejections.at("/items/1/errors/0/code").asString()).isEqualTo("sku-missing");
    JsonNode causes = get("/api/jobs/" + job.id() + "/rejections/causes");
    assertThat(causes).hasSize(2);
    JsonNode missing = get("/api/jobs/" + job.id() + "/rejections?code=sku-missing&column=sku");
    assertThat(missing.get("items")).hasSize(1);
    assertThat(missing.at("/items/0/row").asInt()).isEqualTo(30);
    assertThat(get("/api/jobs").at("/items/0/transactionId").asString()).isEqualTo(job.id());
  }

  @Test
  void aDryRunStoresNoProduct() throws Exception {
    Job job = awaitEnd(upload("?dryRun=true", rows(0, 12, "n")));

    assertThat(counts(job)).isEqualTo(new Counts(12, 12, 0, 0, 0, 0, 0));
    assertThat(products()).isZero();
  }

  @Test
  void takesOverFromAnAttemptThatFrozeWithItsLocks() throws Exception {
    scheduler.pause();
    String id = upload("", rows(0, 30, "n"));
    database
        .sql("UPDATE job SET status = 'RUNNING', attempt = 1, idle_attempts = 1 WHERE id = ?")
        .param(id)
        .update();
    CopyIn copy = freezeInTheMiddleOfAChunk(id);

    scheduler.resume();
    scheduler.triggerCheckForDueExecutions();
    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(counts(job)).isEqualTo(new Counts(30, 30, 0, 0, 0, 0, 0));
    assertThatThrownBy(copy::endCopy).isInstanceOf(SQLException.class);
    assertThat(products()).isEqualTo(30);
  }

  /**
   * Opens a connection like that of a frozen process: it holds its locks and sends nothing more.
   */
  private CopyIn freezeInTheMiddleOfAChunk(String id) throws SQLException {
    Connection frozen = connection();
    frozen.setAutoCommit(false);
    execute(frozen, "SET LOCAL application_name = 'waybill:%s:1'".formatted(id));
    execute(frozen, "UPDATE job SET attempt = attempt WHERE id = '%s'".formatted(id));
    CopyIn copy =
        frozen
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY product (sku, name) FROM STDIN");
    byte[] row = "S3\tfrozen\n".getBytes(UTF_8);
    copy.writeToCopy(row, 0, row.length);
    copy.flushCopy();
    return copy;
  }

  @Test
  void anAttemptThatWasTakenOverChangesNothingAnyMore() throws Exception {
    imported(rows(15, 16, "old"));
    String id;
    Job takenOver;
    try (Connection obstacle = connection()) {
      obstacle.setAutoCommit(false);
      execute(obstacle, "UPDATE product SET name = name WHERE sku = 'S15'");
      id = upload("", rows(0, 30, "n"));
      await().until(() -> sessions("waybill:%s:1".formatted(id), "wait_event_type = 'Lock'") == 1);
      // Changes the rows as another pod does when it takes over the job.
      transactions.executeWithoutResult(
          _ -> {
            database
                .sql("UPDATE scheduled_tasks SET version = version + 1, picked_by = 'other'")
                .update();
            database
                .sql(
                    """
                    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                    WHERE application_name = ?
                    """)
                .param("waybill:%s:1".formatted(id))
                .query(Boolean.class)
                .single();
            database.sql("UPDATE job SET attempt = 2 WHERE id = ?").param(id).update();
          });
      takenOver = jobs.get(id);
    }
    await().until(() -> scheduler.getCurrentlyExecuting().isEmpty());

    assertThat(jobs.get(id)).isEqualTo(takenOver);
    assertThat(counts(takenOver)).isEqualTo(new Counts(10, 10, 0, 0, 0, 0, 0));
    assertThat(products()).isEqualTo(11);
    assertThat(database.sql("SELECT picked_by FROM scheduled_tasks").query(String.class).list())
        .containsExactly("other");
    database.sql("DELETE FROM scheduled_tasks").update();
  }

  @Test
  void aLockThatIsWaitedForTooLongIsALockingFailure() throws Exception {
    imported(rows(0, 1, "n"));
    try (Connection obstacle = connection()) {
      obstacle.setAutoCommit(false);
      execute(obstacle, "UPDATE product SET name = name");

      assertThatThrownBy(
              () ->
                  transactions.executeWithoutResult(
                      _ -> {
                        template.execute("SET LOCAL lock_timeout = '50ms'");
                        template.update("UPDATE product SET name = 'x'");
                      }))
          .isInstanceOf(PessimisticLockingFailureException.class);
    }
  }

  @Test
  void rejectionsThatAnotherPodIsDeletingDoNotEndTheDeletion() throws Exception {
    addRejections("old", 25_000);
    try (Connection otherPod = connection()) {
      otherPod.setAutoCommit(false);
      execute(otherPod, "DELETE FROM rejection WHERE job_id = 'old' AND row_number <= 5");
      Thread thisPod = Thread.startVirtualThread(() -> store.delete("old"));
      await().until(() -> sessions("waybill", "wait_event_type = 'Lock'") == 1);
      otherPod.commit();
      thisPod.join();
    }

    assertThat(rejections("old")).isZero();
  }

  @Test
  void recordsWithoutAJobAreSwept() throws Exception {
    Job job = imported(rows(0, 15, "n") + ",x\n");
    addRejections("0", 3);
    addRejections("zzz", 10_001);

    scheduled.getScheduledTasks().stream()
        .filter(task -> task.toString().endsWith("SweepOrphans.sweep"))
        .findFirst()
        .orElseThrow()
        .getTask()
        .getRunnable()
        .run();

    assertThat(rejections("0")).isZero();
    assertThat(rejections("zzz")).isZero();
    assertThat(rejections(job.id())).isOne();
  }

  private void addRejections(String jobId, int count) {
    database
        .sql(
            """
            INSERT INTO rejection SELECT ?, n, n + 1, '[]', '', false
            FROM generate_series(1, ?) n
            """)
        .params(jobId, count)
        .update();
  }

  private int rejections(String jobId) {
    return database
        .sql("SELECT count(*) FROM rejection WHERE job_id = ?")
        .param(jobId)
        .query(Integer.class)
        .single();
  }

  private Job imported(String rows) throws Exception {
    return awaitEnd(upload("", rows));
  }

  private Job awaitEnd(String id) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> jobs.get(id), job -> job.status().isFinished());
  }

  private static String rows(int from, int to, String name) {
    return IntStream.range(from, to)
        .mapToObj(i -> "S%d,%s\n".formatted(i, name))
        .collect(Collectors.joining());
  }

  private String upload(String query, String rows) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/upload/csv" + query))
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofString("sku,name\n" + rows))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return json.readTree(response.body()).get("transactionId").asString();
  }

  private JsonNode get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json.readTree(response.body());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private int products() {
    return database.sql("SELECT count(*) FROM product").query(Integer.class).single();
  }

  private int sessions(String name, String condition) {
    return database
        .sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = ? AND " + condition)
        .param(name)
        .query(Integer.class)
        .single();
  }

  /** A connection outside of the pool, as another process would have it. */
  private Connection connection() throws SQLException {
    String url;
    try (Connection pooled = dataSource.getConnection()) {
      url = pooled.getMetaData().getURL();
    }
    return DriverManager.getConnection(url, PostgresServer.USER, "");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
