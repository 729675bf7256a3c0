package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.waybill.file.StoredNames;
import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import dev.waybill.job.PickedTasks;
import dev.waybill.job.SettableClock;
import dev.waybill.job.SteeredQueue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One running server on SQLite that imports one job after the other, in chunks of ten rows. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "waybill.import.chunk-rows=10",
      // Only the row limit ends a chunk, so that chunks are the same on a slow machine.
      "waybill.import.chunk-time=1h",
      "db-scheduler.polling-interval=50ms"
    })
@Import(SteeredQueue.class)
abstract class ImportTestBase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static Path folder;

  @LocalServerPort private int port;
  @Autowired protected Jobs jobs;
  @Autowired protected ImportJobs imports;
  @Autowired protected PickedTasks picked;
  @Autowired protected SettableClock clock;
  @Autowired protected JdbcClient database;
  @Autowired private Scheduler scheduler;
  @Autowired private ScheduledTaskHolder scheduled;
  @Autowired private JsonMapper json;
  protected final HttpClient http = HttpClient.newHttpClient();

  @DynamicPropertySource
  static void dataFolder(DynamicPropertyRegistry registry) throws IOException {
    if (folder == null) {
      folder = Files.createTempDirectory("waybill-import");
    }
    registry.add("waybill.data-dir", () -> folder);
  }

  protected Counts counts(Job job) {
    return imports.of(job).counts();
  }

  @BeforeEach
  void resetTheClock() {
    clock.reset();
  }

  @AfterEach
  void forgetAll() throws IOException {
    picked.reset();
    await().atMost(PATIENCE).until(() -> scheduler.getCurrentlyExecuting().isEmpty());
    database.sql("DROP TRIGGER IF EXISTS obstacle").update();
    for (String table :
        new String[] {
          "scheduled_tasks",
          "job",
          "journal",
          "import_job",
          "rejection",
          "rejection_cause",
          "product",
          "product_change",
          "product_writer",
          "undo_job",
          "undo_product",
          "kept_file"
        }) {
      database.sql("DELETE FROM " + table).update();
    }
    for (String name : StoredNames.in(stored("."))) {
      Files.delete(stored(name));
    }
    http.close();
  }

  /** Where the file of a job is stored. */
  protected static Path stored(String id) {
    return folder.resolve("uploads").resolve(id);
  }

  protected static String rows(int from, int to, String name) {
    return IntStream.range(from, to)
        .mapToObj(i -> "S%d,%s\n".formatted(i, name))
        .collect(Collectors.joining());
  }

  /** Uploads rows below the usual header. */
  protected String upload(String rows) throws Exception {
    return upload("?fileName=products.csv", "sku,name\n" + rows);
  }

  protected String upload(String query, String file) throws Exception {
    return upload(query, file.getBytes(UTF_8));
  }

  protected String upload(String query, byte[] file) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/upload/csv" + query))
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return json.readTree(response.body()).get("transactionId").asString();
  }

  protected Job imported(String rows) throws Exception {
    return awaitEnd(upload(rows));
  }

  /** Waits until the job has ended and its queue entry is deleted, and returns the job. */
  protected Job awaitEnd(String id) {
    await()
        .atMost(PATIENCE)
        .until(() -> !jobs.isUnfinished(id) && count("scheduled_tasks", "task_instance", id) == 0);
    return jobs.get(id);
  }

  protected int count(String table, String column, String value) {
    return database
        .sql("SELECT COUNT(*) FROM %s WHERE %s = ?".formatted(table, column))
        .param(value)
        .query(Integer.class)
        .single();
  }

  /** Runs a scheduled task immediately. */
  protected void runScheduled(String method) {
    scheduled.getScheduledTasks().stream()
        .filter(task -> task.toString().endsWith(method))
        .findFirst()
        .orElseThrow()
        .getTask()
        .getRunnable()
        .run();
  }

  protected URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  protected HttpResponse<String> post(String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  protected HttpResponse<String> get(String path, String accept) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).header("Accept", accept).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  protected JsonNode json(String text) {
    return json.readTree(text);
  }

  /** The first two hundred rejected rows of a job. */
  protected List<JsonNode> rejections(Job job) throws Exception {
    String path = "/api/jobs/" + job.id() + "/rejections?limit=200";
    return json(get(path, "application/json").body()).get("items").valueStream().toList();
  }

  protected String product(String sku) throws Exception {
    return get("/api/products/" + sku, "application/json").body();
  }
}
