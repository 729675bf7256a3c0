package dev.waybill.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the nginx configuration of {@code docs/deploy.md} as it stands there. */
class DeploySnippetIT {

  private static final Pattern SNIPPET = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();

  @Test
  void closesTheListsOfJobsAndTheMetricsAndPassesTheRest() throws Exception {
    try (RecordingPod pod = new RecordingPod();
        NginxProcess nginx = NginxProcess.startWith(folder, snippet(pod.port()))) {
      for (String path :
          List.of(
              "/api/jobs",
              "/api/jobs?limit=200",
              "/api/jobs;x",
              "/api/%6Aobs",
              "/api/./jobs",
              "//api/jobs",
              "/x/../api/jobs",
              "/x/..;/api/jobs",
              "/api/emitters",
              "/api/emitters?limit=200",
              "/api/emitters?STREAM=a",
              "/api/emitters?limit=1&Stream=a",
              "/actuator",
              "/actuator/prometheus",
              "/%61ctuator/health",
              "/internal/events")) {
        assertThat(send(nginx, "GET", path).get().statusCode()).as(path).isEqualTo(404);
      }
      assertThat(pod.wasAsked()).isFalse();

      for (String path :
          List.of(
              "/",
              "/api/jobs/1",
              "/api/jobs/1/events",
              "/api/streams/a/events",
              "/api/events?stream=a",
              "/api/emitters?stream=a",
              "/sse/stream?transactionId=1")) {
        assertPassed(pod, nginx, "GET", path);
      }
      for (String path :
          List.of(
              "/api/jobs",
              "/api/jobs/1/events",
              "/api/streams/a/events",
              "/api/upload/csv",
              "/api/emitters/1/events")) {
        assertPassed(pod, nginx, "POST", path);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/jobs/1/events",
        "/api/upload/sse/1",
        "/sse/stream?transactionId=1",
        "/api/streams/a/events",
        "/api/events?stream=a&stream=b",
        "/api/records/order/1/events"
      })
  void aStreamWhoseServerIsAwayComesBackLater(String path) throws Exception {
    try (NginxProcess nginx = NginxProcess.startWith(folder, snippet(closedPort()))) {
      for (String accept : List.of("text/event-stream", "*/*", "")) {
        HttpResponse<String> answer = send(nginx, "GET", path, "Accept", accept).get();

        assertThat(answer.statusCode()).as(accept).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(answer.body()).isEqualTo("retry: 2000\n\n");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/jobs/1/events, Accept, text/event-stream",
    "POST, /api/jobs/1/events, Accept, */*",
    "POST, /api/streams/a/events, Accept, */*",
    "POST, /api/streams/a/events, Accept, text/event-stream",
    "POST, /api/jobs, Accept, text/event-stream",
    "GET, /api/streams/a/events, Accept, application/json",
    "GET, /api/streams/a/events, Accept, 'application/json, text/plain, */*'",
    "DELETE, /api/streams/a, Accept, */*"
  })
  void noOtherRequestSeemsToSucceedWhileTheServerIsAway(
      String method, String path, String header, String value) throws Exception {
    try (NginxProcess nginx = NginxProcess.startWith(folder, snippet(closedPort()))) {
      assertThat(send(nginx, method, path, header, value).get().statusCode()).isEqualTo(502);
    }
  }

  @Test
  void aServerErrorEndsNoEventSourceButReachesAWorker() throws Exception {
    try (RecordingPod pod = new RecordingPod();
        NginxProcess nginx = NginxProcess.startWith(folder, snippet(pod.port()))) {
      String path = "/api/jobs/1/events";
      var watching = send(nginx, "GET", path, "Accept", "text/event-stream");
      pod.next().answer("503 Service Unavailable", "why");
      var reporting = send(nginx, "POST", path);
      pod.next().answer("503 Service Unavailable", "why");

      assertThat(watching.get().statusCode()).isEqualTo(200);
      assertThat(reporting.get().statusCode()).isEqualTo(503);
      assertThat(reporting.get().body()).isEqualTo("why");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/jobs/1/events", "/api/streams/a/events", "/api/upload/csv"})
  void aBodyReachesTheServerWhileItIsSent(String path) throws Exception {
    try (RecordingPod pod = new RecordingPod();
        NginxProcess nginx = NginxProcess.startWith(folder, snippet(pod.port()));
        Socket worker = new Socket(InetAddress.getLoopbackAddress(), nginx.port())) {
      OutputStream out = worker.getOutputStream();
      String head =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
              .formatted(path);
      out.write((head + "6\r\nfirst\n\r\n").getBytes(StandardCharsets.US_ASCII));

      // The body has not ended. A proxy that buffers it would send nothing yet.
      pod.next().answer("200 OK", "fine");
      BufferedReader answer = new BufferedReader(new InputStreamReader(worker.getInputStream()));
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/jobs/1/events", "/api/streams/a/events", "/api/events?stream=a"})
  void aWebSocketGetsItsHandshakeOrAnError(String path) throws Exception {
    String handshake =
        """
        GET %s HTTP/1.1\r
        Host: localhost\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r
        \r
        """
            .formatted(path);
    try (RecordingPod pod = new RecordingPod()) {
      try (NginxProcess nginx = NginxProcess.startWith(folder.resolve("up"), snippet(pod.port()));
          Socket browser = new Socket(InetAddress.getLoopbackAddress(), nginx.port())) {
        browser.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
        RecordingPod.Asked asked = pod.next();

        assertThat(asked.head()).contains("Connection: upgrade", "Upgrade: websocket");
        asked.reset();
      }
    }
    try (NginxProcess nginx =
            NginxProcess.startWith(folder.resolve("down"), snippet(closedPort()));
        Socket browser = new Socket(InetAddress.getLoopbackAddress(), nginx.port())) {
      browser.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer = new BufferedReader(new InputStreamReader(browser.getInputStream()));
      assertThat(answer.readLine()).startsWith("HTTP/1.1 502");
    }
  }

  private void assertPassed(RecordingPod pod, NginxProcess nginx, String method, String path)
      throws Exception {
    var answer = send(nginx, method, path);
    RecordingPod.Asked asked = pod.next();
    assertThat(asked.head())
        .as(path)
        .startsWith(method + " " + path + " HTTP/1.1")
        .contains(
            "Host: 127.0.0.1:" + nginx.port(),
            "X-Forwarded-For: 127.0.0.1",
            "X-Forwarded-Proto: http")
        .noneMatch(line -> line.startsWith("Connection:"));
    asked.answer("200 OK", "fine");
    assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("fine");
  }

  private static String snippet(int port) throws Exception {
    Matcher found = SNIPPET.matcher(Files.readString(Path.of("docs/deploy.md")));
    assertThat(found.find()).isTrue();
    return found.group(1).replace("127.0.0.1:8080", "127.0.0.1:" + port);
  }

  private static int closedPort() throws Exception {
    try (RecordingPod pod = new RecordingPod()) {
      return pod.port();
    }
  }

  private CompletableFuture<HttpResponse<String>> send(
      NginxProcess nginx, String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(nginx.uri(path))
            .method(
                method,
                method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.sendAsync(request.build(), BodyHandlers.ofString());
  }
}
