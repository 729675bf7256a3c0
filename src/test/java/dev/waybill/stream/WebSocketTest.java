package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a WebSocket has. The rest is in the tests that all transports share. */
class WebSocketTest {

  private static final int FIN = 0x80;
  private static final String PREFACE = "retry: 3000\n: waybill {emitter}\n\n";
  private static final String SNAPSHOT =
      "id: 0-1\nevent: snapshot\ndata: {\"status\":\"QUEUED\"}\n\n";

  private static StreamServer server;

  private final String job = UUID.randomUUID().toString();
  private final String events = "/api/jobs/" + job + "/events";

  @BeforeAll
  static void start() {
    server = new StreamServer(Transport.WEBSOCKET);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void aQueuedJob() {
    server.jobs.queued(job);
  }

  @Test
  @Shows("stream.websocket")
  void anotherImplementationReadsTheSameMessages() throws Exception {
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("ws://localhost:" + server.port() + events);
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(uri, new Collecting(got))
              .get(10, TimeUnit.SECONDS);
      assertThat(got.poll(10, TimeUnit.SECONDS))
          .isEqualTo("{\"id\":\"0-1\",\"event\":\"snapshot\",\"data\":{\"status\":\"QUEUED\"}}");
      socket.sendText("whatever", true).get(10, TimeUnit.SECONDS);
      StreamEvent.Extras extras = new StreamEvent.Extras(true, 700, "a\"b");
      EventType unnamed = new EventType(null, Delivery.EACH, null);
      server.publish(new StreamEvent(job, new EventId(1, 1), SampleTypes.SNAPSHOT, "{}", 0));
      assertThat(got.poll(10, TimeUnit.SECONDS)).contains("\"1-1\"");
      server.publish(new StreamEvent(job, new EventId(1, 2), unnamed, "é\n\"", 0, extras));
      assertThat(got.poll(10, TimeUnit.SECONDS))
          .isEqualTo("{\"id\":\"1-2/a\\\"b\",\"data\":\"é\\n\\\"\",\"text\":true,\"retry\":700}");
      // Longer than the largest write, and than a length of 16 bits can say.
      String large = "\"" + "x".repeat(200_000) + "\"";
      server.publish(job, "1-3", SampleTypes.REJECTED, large);
      assertThat(got.poll(10, TimeUnit.SECONDS))
          .isEqualTo("{\"id\":\"1-3\",\"event\":\"rejected\",\"data\":" + large + "}");
      server.publish(server.jobs.finished(job, new EventId(1, 4), 20));
      assertThat(got.poll(10, TimeUnit.SECONDS)).contains("\"event\":\"complete\"");
      assertThat(got.poll(10, TimeUnit.SECONDS)).isEqualTo("closed 1000 ");
    }
    await().until(() -> server.emitters() == 0);
  }

  private record Collecting(BlockingQueue<String> got, StringBuilder part)
      implements WebSocket.Listener {

    Collecting(BlockingQueue<String> got) {
      this(got, new StringBuilder());
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        got.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      got.add("closed " + code + " " + reason);
      return null;
    }
  }

  @Test
  @Shows("stream.websocket.handshake")
  void theHandshakeIsTheOneOfTheStandard() throws IOException {
    try (RawStream stream = server.get(events)) {
      assertThat(stream.status).isEqualTo(101);
      assertThat(stream.headers)
          .containsEntry("Upgrade", "websocket")
          .containsEntry("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
          .containsKey("X-Waybill-Emitter")
          .doesNotContainKeys("Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol");
    }
    await().until(() -> server.emitters() == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "13, short, 400",
    "8, dGhlIHNhbXBsZSBub25jZQ==, 426",
    "'', dGhlIHNhbXBsZSBub25jZQ==, 426"
  })
  @Shows("stream.websocket.handshake")
  void aHandshakeOfNoClientIsAProblem(String version, String key, int status) throws IOException {
    try (RawStream answer =
        RawStream.open(
            server.port(),
            "GET",
            events,
            0,
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: " + version,
            "Sec-WebSocket-Key: " + key)) {
      assertThat(answer.status).isEqualTo(status);
      assertThat(answer.headers).containsEntry("Content-Type", "application/problem+json");
      if (status == 426) {
        assertThat(answer.headers).containsEntry("Sec-WebSocket-Version", "13");
      }
    }
    assertThat(server.emitters()).isZero();
  }

  @Test
  @Shows("stream.websocket.handshake")
  void anUnknownJobIsAProblemBeforeTheUpgrade() throws IOException {
    try (RawStream answer = server.get("/api/jobs/unknown/events")) {
      assertThat(answer.status).isEqualTo(404);
      assertThat(answer.rest()).contains("urn:waybill:problem:job-unknown");
    }
  }

  @Test
  @Shows("stream.websocket")
  void aPingIsAnsweredAndMessagesAreIgnored() throws IOException {
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + SNAPSHOT);
      stream.sendFrame(FIN | WebSocketFrames.TEXT, new byte[1024]);
      stream.sendFrame(FIN | WebSocketFrames.PING, "a".getBytes(StandardCharsets.UTF_8));
      stream.expect(": pong a\n\n");
      stream.sendFrame(FIN | WebSocketFrames.CLOSE, new byte[] {3, (byte) 0xE9});
      stream.expectEnd();
      assertThat(stream.closeCode()).isEqualTo(1001);
    }
    await().until(() -> server.emitters() == 0);
  }

  @Test
  void ofManyPingsWithoutAReaderOneAnswerWaits() throws IOException {
    double slow = server.count("waybill.slow.clients.closed");
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + SNAPSHOT);
      byte[] ping = WebSocketAsSse.masked(FIN | WebSocketFrames.PING, new byte[125]);
      for (int i = 0; i < 20_000; i++) {
        stream.sendBytes(ping);
        ClientStream client = server.registry.emitters(job, null).getFirst();
        assertThat(client.seen().orElseThrow().waitingBytes()).isLessThan(1000);
      }
    }
    await().until(() -> server.emitters() == 0);
    assertThat(server.count("waybill.slow.clients.closed")).isEqualTo(slow);
  }

  @ParameterizedTest
  @ValueSource(ints = {1025, 65_000})
  @Shows("stream.websocket.too-big")
  void aLargeMessageClosesTheConnection(int bytes) throws IOException {
    double broken = server.ends(EndReason.BROKE_PROTOCOL);
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + SNAPSHOT);
      stream.sendFrame(FIN | WebSocketFrames.TEXT, new byte[bytes]);
      stream.expectEnd();
      assertThat(stream.closeCode()).isEqualTo(1009);
    }
    await().until(() -> server.emitters() == 0);
    assertThat(server.ends(EndReason.BROKE_PROTOCOL)).isEqualTo(broken + 1);
  }

  @Test
  void whatIsNoFrameClosesTheConnection() throws IOException {
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + SNAPSHOT);
      stream.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      stream.expectEnd();
      assertThat(stream.closeCode()).isEqualTo(1002);
    }
    await().until(() -> server.emitters() == 0);
  }

  @Test
  @Shows("stream.websocket.expired")
  void anEndedCredentialHasACodeOfItsOwn() throws IOException {
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + SNAPSHOT);
      ClientStream client = server.registry.emitters(job, null).getFirst();
      server.context.getBean(ExpireStreams.class).follow(client, () -> true);
      stream.expect("event: waybill.expired\ndata: {}\n\n");
      stream.expectEnd();
      assertThat(stream.closeCode()).isEqualTo(4401);
    }
  }

  @Test
  void anOperatorClosesItForGood() throws IOException {
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + SNAPSHOT);
      ClientStream client = server.registry.emitters(job, null).getFirst();
      LocalEmitters emitters = server.context.getBean(LocalEmitters.class);
      assertThat(emitters.find(client.id()).orElseThrow().transport()).isEqualTo("websocket");
      EventType note = EventType.of("note", Delivery.EACH);
      emitters.send(client.id(), new StreamEvent("", EventId.NOTHING, note, "1", 0));
      stream.expect("event: note\ndata: 1\n\n");
      assertThat(emitters.close(client.id())).isTrue();
      stream.expect("id: closed\nevent: waybill.closed\ndata: {}\n\n");
      stream.expectEnd();
      assertThat(stream.closeCode()).isEqualTo(1000);
    }
    try (RawStream stream = server.get(events + "?lastEventId=closed")) {
      stream.expectEnd();
      assertThat(stream.closeCode()).isEqualTo(4204);
    }
  }

  @Test
  @Shows("stream.websocket")
  void severalStreamsShareOneConnection() throws IOException {
    String other = UUID.randomUUID().toString();
    server.jobs.queued(other);
    try (RawStream stream = server.get("/api/events?stream=" + job + "&stream=" + other)) {
      stream.expect(PREFACE);
      assertThat(stream.block()).startsWith("id: -_-\nevent: waybill.open\ndata: {\"emitterId\":");
      stream.expect(
          "id: 0-1_-\nevent: snapshot\ndata: {\"stream\":\"%s\",\"data\":{\"status\":\"QUEUED\"}}\n\n"
              .formatted(job));
      assertThat(stream.block()).startsWith("id: 0-1_0-1\n").contains(other);
    }
  }

  @Test
  @Shows("stream.websocket.silent")
  void aClientThatAnswersNoPingIsFound() throws IOException {
    try (StreamServer impatient =
        new StreamServer(
            Transport.WEBSOCKET,
            "waybill.stream.heartbeat=200ms",
            "waybill.stream.max-stall=500ms")) {
      impatient.jobs.queued(job);
      // A stream answers pings only while the test reads it. The test never reads the first stream.
      try (RawStream _ = impatient.get(events);
          RawStream alive = impatient.get(events)) {
        for (int i = 0; i < 8; i++) {
          alive.block();
        }
        await()
            .atMost(Duration.ofSeconds(5))
            .until(() -> impatient.count("waybill.slow.clients.closed") == 1);
        assertThat(impatient.emitters()).isEqualTo(1);
        assertThat(alive.block()).isEqualTo(": heartbeat\n\n");
      }
    }
  }
}
