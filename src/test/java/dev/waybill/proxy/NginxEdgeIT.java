package dev.waybill.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nginx itself answers, and which ciphers it accepts. No pod runs. */
class NginxEdgeIT {

  private static final List<String> HEADERS =
      List.of(
          "content-security-policy: ",
          "x-content-type-options: nosniff",
          "x-frame-options: deny",
          "referrer-policy: no-referrer",
          "cross-origin-resource-policy: same-origin",
          "cross-origin-opener-policy: same-origin");

  private static final Pattern CONTENT_LENGTH = Pattern.compile("Content-Length: (\\d+)");

  @TempDir private static Path folder;
  private static NginxProcess nginx;

  @BeforeAll
  static void start() throws Exception {
    int closed;
    try (RecordingPod pod = new RecordingPod()) {
      closed = pod.port();
    }
    nginx = NginxProcess.start(folder.resolve("nginx"), closed, Map.of());
  }

  @AfterAll
  static void stop() {
    nginx.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: localhost\n\n",
        "GET /api/jobs HTTP/1.1\nHost: localhost\n\n",
        "GET /actuator/prometheus HTTP/1.1\nHost: localhost\n\n",
        "GET /api/jobs/x/events HTTP/1.1\nHost: localhost\n\n",
        "GET /x;y HTTP/1.1\nHost: localhost\n\n",
        "GET / HTTP/1.1\n\n",
        "GET / HTTP/1.1\nHost: a\nHost: b\n\n",
        "GET / HTTP/9.9\nHost: localhost\n\n",
        "NON SENSE\n\n",
        "GET /%00 HTTP/1.1\nHost: localhost\n\n",
        "POST / HTTP/1.1\nHost: localhost\nContent-Length: 99999999\n\n",
        "POST / HTTP/1.1\nHost: localhost\nContent-Length: x\n\n",
        "TRACE / HTTP/1.1\nHost: localhost\n\n"
      })
  void everyAnswerOfItsOwnProtectsTheBrowser(String request) throws Exception {
    String answer = answer(request.replace("\n", "\r\n"));

    assertThat(answer).as(request).startsWith("HTTP/1.1 ");
    assertProtects(answer);
  }

  @Test
  void soDoesARefusalOfALongHead() throws Exception {
    String answer =
        answer("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(40_000) + "\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertProtects(answer);
  }

  private static void assertProtects(String answer) {
    String head = answer.substring(0, answer.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
    for (String header : HEADERS) {
      assertThat(head.split("\r\n" + header, -1)).as(header + " once in " + head).hasSize(2);
    }
    assertThat(head).doesNotContain("nginx/", "strict-transport-security");
    assertThat(answer).doesNotContain("<html>");
  }

  @Test
  void overTlsItIsStrict() throws Exception {
    Process curl =
        new ProcessBuilder("curl", "-ksi", "--max-time", "10", nginx.tlsUri("/nothing").toString())
            .redirectErrorStream(true)
            .start();
    String answer = new String(curl.getInputStream().readAllBytes(), ISO_8859_1);

    assertThat(answer).contains("strict-transport-security: max-age=31536000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CBC", "CAMELLIA", "ARIA", "CCM", "RSA", "DHE", "NULL", "AES128-SHA256"})
  void weakSuitesAreRefused(String suites) throws Exception {
    // "RSA" alone means the exchange without forward secrecy.
    String cipher =
        switch (suites) {
          case "CBC" ->
              "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA";
          case "RSA" -> "kRSA";
          case "DHE" -> "kDHE";
          default -> suites;
        };
    assertThat(handshake("-tls1_2", "-cipher", cipher + ":@SECLEVEL=0"))
        .doesNotContain("Cipher is ECDHE", "Cipher is AES", "Cipher is DHE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305"
      })
  void strongSuitesAreSpoken(String suite) throws Exception {
    assertThat(handshake("-tls1_2", "-cipher", suite)).contains("Cipher is " + suite);
  }

  @Test
  void oldProtocolsAreRefused() throws Exception {
    assertThat(handshake("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"))
        .doesNotContain("Cipher is ECDHE");
    assertThat(handshake("-tls1_3")).contains("Cipher is TLS_");
  }

  private static String handshake(String... options) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + nginx.tlsPort()));
    command.addAll(List.of(options));
    Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
    client.getOutputStream().close();
    String output = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
    client.waitFor(10, TimeUnit.SECONDS);
    return output;
  }

  /** Head and body of the answer. Does not wait for the end of the connection. */
  private static String answer(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), nginx.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return answer.toString();
        }
        answer.append((char) next);
      }
      Matcher length = CONTENT_LENGTH.matcher(answer);
      byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
      return answer + new String(body, ISO_8859_1);
    }
  }
}
