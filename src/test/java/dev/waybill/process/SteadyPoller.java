package dev.waybill.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** Asks for a job all the time, also while the service is down, and notes what falls. */
final class SteadyPoller implements AutoCloseable {

  private static final List<String> COUNTERS =
      List.of("rows", "created", "updated", "unchanged", "rejected");

  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpRequest request;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile JsonNode latest;
  private final List<String> falls = new ArrayList<>(); // written by the thread, read after it

  SteadyPoller(int port, String jobId) {
    request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/jobs/" + jobId))
            .timeout(Duration.ofSeconds(5))
            .build();
    thread = Thread.ofPlatform().name("poller").start(this::poll);
  }

  private void poll() {
    try {
      do {
        try {
          HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
          note(WaybillClient.json(answer));
        } catch (IOException e) {
          // The service is down.
        }
      } while (!closed.await(5, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void note(JsonNode job) {
    JsonNode before = latest;
    if (before != null && hasFallen(before, job)) {
      falls.add(before + " -> " + job);
    }
    long sum = 0;
    for (String part : COUNTERS.subList(1, COUNTERS.size())) {
      sum += job.get("counts").get(part).asLong();
    }
    if (sum != job.get("counts").get("rows").asLong()) {
      falls.add("does not add up: " + job);
    }
    latest = job;
  }

  private static boolean hasFallen(JsonNode before, JsonNode now) {
    return COUNTERS.stream()
            .anyMatch(
                name ->
                    now.get("counts").get(name).asLong() < before.get("counts").get(name).asLong())
        || now.get("bytes").get("read").asLong() < before.get("bytes").get("read").asLong()
        || now.get("percent").asDouble() < before.get("percent").asDouble()
        || now.get("attempt").asInt() < before.get("attempt").asInt();
  }

  JsonNode latest() {
    return latest;
  }

  void awaitRowsOrEnd(long rows) {
    await(job -> job.get("counts").get("rows").asLong() >= rows);
  }

  /** How long it takes from now until an attempt is under way, or the job has ended. */
  Duration awaitAttemptOrEnd(int attempt) {
    long start = System.nanoTime();
    await(job -> job.get("attempt").asInt() >= attempt);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void await(Predicate<JsonNode> reached) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> latest != null && (reached.test(latest) || !latest.get("finishedAt").isNull()));
  }

  void assertNeverFell() throws InterruptedException {
    close();
    assertThat(falls).isEmpty();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
