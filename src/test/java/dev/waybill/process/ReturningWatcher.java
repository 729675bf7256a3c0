package dev.waybill.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Reconnects with the last ID that it has seen whenever its stream is cut, as EventSource does. */
final class ReturningWatcher implements AutoCloseable {

  private final int port;
  private final String jobId;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  // Written by the thread, read after it has ended.
  private final List<List<RawWatcher.Event>> connections = new ArrayList<>();
  private boolean sentAway;

  ReturningWatcher(int port, String jobId) {
    this.port = port;
    this.jobId = jobId;
    this.thread = Thread.ofPlatform().name("watcher").start(this::watch);
  }

  private void watch() {
    String lastId = null;
    try {
      while (!sentAway && !closed.await(20, TimeUnit.MILLISECONDS)) {
        String[] headers =
            lastId == null ? new String[0] : new String[] {"Last-Event-ID: " + lastId};
        try (RawWatcher watcher = RawWatcher.of(port, jobId, headers)) {
          if (watcher.status() == 204) {
            sentAway = true;
          } else {
            watcher.awaitEnd();
            List<RawWatcher.Event> events = watcher.events();
            connections.add(events);
            lastId = events.isEmpty() ? lastId : events.getLast().id();
          }
        } catch (IOException e) {
          // The service is down.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Checks that it got the end exactly once, as the last event, and nothing out of order. */
  void assertSawOneEnd(String name) throws InterruptedException {
    thread.join(10_000);
    assertThat(sentAway).as("the server said not to reconnect").isTrue();
    List<RawWatcher.Event> all = connections.stream().flatMap(List::stream).toList();
    assertThat(all.stream().filter(RawWatcher.Event::isFinal))
        .containsExactly(all.getLast())
        .first()
        .extracting(RawWatcher.Event::name)
        .isEqualTo(name);
    for (List<RawWatcher.Event> events : connections) {
      for (int i = 1; i < events.size(); i++) {
        assertThat(events.get(i).isAfter(events.get(i - 1)))
            .as("%s after %s", events.get(i).id(), events.get(i - 1).id())
            .isTrue();
      }
    }
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).attempt())
          .as("%s after %s", all.get(i).id(), all.get(i - 1).id())
          .isGreaterThanOrEqualTo(all.get(i - 1).attempt());
    }
    assertRowsNeverFall(all);
  }

  private static void assertRowsNeverFall(List<RawWatcher.Event> all) {
    long rows = 0;
    for (RawWatcher.Event event : all) {
      JsonNode counts = event.data().get("counts");
      if (counts != null) {
        assertThat(counts.get("rows").asLong()).as(event.toString()).isGreaterThanOrEqualTo(rows);
        rows = counts.get("rows").asLong();
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
