package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.waybill.access.Caller;
import dev.waybill.csvimport.Counts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One running server with its queue and one import thread, for jobs whose work is scripted. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"waybill.import.threads=1", "db-scheduler.polling-interval=50ms"})
@Import({SteeredQueue.class, ScriptedJobs.class})
abstract class JobTestBase {

  static final Caller CALLER = new Caller("address:192.0.2.7");

  static final Duration PATIENCE = Duration.ofSeconds(60);

  @LocalServerPort private int port;
  @Autowired protected Jobs jobs;
  @Autowired protected ScriptedKind kind;
  @Autowired protected RecordedEvents events;
  @Autowired protected PickedTasks picked;
  @Autowired protected SettableClock clock;
  @Autowired protected JdbcClient database;
  @Autowired protected TransactionTemplate transactions;
  @Autowired protected Scheduler scheduler;
  @Autowired protected JsonMapper json;
  protected final HttpClient http = HttpClient.newHttpClient();
  private final CountDownLatch occupied = new CountDownLatch(1);

  @DynamicPropertySource
  static void dataFolder(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", JobTestBase::temporaryFolder);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("waybill-job");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void resetTheClock() {
    clock.reset();
  }

  @AfterEach
  void forgetAll() {
    occupied.countDown();
    await().atMost(PATIENCE).until(() -> scheduler.getCurrentlyExecuting().isEmpty());
    database.sql("DROP TRIGGER IF EXISTS obstacle").update();
    database.sql("DELETE FROM scheduled_tasks").update();
    database.sql("DELETE FROM job").update();
    database.sql("DELETE FROM import_job").update();
    database.sql("DELETE FROM rejection").update();
    kind.reset();
    events.reset();
    picked.reset();
    http.close();
  }

  /** Queues a job whose every attempt runs the script. */
  protected String enqueue(Consumer<JobRun> script) {
    String id = jobs.newTransactionId();
    enqueue(id, script);
    return id;
  }

  protected void enqueue(String id, Consumer<JobRun> script) {
    enqueue(id, CALLER, script);
  }

  protected void enqueue(String id, Caller caller, Consumer<JobRun> script) {
    kind.script(id, script);
    NewJob job = new NewJob(id, ScriptedKind.NAME, ScriptedKind.NAME, "products.csv");
    transactions.executeWithoutResult(
        _ -> {
          jobs.enqueue(job, caller);
          kind.insert(id);
        });
  }

  /** Keeps the only import thread busy until the test is over, so that all other jobs wait. */
  protected String occupyTheImportThread() {
    CountDownLatch busy = new CountDownLatch(1);
    String id =
        enqueue(
            _ -> {
              busy.countDown();
              awaitLatch(occupied);
            });
    awaitLatch(busy);
    return id;
  }

  protected static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A chunk of new products. */
  protected ChunkWork created(int rows, long bytesRead) {
    return kind.created(rows, bytesRead);
  }

  protected Counts counts(Job job) {
    return kind.counts(job);
  }

  /** Waits until the job has ended and is no longer in the queue. */
  protected Job awaitEnd(String id) {
    await().atMost(PATIENCE).until(() -> jobs.get(id).status().isFinished() && tasks(id).isEmpty());
    return jobs.get(id);
  }

  /** Waits until this many executions of a job are over. */
  protected void awaitCompleted(String id, int executions) {
    await().atMost(PATIENCE).until(() -> picked.completed(id) >= executions);
  }

  /** The job's rows in the table of db-scheduler, without the columns that heartbeats change. */
  protected List<Map<String, Object>> tasks(String id) {
    return database
        .sql(
            """
            SELECT task_instance, execution_time, picked, picked_by, consecutive_failures, version
            FROM scheduled_tasks WHERE task_instance = ?
            """)
        .param(id)
        .query()
        .listOfRows();
  }

  /** Makes a statement fail whenever the condition on the old or new row is true. */
  protected void obstacle(String event, String condition) {
    database
        .sql(
            """
            CREATE TRIGGER obstacle BEFORE %s WHEN %s
            BEGIN SELECT RAISE(ABORT, 'no room left'); END
            """
                .formatted(event, condition))
        .update();
  }

  protected void removeObstacle() {
    database.sql("DROP TRIGGER obstacle").update();
  }

  protected HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  protected HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  protected HttpResponse<String> cancel(String id) {
    return send(to("/api/jobs/" + id).DELETE());
  }

  protected JsonNode json(HttpResponse<String> response) {
    return json.readTree(response.body());
  }

  protected static String code(Job job, JsonMapper json) {
    return json.readTree(job.error()).get("code").asString();
  }
}
