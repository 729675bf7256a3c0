package dev.waybill.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.process.WaybillProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service through nginx. */
class NginxIT {

  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path folder;
  private static WaybillProcess service;
  private static NginxProcess nginx;
  private static HttpClient http;
  private static HttpClient https;

  @BeforeAll
  static void start() throws Exception {
    service = WaybillProcess.start(folder.resolve("data"));
    nginx = NginxProcess.start(folder.resolve("nginx"), service.port(), Map.of("ACCESS", "off"));
    http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    https = HttpClient.newBuilder().sslContext(TrustCertificate.only(nginx.certificate())).build();
  }

  @AfterAll
  static void stop() throws Exception {
    http.close();
    https.close();
    nginx.close();
    service.close();
  }

  @Test
  void eventsArriveAsTheyCome() throws Exception {
    String id = upload(csv(200_000)).get("transactionId").asString();

    Instant firstProgress = null;
    JsonNode end = null;
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream(id)))) {
      assertThat(lines.readLine()).isEqualTo("retry: 3000");
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          event = line.substring("event: ".length());
        } else if (line.startsWith("data: ") && event.equals("progress") && firstProgress == null) {
          firstProgress = Instant.now();
        } else if (line.startsWith("data: ") && event.equals("complete")) {
          end = JSON.readTree(line.substring("data: ".length()));
        }
      }
    }

    assertThat(end.at("/counts/rows").asInt()).isEqualTo(200_000);
    assertThat(firstProgress).isBefore(Instant.parse(end.get("finishedAt").asString()));
  }

  @Test
  void aStreamGoesOnAfterTheLastEventSeen() throws Exception {
    String id = upload(csv(1)).get("transactionId").asString();
    String lastId =
        new String(stream(id).readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("id: "))
            .reduce((earlier, later) -> later)
            .orElseThrow()
            .substring("id: ".length());

    for (String path :
        List.of(
            "/api/jobs/" + id + "/events",
            "/api/upload/sse/" + id,
            "/sse/stream?transactionId=" + id)) {
      assertThat(get(nginx.uri(path), "Last-Event-ID", lastId).statusCode()).isEqualTo(204);
    }
    assertThat(get(nginx.uri("/api/jobs/unknown/events")).statusCode()).isEqualTo(404);
  }

  @Test
  void anUploadReachesThePodWhileItIsSent() throws Exception {
    byte[] file = csv(400_000);
    int half = file.length / 2;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), nginx.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          """
          POST /api/upload/csv?dryRun=true HTTP/1.1\r
          Host: localhost\r
          Connection: close\r
          Content-Type: text/csv\r
          Content-Length: %d\r
          \r
          """
              .formatted(file.length)
              .getBytes(StandardCharsets.US_ASCII));
      out.write(file, 0, half);
      // The rest may still be in sockets and buffers on the way.
      Awaitility.await().until(() -> largestFile(folder.resolve("data")) > half - 4_000_000);
      out.write(file, half, file.length - half);
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 202");
    }
    try (Stream<Path> left = nginx.temporaryFiles()) {
      assertThat(left).isEmpty();
    }
    assertThat(nginx.log()).doesNotContain("buffered to a temporary file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/internal/events",
        "/internal",
        "/%69nternal/events",
        "//internal/events",
        "/x/../internal/events",
        "/x/..;/internal/events",
        "/;/internal/events",
        "/actuator",
        "/actuator/health/readiness",
        "/actuator;x/prometheus",
        "/api/jobs;x"
      })
  void whatIsNotForEveryoneIsClosed(String path) throws Exception {
    HttpResponse<String> answer = get(nginx.uri(path));

    assertThat(answer.statusCode()).isEqualTo(404);
    // A pod's own answer would name the pod.
    assertThat(answer.headers().firstValue("X-Waybill-Pod")).isEmpty();
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(JSON.readTree(answer.body()).get("type").asString())
        .isEqualTo("urn:waybill:problem:not-found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/jobs", "/api/jobs?limit=1", "/api/%6Aobs", "/api/./jobs"})
  void withoutAccessNobodyBehindTheProxySeesTheListOfJobs(String path) throws Exception {
    HttpResponse<String> answer = get(nginx.uri(path));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(answer.body()).get("type").asString())
        .isEqualTo("urn:waybill:problem:not-found");
  }

  @Test
  void aSingleJobCanBeAskedForAndWaitedFor() throws Exception {
    String path = upload(csv(1)).at("/links/self").asString();
    Awaitility.await().until(() -> get(nginx.uri(path)).body().contains("COMPLETED"));
    HttpResponse<String> job = get(nginx.uri(path));
    String etag = job.headers().firstValue("ETag").orElseThrow();

    assertThat(job.statusCode()).isEqualTo(200);
    assertThat(get(nginx.uri(path), "If-None-Match", etag).statusCode()).isEqualTo(304);
    HttpResponse<String> unknown = get(nginx.uri("/api/jobs/unknown"), "Prefer", "wait=1");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("X-Waybill-Pod")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 209715200", "Transfer-Encoding: chunked"})
  void aRefusalArrivesWhileTheBodyIsStillOnItsWay(String length) throws Exception {
    String head =
        "POST /api/upload/csv HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
            + length
            + "\r\n\r\n100000\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), nginx.port())) {
      socket.setSoTimeout(5_000);
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      // The body never ends, so only a refusal that does not wait for the body can arrive.
      out.write(new byte[1 << 19]);
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));

      assertThat(in.readLine()).startsWith("HTTP/1.1 415 ");
      assertThat(in.lines().takeWhile(line -> !line.isEmpty()))
          .anyMatch(line -> line.startsWith("X-Waybill-Pod: "));
      StringBuilder body = new StringBuilder();
      for (int next = in.read(); next >= 0 && next != '}'; next = in.read()) {
        body.append((char) next);
      }
      assertThat(body).contains("urn:waybill:problem:media-type");
    }
  }

  @Test
  void aBrowserSpeaksHttp2WithItsOwnOrigin() throws Exception {
    URI page = nginx.tlsUri("/");
    String origin = "https://localhost:" + page.getPort();

    HttpResponse<String> accepted =
        https.send(
            HttpRequest.newBuilder(nginx.tlsUri("/api/upload/csv?dryRun=true"))
                .header("Origin", origin)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofByteArray(csv(50_000)))
                .build(),
            BodyHandlers.ofString());
    HttpResponse<String> refused =
        https.send(
            HttpRequest.newBuilder(page).header("Origin", "https://localhost").build(),
            BodyHandlers.ofString());
    HttpResponse<String> watched =
        https.send(
            HttpRequest.newBuilder(
                    nginx.tlsUri(JSON.readTree(accepted.body()).at("/links/events").asString()))
                .header("Origin", origin)
                .build(),
            BodyHandlers.ofString());

    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(accepted.version()).isEqualTo(Version.HTTP_2);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(watched.version()).isEqualTo(Version.HTTP_2);
    assertThat(watched.body()).startsWith("retry: 3000\n: ").contains("event: complete\n");
  }

  @Test
  @Shows("stream.websocket.proxy")
  void whatIsPublishedReachesTheWatchersOfAStream() throws Exception {
    URI events = nginx.uri("/api/streams/prices/events");
    try (BufferedReader watched =
        new BufferedReader(
            new InputStreamReader(
                http.send(HttpRequest.newBuilder(events).build(), BodyHandlers.ofInputStream())
                    .body()))) {
      lineOf(watched, "event: waybill.open");
      HttpResponse<String> published =
          http.send(
              HttpRequest.newBuilder(events)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"data\":{\"price\":1}}"))
                  .build(),
              BodyHandlers.ofString());

      assertThat(published.statusCode()).isEqualTo(200);
      assertThat(JSON.readTree(published.body()).get("watchers").asInt()).isEqualTo(1);
      assertThat(lineOf(watched, "data: {\"price\":1}")).isNotNull();
    }
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    WebSocket socket =
        http.newWebSocketBuilder()
            .buildAsync(
                URI.create(events.toString().replaceFirst("^http", "ws") + "?from=earliest"),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket socket, CharSequence text, boolean last) {
                    messages.add(text.toString());
                    socket.request(1);
                    return null;
                  }
                })
            .get(10, TimeUnit.SECONDS);
    assertThat(messages.poll(10, TimeUnit.SECONDS)).contains("\"waybill.open\"");
    assertThat(messages.poll(10, TimeUnit.SECONDS)).contains("\"data\":{\"price\":1}");
    socket.abort(); // the client waits for its connections when it closes
    HttpResponse<String> history = get(events, "Accept", "application/json");
    assertThat(JSON.readTree(history.body()).get("items").size()).isEqualTo(1);
    String cursor = JSON.readTree(history.body()).get("cursor").asString();
    HttpResponse<String> waited =
        http.send(
            HttpRequest.newBuilder(URI.create(events + "?after=" + cursor))
                .header("Accept", "application/json")
                .header("Prefer", "wait=1")
                .build(),
            BodyHandlers.ofString());
    assertThat(waited.headers().firstValue("Preference-Applied")).hasValue("wait=1");
    for (String list : List.of("/api/emitters", "/api/emitters?limit=1&STREAM=x")) {
      assertThat(get(nginx.uri(list)).statusCode())
          .as("%s lists the jobs that are watched", list)
          .isEqualTo(400);
    }
  }

  private static String lineOf(BufferedReader stream, String wanted) throws IOException {
    String line = stream.readLine();
    while (line != null && !line.equals(wanted)) {
      line = stream.readLine();
    }
    return line;
  }

  @Test
  void aWorkersReportsReachThePodAsTheyAreSent() throws Exception {
    try (RecordingPod pod = new RecordingPod();
        NginxProcess front = NginxProcess.start(folder.resolve("reports"), pod.port(), Map.of());
        Socket worker = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      // The announced length is above the limit that nginx has on most other paths. Only the first
      // report of the body is sent.
      worker
          .getOutputStream()
          .write(
              """
              POST /api/jobs/1/events HTTP/1.1\r
              Host: localhost\r
              Content-Type: application/x-ndjson\r
              Content-Length: 50000000\r
              \r
              {"event":"alive","sequence":1}
              """
                  .getBytes(StandardCharsets.US_ASCII));

      RecordingPod.Asked asked = pod.next();
      asked.answer("200 OK", "early");

      assertThat(asked.head()).contains("Content-Length: 50000000");
      assertThat(new BufferedReader(new InputStreamReader(worker.getInputStream())).readLine())
          .isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void whileNoPodCanBeReachedStreamsGetATimeToRetry() throws Exception {
    int closed;
    try (RecordingPod pod = new RecordingPod()) {
      closed = pod.port();
    }
    try (NginxProcess alone = NginxProcess.start(folder.resolve("alone"), closed, Map.of())) {
      List<String> bodies = new ArrayList<>();
      for (String path :
          List.of("/api/jobs/1/events", "/api/upload/sse/1", "/sse/stream?transactionId=1")) {
        HttpResponse<String> stream = get(alone.uri(path));
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type"))
            .hasValue("text/event-stream;charset=UTF-8");
        assertThat(stream.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(stream.body()).matches("retry: [2-9]\\d{3}\n: no pod can be reached\n\n");
        bodies.add(stream.body());
      }
      assertThat(bodies).doesNotHaveDuplicates();

      for (HttpRequest.Builder request :
          List.of(
              HttpRequest.newBuilder(alone.uri("/")),
              HttpRequest.newBuilder(alone.uri("/api/jobs/1")).header("Prefer", "wait=5"),
              HttpRequest.newBuilder(alone.uri("/api/upload/csv"))
                  .POST(BodyPublishers.ofString("sku,name\n")))) {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(JSON.readTree(answer.body()).get("type").asString())
            .isEqualTo("urn:waybill:problem:unavailable");
      }
    }
  }

  @Test
  void oneAddressHoldsOnlySoManyConnections() throws Exception {
    Map<String, String> limits = Map.of("STREAMS_PER_ADDRESS", "2", "REQUESTS_PER_ADDRESS", "2");
    try (RecordingPod pod = new RecordingPod();
        NginxProcess limited = NginxProcess.start(folder.resolve("limited"), pod.port(), limits)) {
      for (String path : List.of("/api/jobs/1/events", "/api/upload/sse/1", "/", "/js/main.js")) {
        http.sendAsync(HttpRequest.newBuilder(limited.uri(path)).build(), BodyHandlers.ofString());
        pod.next();
      }

      assertThat(get(limited.uri("/api/jobs/1/events")).body()).startsWith("retry: ");
      HttpResponse<String> other = get(limited.uri("/"));
      assertThat(other.statusCode()).isEqualTo(429);
      assertThat(other.body()).contains("urn:waybill:problem:too-many-requests");
    }
  }

  @Test
  void aPodLearnsWhoAskedAndHow() throws Exception {
    try (RecordingPod pod = new RecordingPod();
        NginxProcess front = NginxProcess.start(folder.resolve("front"), pod.port(), Map.of())) {
      var answer =
          http.sendAsync(
              HttpRequest.newBuilder(front.uri("/api/jobs/1/events?lastEventId=1-2"))
                  .headers("X-Forwarded-For", "192.0.2.7", "Last-Event-ID", "1-2")
                  .build(),
              BodyHandlers.ofString());
      RecordingPod.Asked asked = pod.next();
      asked.answer("500 Internal Server Error", "");

      assertThat(asked.head())
          .startsWith("GET /api/jobs/1/events?lastEventId=1-2 HTTP/1.1")
          .contains(
              "Host: 127.0.0.1:" + front.port(),
              "X-Forwarded-For: 127.0.0.1",
              "X-Forwarded-Proto: http",
              "X-Forwarded-Host: 127.0.0.1:" + front.port(),
              "X-Forwarded-Port: " + front.port(),
              "Last-Event-ID: 1-2")
          .noneMatch(line -> line.startsWith("Connection:"));
      assertThat(answer.get().statusCode()).as("as for every broken stream").isEqualTo(200);
      assertThat(answer.get().body()).startsWith("retry: ");
    }
  }

  private static byte[] csv(int rows) {
    StringBuilder csv = new StringBuilder("sku,name,price\n");
    for (int row = 1; row <= rows; row++) {
      csv.append("SKU-").append(row).append(",A mug that is numbered ").append(row);
      csv.append(",").append(row % 100).append(".50\n");
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode upload(byte[] file) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(nginx.uri("/api/upload/csv"))
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofByteArray(file))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return JSON.readTree(answer.body());
  }

  private static InputStream stream(String id) throws Exception {
    return http.send(
            HttpRequest.newBuilder(nginx.uri("/api/jobs/" + id + "/events")).build(),
            BodyHandlers.ofInputStream())
        .body();
  }

  private static HttpResponse<String> get(URI uri, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static long largestFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().contains(".db"))
          .mapToLong(NginxIT::sizeOf)
          .max()
          .orElse(0);
    } catch (UncheckedIOException e) {
      return 0; // a file was deleted meanwhile
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
