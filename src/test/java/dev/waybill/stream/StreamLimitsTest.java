package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.SampleTypes;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Transport.class)
class StreamLimitsTest {

  private static final String PREFACE = "retry: 3000\n: waybill {emitter}\n\n";
  private static final String EVENTS = "/api/jobs/j/events";

  @Parameter Transport transport;

  @Test
  @Shows({"stream.refused", "stream.websocket.codes", "setting.stream.max-emitters"})
  void overTheNumberOfEmittersAStreamEndsWithAJitteredRetry() throws IOException {
    try (StreamServer server = new StreamServer(transport, "waybill.stream.max-emitters=1")) {
      server.jobs.running("j", 1, 0);
      try (RawStream first = server.get(EVENTS)) {
        first.expect(PREFACE);
        expectRefused(server);
        assertThat(server.emitters()).isEqualTo(1);
        server.publish(server.jobs.finished("j", new EventId(1, 2), 0));
        first.rest();
      }
      await().until(() -> server.emitters() == 0);
      assertThat(server.count("waybill.streams.refused")).isEqualTo(1);
      try (RawStream next = server.get(EVENTS)) {
        next.expect(PREFACE);
      }
    }
  }

  @Test
  @Shows({"stream.refused", "setting.stream.max-per-address"})
  void overTheNumberPerAddressAStreamEndsWithAJitteredRetry() throws IOException {
    try (StreamServer server = new StreamServer(transport, "waybill.stream.max-per-address=1")) {
      server.jobs.running("j", 1, 0);
      try (RawStream first = server.get(EVENTS)) {
        first.expect(PREFACE);
        expectRefused(server);
        assertThat(server.emitters()).isEqualTo(1);
      }
    }
  }

  @Test
  @Shows("event.resume.seen-the-end")
  void aClientThatHasSeenTheEndIsStoppedEvenWhenNoPlaceIsLeft() throws IOException {
    try (StreamServer server = new StreamServer(transport, "waybill.stream.max-emitters=1")) {
      server.jobs.running("j", 1, 0);
      server.jobs.finished("over", new EventId(2, 17), 5);
      try (RawStream first = server.get(EVENTS)) {
        first.expect(PREFACE);
        try (RawStream answer = server.get("/api/jobs/over/events", "Last-Event-ID: 2-17")) {
          if (transport == Transport.WEBSOCKET) {
            answer.rest();
            assertThat(answer.closeCode()).isEqualTo(4204);
          } else {
            assertThat(answer.status).isEqualTo(204);
          }
        }
        expectRefused(server);
      }
    }
  }

  @Test
  void nothingIsClaimedForAStreamThatDoesNotExist() throws IOException {
    try (StreamServer server = new StreamServer(transport)) {
      List<String> claimed = new CopyOnWriteArrayList<>();
      server.registry.reportTo(
          new Ownership() {
            @Override
            public void claim(Collection<String> streamIds, String emitterId) {
              claimed.addAll(streamIds);
            }

            @Override
            public void release(Collection<String> streamIds, String emitterId) {}
          });
      for (String id : List.of("unknown", "%F0%9F%92%A9", "a%20b", "..;x=y", "%2A", "job%0Ax")) {
        for (String path :
            List.of("/api/jobs/" + id + "/events", "/sse/stream?transactionId=" + id)) {
          try (RawStream answer = server.get(path)) {
            assertThat(answer.status).as(path).isBetween(400, 404);
          }
        }
      }
      assertThat(claimed).isEmpty();
    }
  }

  @Test
  void theDatabaseIsNotAskedForATextThatNoStreamHasAsItsName() throws IOException {
    try (StreamServer server = new StreamServer(transport)) {
      server.jobs.onRead =
          () -> {
            throw new AssertionError("asked");
          };
      for (String id : List.of("a%20b", "a".repeat(201), "%00", "a%0Ab", "%C3%BC")) {
        try (RawStream answer = server.get("/sse/stream?transactionId=" + id)) {
          assertThat(answer.status).as(id).isEqualTo(404);
        }
      }
    }
  }

  @Test
  void aDatabaseThatFailsSendsTheClientAwayForAWhile() throws IOException {
    try (StreamServer server = new StreamServer(transport)) {
      server.jobs.onRead =
          () -> {
            throw new IllegalStateException("the database is away");
          };
      expectRefused(server);
      assertThat(server.emitters()).isZero();
    }
  }

  @Test
  @Shows({"stream.heartbeat", "setting.stream.heartbeat"})
  void commentsComeAtEachHeartbeatAndAMissingEndIsDelivered() throws IOException {
    try (StreamServer server = new StreamServer(transport, "waybill.stream.heartbeat=200ms")) {
      server.jobs.running("j", 1, 0);
      server.publish("j", "1-1", SampleTypes.SNAPSHOT, "{}");
      try (RawStream stream = server.get(EVENTS)) {
        stream.expect(PREFACE + "id: 1-1\nevent: snapshot\n");
        stream.block();
        stream.expect(": heartbeat\n\n: heartbeat\n\n");
        server.jobs.finished("j", new EventId(1, 2), 0);
        assertThat(stream.rest())
            .endsWith("id: 1-2\nevent: complete\ndata: {\"status\":\"COMPLETED\",\"rows\":0}\n\n");
      }
    }
  }

  @Test
  void nothingIsKeptOfStreamsThatEndAsSoonAsTheyBegin() throws IOException {
    try (StreamServer server = new StreamServer(transport)) {
      server.jobs.finished("j", new EventId(2, 17), 5);
      for (int i = 0; i < 500; i++) {
        try (RawStream stream = server.get(EVENTS)) {
          stream.rest();
        }
      }
      await().until(() -> server.emitters() == 0 && server.waitingConnections() == 0);
    }
  }

  @Test
  void aClientThatLeftIsForgottenAtTheNextHeartbeats() throws IOException {
    try (StreamServer server = new StreamServer(transport, "waybill.stream.heartbeat=200ms")) {
      server.jobs.running("j", 1, 0);
      try (RawStream stream = server.get(EVENTS)) {
        stream.expect(PREFACE).block();
      }
      await().until(() -> server.emitters() == 0);
    }
  }

  @Test
  void aClientOfHttp10ThatLeftIsForgottenAtTheNextHeartbeats() throws IOException {
    try (StreamServer server = new StreamServer(transport, "waybill.stream.heartbeat=200ms")) {
      server.jobs.running("j", 1, 0);
      try (RawStream stream = server.getByHttp10(EVENTS)) {
        stream.expect(PREFACE);
      }
      await().until(() -> server.emitters() == 0);
    }
  }

  @Test
  @Shows({"stream.ended-at-shutdown", "stream.websocket.codes"})
  void shutdownEndsEveryStreamAtOnce() throws IOException {
    StreamServer server = new StreamServer(transport);
    server.jobs.running("j", 1, 0);
    try (RawStream one = server.get(EVENTS);
        RawStream two = server.get(EVENTS)) {
      one.expect(PREFACE).block();
      two.expect(PREFACE).block();
      long start = System.nanoTime();
      server.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(one.rest()).matches("retry: \\d{4,5}\n\n");
      assertThat(two.rest()).matches("retry: \\d{4,5}\n\n");
      if (transport == Transport.WEBSOCKET) {
        assertThat(two.closeCode()).isEqualTo(1013);
      }
    }
  }

  @Test
  @Shows("stream.refused-at-shutdown")
  void whileShuttingDownNewStreamsAreRefused() throws IOException {
    try (StreamServer server = new StreamServer(transport)) {
      server.jobs.running("j", 1, 0);
      server.registry.close();
      expectRefused(server);
      server.registry.open();
    }
  }

  @Test
  @Shows({"stream.slow-client", "setting.stream.max-stall"})
  void aClientThatReadsNothingIsClosedWhileAFastOneGetsAll() throws IOException {
    try (StreamServer server =
        new StreamServer(
            transport, "waybill.stream.max-stall=1s", "waybill.events.log-size=10000")) {
      server.jobs.running("j", 1, 0);
      server.publish("j", "1-1", SampleTypes.SNAPSHOT, "{}");
      String data = "x".repeat(16 * 1024);
      try (RawStream slow = server.getWithSmallBuffer(EVENTS);
          RawStream fast = server.get(EVENTS)) {
        fast.expect(PREFACE).block();
        int sequence = 1;
        while (server.count("waybill.slow.clients.closed") == 0) {
          sequence++;
          assertThat(sequence).isLessThan(10_000);
          server.publish("j", "1-" + sequence, SampleTypes.REJECTED, data);
          assertThat(fast.block()).startsWith("id: 1-" + sequence + "\n");
        }
        assertThat(server.registry.clientsOf("j")).isEqualTo(1);
        sequence++;
        server.publish("j", "1-" + sequence, SampleTypes.REJECTED, "after");
        fast.expect("id: 1-" + sequence + "\nevent: rejected\ndata: after\n\n");
        slow.readUntilGone();
      }
    }
  }

  @Test
  void aStreamIsNotCompressedEvenWhereItsTypeIsListed() throws IOException {
    try (StreamServer server =
        new StreamServer(
            transport,
            "server.compression.enabled=true",
            "server.compression.mime-types=text/event-stream",
            "server.compression.min-response-size=0")) {
      server.jobs.running("j", 1, 0);
      try (RawStream stream = server.get(EVENTS, "Accept-Encoding: gzip")) {
        assertThat(stream.headers).doesNotContainKey("Content-Encoding");
        stream.expect(PREFACE);
      }
    }
  }

  private void expectRefused(StreamServer server) throws IOException {
    try (RawStream refused = server.get(EVENTS)) {
      if (transport == Transport.WEBSOCKET) {
        assertThat(refused.status).isEqualTo(101);
        assertThat(refused.headers).doesNotContainKey("X-Waybill-Emitter");
        assertThat(refused.rest()).matches("retry: \\d{4,5}\n\n");
        assertThat(refused.closeCode()).isEqualTo(1013);
        return;
      }
      assertThat(refused.status).isEqualTo(200);
      assertThat(refused.headers).containsEntry("Content-Type", "text/event-stream;charset=UTF-8");
      assertThat(refused.headers).containsKey("Content-Length");
      assertThat(refused.headers).as("names no emitter").doesNotContainKey("X-Waybill-Emitter");
      String body = refused.rest();
      assertThat(body).matches("retry: \\d{4,5}\n: waybill\n\n");
    }
  }
}
