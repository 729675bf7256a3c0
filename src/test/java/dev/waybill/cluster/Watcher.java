package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.stream.RawStream;
import java.io.IOException;
import java.time.Duration;

/** Reads the events of one connection to a stream and skips comments. */
final class Watcher implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final RawStream stream;

  Watcher(RawStream stream) {
    this.stream = stream;
    assertThat(stream.status).isEqualTo(200);
  }

  /** The next event as {@code "id event data"}, or {@code "end"}. */
  String next() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      String block = stream.block();
      if (block.isEmpty()) {
        return "end";
      }
      if (block.startsWith("id: ")) {
        return block.strip().replaceAll("\n?(id|event|data): ", " ").strip();
      }
    }
    throw new AssertionError("Only comments for " + PATIENCE);
  }

  Watcher expect(String... events) throws IOException {
    for (String event : events) {
      assertThat(next()).isEqualTo(event);
    }
    return this;
  }

  /** Reads events until this event arrives. */
  void until(String event) throws IOException {
    for (String next = next(); !next.equals(event); next = next()) {
      assertThat(next).isNotEqualTo("end");
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
