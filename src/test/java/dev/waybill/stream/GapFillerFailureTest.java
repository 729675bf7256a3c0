package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.event.SampleTypes;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The thread that fills a gap dies, and watchers must not wait for it on a live connection. */
class GapFillerFailureTest {

  private static final String EVENTS = "/api/jobs/j/events";

  private final StreamServer server = new StreamServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class})
  void watchersAreSentAwayAndComeBackToALiveStream(Class<? extends Error> failure)
      throws IOException {
    server.jobs.running("j", 1, 0);
    server.publish("j", "1-1", SampleTypes.SNAPSHOT, "{}");
    try (RawStream stream = server.get(EVENTS)) {
      stream.block();
      assertThat(stream.block()).startsWith("id: 1-1\n");
      server.jobs.onRead = () -> dieOf(failure);
      server.publish("j", "1-3", SampleTypes.REJECTED, "after a gap");
      assertThat(stream.rest()).startsWith("retry: ").doesNotContain("id: ");
    }
    server.jobs.onRead = () -> {};
    await().until(() -> server.registry.clientsOf("j") == 0);
    try (RawStream stream = server.get(EVENTS, "Last-Event-ID: 1-1")) {
      stream.block();
      assertThat(stream.block()).startsWith("id: 1-3\nevent: snapshot\n");
      server.publish("j", "1-4", SampleTypes.REJECTED, "live");
      assertThat(stream.block()).startsWith("id: 1-4\nevent: rejected\n");
    }
  }

  private static void dieOf(Class<? extends Error> failure) {
    if (failure == OutOfMemoryError.class) {
      throw new OutOfMemoryError("injected");
    }
    throw new StackOverflowError("injected");
  }
}
