package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Workers that report to three pods, one of which dies. Each job has one history and one end. */
class WorkersOverPodsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CHUNKS = 60;
  private static final JsonMapper JSON = JsonMapper.shared();

  private static Cluster cluster;

  @TempDir private Path folder;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private record Created(String id, String token) {}

  @BeforeAll
  static void start() {
    cluster = Cluster.up();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  @Shows("external.pods")
  void twoWorkersWithOneTokenReportToThreePodsWhileOneIsKilled() throws Exception {
    Created job = create("10m");
    try (JobWatcher watcher = new JobWatcher(cluster, job.id())) {
      // Both workers send every report, so each report arrives twice, mostly out of order.
      CompletableFuture<Void> other = CompletableFuture.runAsync(() -> reportAll(job, 1));
      CompletableFuture<Void> killer =
          CompletableFuture.runAsync(() -> killThePodOfTheLastReport(job));
      reportAll(job, 0);
      other.get(120, TimeUnit.SECONDS);
      killer.get(120, TimeUnit.SECONDS);
      HttpResponse<String> jump =
          report(0, job, "{\"event\":\"alive\",\"sequence\":%d}".formatted(CHUNKS + 5));
      assertThat(jump.statusCode()).isEqualTo(409);
      assertThat(jump.body()).contains("\"expected\":" + (CHUNKS + 1));
      List<Integer> ends =
          IntStream.range(0, 3)
              .map(
                  pod ->
                      report(
                              pod,
                              job,
                              "{\"event\":\"complete\",\"result\":%d,\"sequence\":%d}"
                                  .formatted(pod, CHUNKS + 1 + pod))
                          .statusCode())
              .boxed()
              .toList();
      assertThat(ends).containsExactly(200, 409, 409);

      watcher.awaitEnd(PATIENCE);
      assertThat(watcher.problems()).isEmpty();
      assertThat(watcher.text()).isEqualTo(expected());
      assertThat(watcher.ends()).containsExactly("complete");
    }
    // A watcher that connects late, to any pod, gets the whole text.
    for (int pod = 0; pod < 3; pod++) {
      JsonNode seen = JSON.readTree(get(pod, "/api/jobs/" + job.id()));
      assertThat(seen.get("output").asString()).isEqualTo(expected());
      assertThat(seen.get("result").asInt()).isZero();
    }
  }

  @Test
  @Shows("external.pods")
  void aWorkerThatIsFrozenPastItsLeaseAndThawedChangesNothing() throws Exception {
    Created job = create("3s");
    Path answer = folder.resolve("answer");
    Process worker =
        new ProcessBuilder(
                "setsid",
                "sh",
                "-c",
                """
                i=1; while [ $i -lt 200 ]; do
                  echo "{\\"event\\":\\"chunk\\",\\"text\\":\\"$i;\\",\\"sequence\\":$i}"
                  i=$((i + 1)); sleep 0.2
                done | curl -sT - -X POST -H "Content-Type: application/x-ndjson" \
                  -H "Authorization: Bearer $1" "$2/api/jobs/$3/events" >"$4"
                """,
                "sh",
                job.token(),
                "http://127.0.0.1:" + cluster.podPort("1"),
                job.id(),
                answer.toString())
            .start();
    try (JobWatcher watcher = new JobWatcher(cluster, job.id())) {
      await().atMost(PATIENCE).until(() -> watcher.text().contains("5;"));
      signal("-STOP", worker);
      watcher.awaitEnd(PATIENCE);
      JsonNode lost = JSON.readTree(get(1, "/api/jobs/" + job.id()));
      assertThat(lost.get("error").get("code").asString()).isEqualTo("worker-lost");

      signal("-CONT", worker);
      assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
      // The request ended when the job ended, and its answer says how many reports were accepted.
      assertThat(Files.readString(answer)).contains("\"accepted\":");
      assertThat(report(2, job, "{\"event\":\"chunk\",\"text\":\"x\"}").body())
          .contains("job-finished");
      assertThat(get(2, "/api/jobs/" + job.id())).isEqualTo(get(1, "/api/jobs/" + job.id()));
      JsonNode after = JSON.readTree(get(0, "/api/jobs/" + job.id()));
      assertThat(after.get("output")).isEqualTo(lost.get("output"));
      assertThat(watcher.text()).isEqualTo(lost.get("output").asString());
      assertThat(watcher.ends()).containsExactly("error");
    } finally {
      signal("-KILL", worker);
    }
  }

  private static void signal(String signal, Process group) throws Exception {
    new ProcessBuilder("kill", signal, "--", "-" + group.pid()).start().waitFor();
  }

  private static String expected() {
    StringBuilder text = new StringBuilder();
    IntStream.rangeClosed(1, CHUNKS).forEach(i -> text.append(i).append(';'));
    return text.toString();
  }

  private void killThePodOfTheLastReport(Created job) {
    await().atMost(PATIENCE).until(() -> lastSequence(job) >= CHUNKS / 3);
    String pod = Cluster.PODS.get(lastPod);
    cluster.kill(pod);
    cluster.start(pod);
  }

  /** The pod that answered the last report. */
  private volatile int lastPod;

  private long lastSequence(Created job) {
    return cluster
        .query("SELECT report_sequence FROM external_job WHERE job_id = ?", job.id())
        .stream()
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  /**
   * Sends one report per request, to one pod after the other, and repeats each until it is
   * answered.
   */
  private void reportAll(Created job, int firstPod) {
    int pod = firstPod;
    for (int i = 1; i <= CHUNKS; ) {
      pod = (pod + 1) % 3;
      String report = "{\"event\":\"chunk\",\"text\":\"%d;\",\"sequence\":%d}".formatted(i, i);
      HttpResponse<String> answer = report(pod, job, report);
      if (answer != null && answer.statusCode() == 200) {
        lastPod = pod;
        i++;
      } else if (answer != null && answer.statusCode() == 409) {
        // The other worker may be ahead, so a later report is expected, but never an earlier one.
        assertThat(JSON.readTree(answer.body()).get("expected").asLong()).isGreaterThanOrEqualTo(i);
      }
    }
  }

  /** The answer of one pod; null if it gave none. */
  private HttpResponse<String> report(int pod, Created job, String report) {
    HttpRequest request =
        HttpRequest.newBuilder(uri(pod, "/api/jobs/" + job.id() + "/events"))
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + job.token())
            .POST(HttpRequest.BodyPublishers.ofString(report))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Created create(String silence) throws Exception {
    String body =
        "{\"kind\":\"typewriter\",\"title\":\"A letter\",\"silence\":\"%s\"}".formatted(silence);
    HttpRequest request =
        HttpRequest.newBuilder(uri(0, "/api/jobs"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode job = JSON.readTree(answer.body());
    return new Created(job.get("transactionId").asString(), job.get("workerToken").asString());
  }

  private String get(int pod, String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(uri(pod, path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static URI uri(int pod, String path) {
    String part = Cluster.PODS.get(pod);
    return URI.create("http://127.0.0.1:" + cluster.podPort(part) + path);
  }
}
