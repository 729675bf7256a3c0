package dev.waybill.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls to a real server on this machine. */
class OutgoingHttpTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<String> hosts = new CopyOnWriteArrayList<>();
  private final AtomicInteger lookups = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          hosts.add(exchange.getRequestHeaders().getFirst("Host"));
          exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + port() + "/secret");
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/302") ? 302 : 200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private static OutgoingHttp.Call call(String url, Duration head) {
    return new OutgoingHttp.Call(
        URI.create(url),
        Map.of("Content-Type", "application/json"),
        new OutgoingHttp.Body("{}".getBytes(UTF_8)),
        head,
        head);
  }

  private static int send(OutgoingHttp http, String url) throws CallFailedException {
    try (OpenCall call = http.prepare(call(url, PATIENCE))) {
      return call.send();
    }
  }

  @Test
  void theConnectionGoesToTheAddressThatWasChecked() throws CallFailedException {
    // A name server that answers each query with a different address.
    OutgoingHttp http =
        new OutgoingHttp(
            host ->
                new InetAddress[] {
                  InetAddress.getByName(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "192.0.2.1")
                },
            true);

    assertThat(send(http, "http://shop.example:" + port() + "/")).isEqualTo(200);

    assertThat(lookups).hasValue(1);
    assertThat(hosts).containsExactly("shop.example:" + port());
  }

  @Test
  void aNameThatChangesToAPrivateAddressIsRefusedAtTheCall() {
    OutgoingHttp http =
        new OutgoingHttp(host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")}, false);

    assertThatThrownBy(() -> send(http, "http://rebound.example:" + port() + "/"))
        .hasMessage("address-refused");
    assertThat(hosts).isEmpty();
  }

  @Test
  void onePrivateAddressAmongPublicOnesIsRefused() {
    OutgoingHttp http =
        new OutgoingHttp(
            host ->
                new InetAddress[] {
                  InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")
                },
            false);

    assertThatThrownBy(() -> send(http, "http://both.example/")).hasMessage("address-refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:%d/",
        "http://localhost:%d/",
        "http://127.1:%d/",
        "http://2130706433:%d/",
        "http://[::1]:%d/",
        "http://[::ffff:127.0.0.1]:%d/",
        "http://[64:ff9b::127.0.0.1]:%d/",
        "http://0:%d/",
        "http://0.0.0.0:%d/"
      })
  void noSpellingReachesThisMachine(String url) {
    OutgoingHttp http = new OutgoingHttp(false);

    assertThatThrownBy(() -> send(http, url.formatted(port())))
        .isInstanceOf(CallFailedException.class);
    assertThat(hosts).isEmpty();
  }

  @Test
  void aRedirectIsNotFollowed() throws CallFailedException {
    assertThat(send(new OutgoingHttp(true), "http://127.0.0.1:" + port() + "/302")).isEqualTo(302);
    assertThat(hosts).hasSize(1);
  }

  @Test
  void aServerThatIsSilentIsATimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        OpenCall call =
            new OutgoingHttp(true)
                .prepare(
                    call(
                        "http://127.0.0.1:" + silent.getLocalPort() + "/",
                        Duration.ofMillis(200)))) {
      assertThatThrownBy(call::send).hasMessage("timeout");
    }
  }

  @Test
  void aLookupThatTakesLongIsATimeout() {
    CountDownLatch end = new CountDownLatch(1);
    OutgoingHttp http =
        new OutgoingHttp(
            host -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new InetAddress[0];
            },
            true);

    try (OpenCall call = http.prepare(call("http://slow.example/", Duration.ofMillis(100)))) {
      assertThatThrownBy(call::send).hasMessage("timeout");
    } finally {
      end.countDown();
    }
  }

  @Test
  void aServerThatDoesNotSpeakTlsIsReported() throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(
          () -> {
            try (Socket socket = plain.accept()) {
              socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      assertThatThrownBy(
              () -> send(new OutgoingHttp(true), "https://127.0.0.1:" + plain.getLocalPort() + "/"))
          .hasMessage("tls");
    }
  }

  @Test
  void aClosedPortIsReported() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    assertThatThrownBy(() -> send(new OutgoingHttp(true), "http://127.0.0.1:" + closed + "/"))
        .hasMessage("connect");
  }
}
