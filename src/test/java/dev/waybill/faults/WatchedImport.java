package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.process.CounterPoller;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An import through nginx with many watchers and pollers, at nginx and at every pod. */
final class WatchedImport implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Cluster cluster;
  private final String prefix;
  private final String id;
  private final HttpClient http = HttpClient.newHttpClient();
  private final CounterPoller poller;
  private final Fleet fleet;

  private WatchedImport(Cluster cluster, String prefix, byte[] csv, long seed)
      throws IOException, InterruptedException {
    this.cluster = cluster;
    this.prefix = prefix;
    HttpRequest upload =
        HttpRequest.newBuilder(uri("/api/upload/csv"))
            .header("Content-Type", "text/csv")
            .POST(BodyPublishers.ofByteArray(csv))
            .build();
    HttpResponse<String> answer = http.send(upload, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    this.id = JsonMapper.shared().readTree(answer.body()).get("transactionId").asString();
    this.poller = new CounterPoller(cluster.entries(), id, Duration.ofMillis(25));
    this.fleet = new Fleet(cluster.entries(), id, seed);
  }

  /**
   * Uploads a catalogue and starts the watchers.
   *
   * @param prefix the prefix of all skus; all prefixes have the same length
   * @param seed decides how the watchers behave
   */
  static WatchedImport start(Cluster cluster, String prefix, int rows, long seed)
      throws IOException, InterruptedException {
    return new WatchedImport(cluster, prefix, Catalogue.of(7, rows, prefix), seed);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + cluster.nginxPort() + path);
  }

  /** Adds another watcher. */
  void join(Watching watcher) {
    fleet.join(watcher);
  }

  void awaitRows(long rows) {
    poller.await(rows + " rows", PATIENCE, job -> job.at("/counts/rows").asLong() >= rows);
    assertThat(poller.latest().get("status").asString()).as("still at work").isEqualTo("RUNNING");
  }

  Duration awaitAttempt(int attempt) {
    return poller.await(
        "attempt " + attempt, PATIENCE, job -> job.get("attempt").asInt() >= attempt);
  }

  String id() {
    return id;
  }

  /** The job as the last poll returned it. */
  JsonNode latest() {
    return poller.latest();
  }

  /** Whether PostgreSQL waits for rows from the importing pod. */
  boolean copies() {
    return !cluster
        .query(
            "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY %' AND"
                + " wait_event = 'ClientRead' AND application_name LIKE 'waybill:' || ? || ':%'",
            id)
        .isEmpty();
  }

  /** The pod that imports the job. */
  String importing() {
    return Awaitility.await("somebody imports")
        .atMost(PATIENCE)
        .until(() -> cluster.importing(id), pod -> pod.isPresent())
        .orElseThrow();
  }

  JsonNode awaitEnd() {
    poller.await("the end", PATIENCE, job -> !job.get("finishedAt").isNull());
    return poller.latest();
  }

  /** Checks that counters never fell, and that all watchers saw what they must see. */
  String assertSeenAsOne() throws IOException, InterruptedException {
    JsonNode job = awaitEnd();
    poller.close();
    assertThat(poller.falls()).isEmpty();
    JsonNode rejections =
        JsonMapper.shared().readTree(get("/rejections?limit=100", "application/json"));
    List<Integer> published =
        rejections.get("items").values().stream().map(each -> each.get("row").asInt()).toList();
    return fleet.assertSeenAsOne(job, published) + ", %d polls".formatted(poller.answers());
  }

  /** Checks that products, outcomes, rejections and counters equal those of another import. */
  void assertSameAs(WatchedImport other) throws IOException, InterruptedException {
    assertThat(awaitEnd().get("counts")).isEqualTo(other.awaitEnd().get("counts"));
    assertThat(awaitEnd().get("bytes")).isEqualTo(other.awaitEnd().get("bytes"));
    assertThat(awaitEnd().get("status").asString()).isEqualTo("COMPLETED");
    assertSameText(
        get("/products", "application/x-ndjson"), other.get("/products", "application/x-ndjson"));
    assertSameText(get("/rejections", "text/csv"), other.get("/rejections", "text/csv"));
    assertThat(storedProducts().equals(other.storedProducts()))
        .as("the very same products")
        .isTrue();
  }

  private static void assertSameText(String is, String expected) {
    // Does not compare the texts as a whole, because the failure message would have many megabytes.
    assertThat(is.lines().limit(3).toList()).isEqualTo(expected.lines().limit(3).toList());
    assertThat(is.length()).isEqualTo(expected.length());
    assertThat(is.equals(expected)).as("the very same lines").isTrue();
  }

  private String get(String path, String accept) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/jobs/" + id + path)).header("Accept", accept).build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body().replace(prefix, "");
  }

  /**
   * The stored products. Each one shows whether this job wrote it, instead of the number of the job
   * that did.
   */
  private List<String> storedProducts() {
    return cluster
        .query(
            """
            SELECT replace((to_jsonb(product) - 'writer')::text, ?, '')
              || (writer = (SELECT number FROM product_writer WHERE job_id = '%s'))
            FROM product WHERE sku LIKE '%s%%'
            """
                .formatted(id, prefix),
            prefix)
        .stream()
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    poller.close();
    fleet.close();
    http.shutdownNow();
  }
}
