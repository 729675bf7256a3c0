package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.SampleTypes;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults that could occur in one transport and not in the other. */
@ParameterizedClass
@EnumSource(Transport.class)
class TransportTest {

  private static final String PREFACE = "retry: 3000\n: waybill {emitter}\n\n";
  private static final String SNAPSHOT =
      "id: 0-1\nevent: snapshot\ndata: {\"status\":\"QUEUED\"}\n\n";
  private static final String COMPLETE =
      "id: 1-1\nevent: complete\ndata: {\"status\":\"COMPLETED\",\"rows\":20}\n\n";

  private static StreamServer server;

  @Parameter Transport transport;

  private final String job = UUID.randomUUID().toString();
  private final String events = "/api/jobs/" + job + "/events";

  @BeforeParameterizedClassInvocation
  static void start(Transport transport) {
    server =
        new StreamServer(
            transport,
            "waybill.stream.heartbeat=200ms",
            "server.http2.enabled=true",
            "test.etag-filter=/sse/*",
            "test.caching-filter=/api/upload/sse/*");
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    server.close();
  }

  @BeforeEach
  void aQueuedJob() {
    server.jobs.queued(job);
  }

  @Test
  @Shows({"stream.transports", "setting.stream.transport"})
  void theConfiguredTransportServesAPlainRequest() throws IOException {
    assertIsServed(server.get(events), transport);
  }

  @Test
  void aFilterThatComputesEtagsDoesNotHoldTheStreamBack() throws IOException {
    assertIsServed(server.get("/sse/stream?transactionId=" + job), transport);
  }

  @Test
  void behindAFilterThatBuffersEverythingThereIsAnErrorInPlaceOfSilence() throws IOException {
    try (RawStream answer = server.get("/api/upload/sse/" + job)) {
      assertThat(answer.status).isEqualTo(500);
      assertThat(server.registry.clientsOf(job)).isZero();
    }
  }

  @Test
  @Shows("stream.metrics")
  void endsAreCountedByReasonWithLifetimeAndBytes() throws IOException {
    double finished = server.ends(EndReason.FINISHED);
    double left = server.ends(EndReason.LEFT);
    double bytes = server.count("waybill.stream.sent.bytes");
    long lifetimes = lifetimes().count();
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + SNAPSHOT);
      server.publish(server.jobs.finished(job, new EventId(1, 1), 20));
      stream.rest();
    }
    await().until(() -> server.ends(EndReason.FINISHED) == finished + 1);
    assertThat(server.count("waybill.stream.sent.bytes") - bytes)
        .isGreaterThanOrEqualTo((PREFACE + SNAPSHOT + COMPLETE).length());
    String other = UUID.randomUUID().toString();
    server.jobs.queued(other);
    try (RawStream stream = server.get("/api/jobs/" + other + "/events")) {
      stream.expect(PREFACE + SNAPSHOT);
    }
    await().until(() -> server.ends(EndReason.LEFT) >= left + 1);
    assertThat(lifetimes().count()).isGreaterThanOrEqualTo(lifetimes + 2);
  }

  private Timer lifetimes() {
    return server
        .meters()
        .get("waybill.stream.lifetime")
        .tag("transport", transport.label())
        .timer();
  }

  @Test
  @Shows("stream.metrics")
  void clientsThatLeftAreNoServerErrors() throws IOException {
    for (int i = 0; i < 5; i++) {
      try (RawStream stream = server.get(events)) {
        stream.expect(PREFACE + SNAPSHOT);
        stream.resetOnClose();
      }
    }
    await().until(() -> server.registry.clientsOf(job) == 0);
    assertThat(server.meters().find("http.server.requests").timers())
        .noneMatch(timer -> String.valueOf(timer.getId().getTag("uri")).contains("events"));
  }

  private void assertIsServed(RawStream opened, Transport expected) throws IOException {
    try (RawStream stream = opened) {
      if (transport == Transport.WEBSOCKET) {
        assertThat(stream.status).isEqualTo(101);
      } else {
        assertThat(stream.status).isEqualTo(200);
        assertThat(stream.headers).containsEntry("Content-Type", "text/event-stream;charset=UTF-8");
      }
      assertThat(stream.headers).doesNotContainKeys("Content-Length", "ETag");
      stream.expect(PREFACE + SNAPSHOT);
      assertThat(openBy(expected)).isPositive();
      server.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}");
      assertThat(next(stream)).isEqualTo("id: 1-1\nevent: snapshot\ndata: {}\n\n");
      server.publish(server.jobs.finished(job, new EventId(1, 2), 20));
      assertThat(next(stream)).isEqualTo(COMPLETE.replace("1-1", "1-2"));
      stream.expectEnd();
    }
    await().until(() -> server.registry.clientsOf(job) == 0);
  }

  private static String next(RawStream stream) throws IOException {
    String block = stream.block();
    while (block.startsWith(": heartbeat")) {
      block = stream.block();
    }
    return block;
  }

  private static double openBy(Transport transport) {
    return server
        .meters()
        .get("waybill.emitters")
        .tag("transport", transport.label())
        .gauge()
        .value();
  }
}
