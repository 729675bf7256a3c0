package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.SampleTypes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a stream over plain HTTP has: heads, versions of the protocol, a body in a request. */
@ParameterizedClass
@EnumSource(value = Transport.class, mode = EnumSource.Mode.EXCLUDE, names = "WEBSOCKET")
class SseHttpTest {

  private static final String PREFACE = "retry: 3000\n: waybill {emitter}\n\n";
  private static final String QUEUED = frame("0-1", "snapshot", "{\"status\":\"QUEUED\"}");
  private static final String END = "{\"status\":\"COMPLETED\",\"rows\":20}";

  private static StreamServer server;

  @Parameter Transport transport;

  private final String job = UUID.randomUUID().toString();
  private final String events = "/api/jobs/" + job + "/events";

  @BeforeParameterizedClassInvocation
  static void start(Transport transport) {
    server = new StreamServer(transport, "server.http2.enabled=true");
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
  @Shows("stream.headers")
  void sendsTheHeadersOfAStream() throws IOException {
    try (RawStream stream = server.get(events)) {
      assertThat(stream.status).isEqualTo(200);
      assertThat(stream.headers)
          .containsEntry("Content-Type", "text/event-stream;charset=UTF-8")
          .containsEntry("Cache-Control", "no-store")
          .containsEntry("X-Accel-Buffering", "no")
          .containsEntry("Transfer-Encoding", "chunked")
          .doesNotContainKey("Content-Length");
    }
  }

  @Test
  @Shows({"stream.headers", "stream.preface", "event.final"})
  void aClientOfHttp10GetsTheSameWithoutChunks() throws IOException {
    try (RawStream stream = server.getByHttp10(events)) {
      assertThat(stream.headers)
          .containsEntry("Content-Type", "text/event-stream;charset=UTF-8")
          .containsEntry("Cache-Control", "no-store")
          .containsEntry("X-Accel-Buffering", "no")
          .doesNotContainKeys("Transfer-Encoding", "Content-Length");
      assertSeesTheJobToItsEnd(stream);
    }
  }

  @Test
  void theProtocolsThatClientsAskForAreNotKept() throws IOException {
    server.jobs.finished(job, new EventId(2, 17), 5);
    int known = server.knownProtocols();
    for (int i = 0; i < 3; i++) {
      try (RawStream stream = server.get(events, "Connection: Upgrade", "Upgrade: made-up-" + i)) {
        assertThat(stream.status).isEqualTo(200);
        assertThat(stream.headers).doesNotContainKey("Upgrade");
        stream.rest();
      }
    }
    assertThat(server.knownProtocols()).isLessThanOrEqualTo(known + 1);
  }

  @Test
  void whatAClientSendsWhileItWatchesChangesNothing() throws IOException {
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + QUEUED);
      stream.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500));
      server.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}");
      stream.expect(frame("1-1", "snapshot", "{}"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\n\r\nhello",
        "Content-Length: 1000000",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "Transfer-Encoding: chunked"
      })
  @Shows("stream.transports")
  void aRequestThatDeclaresABodyGetsItsStream(String headAndBody) throws IOException {
    try (RawStream stream = server.get(events, headAndBody)) {
      assertThat(stream.headers).containsEntry("Content-Type", "text/event-stream;charset=UTF-8");
      assertSeesTheJobToItsEnd(stream);
    }
  }

  @Test
  @Shows("stream.transports")
  void http2GetsTheSameStream() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + events);
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var answer = client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      await().until(() -> server.registry.clientsOf(job) == 1);
      server.publish(server.jobs.finished(job, new EventId(1, 1), 20));
      HttpResponse<String> response = answer.get(20, TimeUnit.SECONDS);
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(response.statusCode()).isEqualTo(200);
      // The job may have finished while this client was connecting. Then the client gets a snapshot
      // of the finished job.
      String emitter = response.headers().firstValue("X-Waybill-Emitter").orElseThrow();
      assertThat(response.body()).startsWith(PREFACE.replace("{emitter}", emitter) + "id: ");
      assertThat(response.body())
          .endsWith(frame("1-1", "complete", END))
          .containsOnlyOnce("event: complete");
    }
    await().until(() -> server.registry.clientsOf(job) == 0);
  }

  @Test
  void aClientThatHasNoMoreToSayGetsItsStreamToTheEnd() throws IOException {
    try (StreamServer server = new StreamServer(transport, "waybill.stream.heartbeat=200ms")) {
      server.jobs.running("j", 1, 0);
      try (RawStream stream = server.get("/api/jobs/j/events")) {
        stream.expect(PREFACE).block();
        stream.endSending();
        stream.expect(": heartbeat\n\n: heartbeat\n\n");
        server.publish(server.jobs.finished("j", new EventId(1, 2), 0));
        assertThat(stream.rest())
            .endsWith("id: 1-2\nevent: complete\ndata: {\"status\":\"COMPLETED\",\"rows\":0}\n\n");
      }
      await().until(() -> server.emitters() == 0 && server.waitingConnections() == 0);
    }
  }

  private void assertSeesTheJobToItsEnd(RawStream stream) throws IOException {
    stream.expect(PREFACE + QUEUED);
    server.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}");
    stream.expect(frame("1-1", "snapshot", "{}"));
    server.publish(server.jobs.finished(job, new EventId(1, 2), 20));
    stream.expect(frame("1-2", "complete", END));
    stream.expectEnd();
    await().until(() -> server.registry.clientsOf(job) == 0);
  }

  private static String frame(String id, String event, String data) {
    return "id: %s\nevent: %s\ndata: %s\n\n".formatted(id, event, data);
  }
}
