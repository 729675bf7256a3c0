package dev.waybill.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Polls a job continuously, at each entry in turn, even while entries are down. Records each
 * counter that falls.
 */
public final class CounterPoller implements AutoCloseable {

  private static final List<String> PARTS = List.of("created", "updated", "unchanged", "rejected");

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<HttpRequest> requests;
  private final Duration pause;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable JsonNode latest;
  private final List<String> falls = new ArrayList<>(); // written by the thread, read after it
  private int answers; // written by the thread, read after it

  /**
   * @param entries the ports at which the service is polled
   * @param pause between two polls
   */
  public CounterPoller(List<Integer> entries, String jobId, Duration pause) {
    this.pause = pause;
    requests =
        entries.stream()
            .map(port -> URI.create("http://127.0.0.1:%d/api/jobs/%s".formatted(port, jobId)))
            .map(uri -> HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1)).build())
            .toList();
    thread = Thread.ofPlatform().name("poller").start(this::poll);
  }

  private void poll() {
    try {
      for (int turn = 0; !closed.await(pause.toNanos(), TimeUnit.NANOSECONDS); turn++) {
        try {
          HttpResponse<String> answer =
              http.send(requests.get(turn % requests.size()), BodyHandlers.ofString());
          if (answer.statusCode() == 200) {
            note(JsonMapper.shared().readTree(answer.body()));
          }
        } catch (IOException e) {
          // This entry is down or frozen.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void note(JsonNode job) {
    JsonNode before = latest;
    if (before != null && hasFallen(before, job)) {
      falls.add(before + " -> " + job);
    }
    JsonNode counts = job.get("counts");
    long sum = PARTS.stream().mapToLong(part -> counts.get(part).asLong()).sum();
    if (sum != counts.get("rows").asLong()) {
      falls.add("does not add up: " + job);
    }
    answers++;
    latest = job;
  }

  private static boolean hasFallen(JsonNode before, JsonNode now) {
    return hasFallenCount(before.get("counts"), now.get("counts"))
        || now.get("bytes").get("read").asLong() < before.get("bytes").get("read").asLong()
        || now.get("percent").asDouble() < before.get("percent").asDouble()
        || now.get("attempt").asInt() < before.get("attempt").asInt();
  }

  public static boolean hasFallenCount(JsonNode before, JsonNode now) {
    return now.get("rows").asLong() < before.get("rows").asLong()
        || PARTS.stream().anyMatch(part -> now.get(part).asLong() < before.get(part).asLong());
  }

  /** Waits until the job has this state, and returns how long that took. */
  public Duration await(String what, Duration atMost, Predicate<JsonNode> reached) {
    long start = System.nanoTime();
    Awaitility.await(what)
        .atMost(atMost)
        .pollInterval(pause.dividedBy(2))
        .until(() -> latest != null && reached.test(latest));
    return Duration.ofNanos(System.nanoTime() - start);
  }

  public JsonNode latest() {
    return latest;
  }

  /** The counters that fell or did not add up. Call it only after closing the poller. */
  public List<String> falls() {
    return falls;
  }

  /** How many polls were answered. Call it only after closing the poller. */
  public int answers() {
    return answers;
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
