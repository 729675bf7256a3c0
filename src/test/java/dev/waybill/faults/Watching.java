package dev.waybill.faults;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A watcher of a job that may reconnect to different entries until the stream is over. */
interface Watching extends AutoCloseable {

  /** One watch: a connection without an ID, and all connections that resumed after it. */
  record Watch(List<Connection> connections) {

    List<Event> events() {
      return connections.stream().flatMap(each -> each.events().stream()).toList();
    }
  }

  record Connection(int port, @Nullable String resumedAfter, List<Event> events) {}

  /** Waits until the server has answered that there is nothing more to come. */
  boolean awaitSentAway(long millis) throws InterruptedException;

  /** Everything that it has seen, after its end. */
  List<Watch> watches();

  /** Answers that no client should get. */
  List<String> oddities();

  @Override
  void close();
}
