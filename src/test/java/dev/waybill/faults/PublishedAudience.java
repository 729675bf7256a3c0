package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishers and watchers of audience streams on all pods of a cluster. Each publisher sends an
 * event again, under the same message ID, until a pod has answered 200.
 */
final class PublishedAudience implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration CATCH_UP = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final List<String> streams = new ArrayList<>();
  private final List<AudienceWatcher> watchers = new ArrayList<>();
  private final List<Thread> publishers = new ArrayList<>();

  /** For each stream, the message ID of each answered event by its event ID. */
  private final Map<String, Map<String, String>> answered = new ConcurrentHashMap<>();

  private final AtomicLong sent = new AtomicLong();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private volatile boolean stopping;

  PublishedAudience(Cluster cluster, int count, long seed) {
    this.cluster = cluster;
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      String stream = "audience-%d-%d".formatted(seed, i);
      streams.add(stream);
      answered.put(stream, new ConcurrentHashMap<>());
      for (int each = 0; each < 2; each++) {
        watchers.add(new AudienceWatcher(cluster, stream, random.nextLong()));
      }
    }
    watchers.forEach(AudienceWatcher::awaitOpen);
    for (int i = 0; i < Cluster.PODS.size() * 2; i++) {
      long own = random.nextLong();
      publishers.add(Thread.ofVirtual().start(() -> publish(new Random(own))));
    }
  }

  private void publish(Random random) {
    while (!stopping) {
      String stream = streams.get(random.nextInt(streams.size()));
      String messageId = "m" + sent.incrementAndGet();
      while (!publish(stream, messageId, cluster.podPort(pod(random)))) {
        pause(50);
      }
      pause(5);
    }
  }

  private boolean publish(String stream, String messageId, int port) {
    URI uri = URI.create("http://127.0.0.1:%d/api/streams/%s/events".formatted(port, stream));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"data\":1,\"messageId\":\"%s\"}".formatted(messageId)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        return false;
      }
      String id = JSON.readTree(answer.body()).get("ids").get(0).asString();
      answered.get(stream).put(id, messageId);
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static String pod(Random random) {
    return Cluster.PODS.get(random.nextInt(Cluster.PODS.size()));
  }

  /** How many events a pod has answered. */
  int count() {
    return answered.values().stream().mapToInt(Map::size).sum();
  }

  /** Stops publishing, and checks that each watcher has every answered event once and in order. */
  void assertSeenOnceAndInOrder() throws InterruptedException {
    stopping = true;
    for (Thread publisher : publishers) {
      publisher.join(CATCH_UP);
    }
    for (AudienceWatcher watcher : watchers) {
      Map<String, String> expected = answered.get(watcher.stream());
      Awaitility.await("a watcher of %s has everything".formatted(watcher.stream()))
          .atMost(CATCH_UP.toSeconds(), TimeUnit.SECONDS)
          .until(() -> watcher.hasAllOf(expected.keySet()));
      assertThat(watcher.problems()).isEmpty();
      Map<String, String> seen = watcher.messages();
      expected.forEach(
          (id, messageId) -> {
            if (seen.containsKey(id)) {
              assertThat(seen.get(id)).as(watcher.stream() + " " + id).isEqualTo(messageId);
            }
          });
    }
    for (String stream : streams) {
      Set<Map<String, String>> histories =
          watchers.stream()
              .filter(watcher -> watcher.stream().equals(stream) && watcher.gaps() == 0)
              .map(watcher -> (Map<String, String>) new TreeMap<>(watcher.messages()))
              .collect(Collectors.toSet());
      assertThat(histories).as("one history of " + stream).hasSizeLessThanOrEqualTo(1);
    }
  }

  String summary() {
    return "%d events, %d watchers, %d connections, %d gaps announced"
        .formatted(
            count(),
            watchers.size(),
            watchers.stream().mapToInt(AudienceWatcher::connections).sum(),
            watchers.stream().mapToInt(AudienceWatcher::gaps).sum());
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopping = true;
    watchers.forEach(AudienceWatcher::close);
    http.shutdownNow();
  }
}
