package dev.waybill.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches a job of another program until its final event. After each lost connection, it resumes at
 * the next pod. Keeps the output text as a page would.
 */
final class JobWatcher implements AutoCloseable {

  private final Cluster cluster;
  private final String jobId;
  private final CountDownLatch end = new CountDownLatch(1);

  // Guarded by this.
  private final StringBuilder text = new StringBuilder();
  private final List<String> ends = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private @Nullable Event last;
  private boolean closed;

  JobWatcher(Cluster cluster, String jobId) {
    this.cluster = cluster;
    this.jobId = jobId;
    Thread.ofVirtual().start(this::watchUntilEnd);
  }

  private void watchUntilEnd() {
    for (int i = 0; !isOver(); i++) {
      String pod = Cluster.PODS.get(i % Cluster.PODS.size());
      try (SseConnection connection =
          SseConnection.open(cluster.podPort(pod), jobId, lastEventId())) {
        for (Event event = connection.next(); event != null; event = connection.next()) {
          take(event);
        }
      } catch (IOException e) {
        // The pod is dead. The next one may answer.
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized @Nullable String lastEventId() {
    return last == null ? null : last.id();
  }

  private synchronized void take(Event event) {
    if (last != null && !event.mayFollow(last)) {
      problems.add("%s after %s".formatted(event, last));
    }
    last = event;
    if (event.isSnapshot()) {
      text.setLength(0);
      text.append(event.data().get("output").asString());
    } else if (event.name().equals("chunk")) {
      text.append(event.data().get("text").asString());
    } else if (event.isFinal()) {
      ends.add(event.name());
      end.countDown();
    }
  }

  void awaitEnd(Duration atMost) throws InterruptedException {
    if (!end.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("no final event of job " + jobId);
    }
  }

  synchronized String text() {
    return text.toString();
  }

  synchronized List<String> ends() {
    return List.copyOf(ends);
  }

  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  private synchronized boolean isOver() {
    return closed || !ends.isEmpty();
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
