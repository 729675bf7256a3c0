package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that reset their connection immediately, and how long the service then takes to stop. */
@ParameterizedClass
@EnumSource(Transport.class)
class RudeClientsTest {

  private static final int CLIENTS = 40;
  private static final String EVENTS = "/api/jobs/j/events";

  @Parameter Transport transport;

  @Test
  void resetsByHttp10DoNotDelayTheStop() throws IOException {
    stopsFastAfterResets("HTTP/1.0", "waybill.stream.heartbeat=200ms");
  }

  @Test
  void resetsByHttp11DoNotDelayTheStop() throws IOException {
    stopsFastAfterResets("HTTP/1.1", "waybill.stream.heartbeat=200ms");
  }

  @Test
  @Shows("stream.nothing-left")
  void resetsOfRefusedStreamsDoNotDelayTheStop() throws IOException {
    stopsFastAfterResets(
        "HTTP/1.1", "waybill.stream.heartbeat=200ms", "waybill.stream.max-emitters=1");
  }

  private void stopsFastAfterResets(String version, String... settings) throws IOException {
    StreamServer server = new StreamServer(transport, settings);
    try {
      server.jobs.queued("j");
      try (RawStream first = server.get(EVENTS)) {
        first.block();
        for (int i = 0; i < CLIENTS; i++) {
          reset(server.port(), version);
        }
      }
      await().until(() -> server.emitters() == 0);
    } finally {
      long start = System.nanoTime();
      server.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  private void reset(int port, String version) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoLinger(true, 0);
      String upgrade =
          transport == Transport.WEBSOCKET
              ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              : "";
      String request =
          "GET " + EVENTS + " " + version + "\r\nHost: localhost\r\n" + upgrade + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
