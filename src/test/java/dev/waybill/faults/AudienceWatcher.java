package dev.waybill.faults;

import dev.waybill.event.EventId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches an audience stream until it is closed. After each lost connection, it resumes at a random
 * pod.
 */
final class AudienceWatcher implements AutoCloseable {

  private final Cluster cluster;
  private final String stream;
  private final Random random;
  private final CountDownLatch opened = new CountDownLatch(1);

  // Guarded by this.
  private final Map<String, String> messages = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private EventId last = EventId.NOTHING;
  private int connections;
  private int gaps;
  private @Nullable SseConnection current;
  private boolean closed;

  AudienceWatcher(Cluster cluster, String stream, long seed) {
    this.cluster = cluster;
    this.stream = stream;
    this.random = new Random(seed);
    Thread.ofVirtual().start(this::watchUntilClosed);
  }

  String stream() {
    return stream;
  }

  void awaitOpen() {
    try {
      if (!opened.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("no stream opens: " + stream);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watchUntilClosed() {
    String cursor = null;
    while (!isClosed()) {
      String pod = Cluster.PODS.get(random.nextInt(Cluster.PODS.size()));
      String path = "/api/streams/" + stream + "/events";
      try (SseConnection connection = SseConnection.openPath(cluster.podPort(pod), path, cursor)) {
        opened(connection);
        for (Event event = connection.next(); event != null; event = connection.next()) {
          if (!event.id().isEmpty()) {
            cursor = event.id();
          }
          take(event);
        }
      } catch (IOException e) {
        // The pod is dead or frozen. The next one may answer.
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(200));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void opened(SseConnection connection) throws IOException {
    current = connection;
    connections++;
    if (closed) {
      connection.close();
    }
  }

  private synchronized void take(Event event) {
    if (event.name().equals("waybill.open")) {
      opened.countDown();
      return;
    }
    if (event.name().equals("waybill.gap")) {
      gaps++;
      return;
    }
    String[] parts = event.id().split("/", 2);
    EventId id = EventId.parse(parts[0]).orElseThrow();
    if (!id.isAfter(last)) {
      problems.add("%s after %s".formatted(id, last));
    }
    last = id;
    messages.put(parts[0], parts.length > 1 ? parts[1] : "");
  }

  /**
   * Whether this watcher received all these events. True after a gap event, because then events may
   * be missing.
   */
  synchronized boolean hasAllOf(Set<String> ids) {
    return gaps > 0 || messages.keySet().containsAll(ids);
  }

  synchronized Map<String, String> messages() {
    return new LinkedHashMap<>(messages);
  }

  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  synchronized int connections() {
    return connections;
  }

  synchronized int gaps() {
    return gaps;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
