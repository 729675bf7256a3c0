package dev.waybill.faults;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody who watches a job from here and there until it is told not to come again. */
interface Watching extends AutoCloseable {

  /** The events between two starts without an ID: one watch, however often it was cut. */
  record Watch(List<Connection> connections) {

    List<Event> events() {
      return connections.stream().flatMap(each -> each.events().stream()).toList();
    }
  }

  record Connection(int port, @Nullable String resumedAfter, List<Event> events) {}

  /** Waits until it was told not to come again. */
  boolean awaitSentAway(long millis) throws InterruptedException;

  /** What it has seen, once it was sent away. */
  List<Watch> watches();

  /** What no client should meet. */
  List<String> oddities();

  @Override
  void close();
}
