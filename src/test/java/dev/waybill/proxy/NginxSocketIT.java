package dev.waybill.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The handshake of a WebSocket through nginx. Its client expects 101 or an error status. It does
 * not understand the {@code retry:} that nginx sends to an {@code EventSource}.
 */
class NginxSocketIT {

  private static final List<String> PATHS =
      List.of(
          "/api/events?stream=a",
          "/api/streams/a/events",
          "/api/jobs/1/events",
          "/api/records/order/1/events");

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();

  @AfterEach
  void stop() {
    http.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/events?stream=a, true",
    "/api/streams/a/events, true",
    "/api/jobs/1/events, true",
    "/api/streams/a, false",
    "/, false"
  })
  void onlyAStreamMayChangeToWebSocket(String path, boolean passes) throws Exception {
    try (RecordingPod pod = new RecordingPod();
        NginxProcess front = NginxProcess.start(folder.resolve("passing"), pod.port(), Map.of());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      client
          .getOutputStream()
          .write(
              """
              GET %s HTTP/1.1\r
              Host: localhost\r
              Connection: Upgrade\r
              Upgrade: websocket\r
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
              Sec-WebSocket-Version: 13\r
              \r
              """
                  .formatted(path)
                  .getBytes(StandardCharsets.US_ASCII));

      List<String> head = pod.next().head();
      assertThat(head.contains("Upgrade: websocket")).isEqualTo(passes);
      assertThat(head.contains("Connection: upgrade")).isEqualTo(passes);
    }
  }

  @Test
  void whileNoPodCanBeReachedAHandshakeIsRefused() throws Exception {
    int closed;
    try (RecordingPod pod = new RecordingPod()) {
      closed = pod.port();
    }
    try (NginxProcess alone = NginxProcess.start(folder.resolve("alone"), closed, Map.of())) {
      for (String path : PATHS) {
        assertUnavailable(refusal(handshake(alone, path)));
      }
    }
  }

  @Test
  void aHandshakeThatEndedAPodReachesNoOther() throws Exception {
    try (RecordingPod one = new RecordingPod();
        RecordingPod two = new RecordingPod();
        NginxProcess front =
            NginxProcess.start(folder.resolve("two"), List.of(one.port(), two.port()), Map.of())) {
      CompletableFuture<WebSocket> handshake = handshake(front, PATHS.getFirst());
      one.next().reset();

      assertUnavailable(refusal(handshake));
      assertThat(two.wasAsked()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"401 Unauthorized", "404 Not Found", "500 Oops", "503 Not Now"})
  void theRefusalOfAPodReachesTheClient(String refusal) throws Exception {
    try (RecordingPod pod = new RecordingPod();
        NginxProcess front = NginxProcess.start(folder.resolve("front"), pod.port(), Map.of())) {
      CompletableFuture<WebSocket> handshake = handshake(front, PATHS.getFirst());
      pod.next().answer(refusal, "no");

      assertThat(refusal(handshake).statusCode())
          .isEqualTo(Integer.parseInt(refusal.substring(0, 3)));
    }
  }

  @Test
  void aWebSocketCountsAsAStreamOfItsAddress() throws Exception {
    try (RecordingPod pod = new RecordingPod();
        NginxProcess limited =
            NginxProcess.start(
                folder.resolve("limited"), pod.port(), Map.of("STREAMS_PER_ADDRESS", "2"))) {
      handshake(limited, "/api/streams/a/events");
      pod.next();
      http.sendAsync(
          HttpRequest.newBuilder(limited.uri("/api/streams/a/events")).build(),
          BodyHandlers.ofString());
      pod.next();

      assertUnavailable(refusal(handshake(limited, "/api/streams/a/events")));
    }
  }

  private CompletableFuture<WebSocket> handshake(NginxProcess nginx, String path) {
    URI uri = URI.create(nginx.uri(path).toString().replaceFirst("^http", "ws"));
    return http.newWebSocketBuilder().buildAsync(uri, new WebSocket.Listener() {});
  }

  private static HttpResponse<?> refusal(CompletableFuture<WebSocket> handshake) {
    ExecutionException failed =
        catchThrowableOfType(ExecutionException.class, () -> handshake.get(10, TimeUnit.SECONDS));
    assertThat(failed).hasCauseInstanceOf(WebSocketHandshakeException.class);
    return ((WebSocketHandshakeException) failed.getCause()).getResponse();
  }

  private static void assertUnavailable(HttpResponse<?> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }
}
