package dev.waybill.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waybill.WaybillApplication;
import dev.waybill.contract.Shows;
import dev.waybill.platform.OutageLog;
import dev.waybill.storage.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Three complete pods with access control. A key, a revocation or a count on one pod takes effect
 * on all pods.
 */
class AccessOverPodsTest {

  private static final String ADMIN = "bootstrap-key-of-thirty-two-characters-or-more";
  private static final String JWT_SECRET = "a secret that the login of the shop shares with us";
  private static final byte[] SECOND_ROW = "A2,Table\n".getBytes(UTF_8);
  private static final int CREDENTIAL_ENDED = 4401;
  private static final int SKEW_SECONDS = 60;
  private static final int EMITTERS = 20;
  private static final int UPLOADS = 6;
  private static final String STREAM = "/api/streams/user-42-orders/events";
  private static final String KEY =
      """
      {"name": "shop", "scopes": ["watch", "publish"],
       "watch": ["user-42-*"], "publish": ["user-42-*"]}\
      """;

  @TempDir private static Path folder;

  private static final List<ConfigurableApplicationContext> PODS = new ArrayList<>();
  private static final List<Integer> PORTS = new ArrayList<>();
  private static TestRedis redis;

  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.shared();

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    String database = PostgresServer.newDatabase();
    // Both transports are used, and two pods have the same transport.
    for (String transport : List.of("emitter", "socket", "emitter")) {
      int port = TestRedis.freePort();
      PORTS.add(port);
      PODS.add(
          new SpringApplicationBuilder(WaybillApplication.class)
              .registerShutdownHook(false)
              .run(
                  "--spring.profiles.active=cluster",
                  "--server.port=" + port,
                  "--server.address=127.0.0.1",
                  "--server.shutdown=immediate",
                  "--spring.main.banner-mode=off",
                  "--spring.data.redis.port=" + redis.port,
                  // A pod that cannot ask Redis counts alone, so it must not give up too soon.
                  "--spring.data.redis.timeout=5s",
                  "--spring.datasource.url=" + database,
                  "--spring.datasource.username=" + PostgresServer.USER,
                  "--waybill.data-dir=" + folder,
                  "--waybill.cluster.secret=" + TestPod.SECRET,
                  "--waybill.cluster.advertise-url=http://127.0.0.1:" + port,
                  "--waybill.stream.transport=" + transport,
                  "--waybill.access.bootstrap-key=" + ADMIN,
                  "--waybill.access.jwt.secret=" + JWT_SECRET,
                  "--waybill.quotas.emitters=" + EMITTERS,
                  "--waybill.quotas.uploads-at-once=" + UPLOADS));
    }
  }

  @AfterAll
  static void stop() {
    PODS.forEach(ConfigurableApplicationContext::close);
    redis.close();
  }

  @Test
  @Shows({"access.revoke.pods", "access.key.fresh"})
  void aRevokedKeyEndsItsStreamsAndThoseOfItsTokensOnAllPodsWithinFiveSeconds() throws Exception {
    JsonNode made = json.readTree(send(0, "POST", "/api/keys", ADMIN, KEY).body());
    String key = made.get("key").asString();
    String token =
        json.readTree(
                send(0, "POST", "/api/tokens", key, "{\"watch\":[\"user-42-orders\"]}").body())
            .get("token")
            .asString();
    List<HttpResponse<InputStream>> streams = new ArrayList<>();
    List<SocketMessages> sockets = new ArrayList<>();
    for (int pod = 2; pod >= 0; pod--) {
      // The token works immediately, also on the pods that did not make the key.
      streams.add(open(pod, STREAM + "?access_token=" + token, ""));
      streams.add(open(pod, STREAM, key));
      sockets.add(openSocket(pod, STREAM + "?access_token=" + token, ""));
      sockets.add(openSocket(pod, STREAM, key));
    }
    assertThat(streams).allSatisfy(stream -> assertThat(stream.statusCode()).isEqualTo(200));
    assertThat(send(1, "POST", STREAM, key, "{\"data\":{\"n\":1}}").statusCode()).isEqualTo(200);

    long since = System.nanoTime();
    assertThat(send(0, "DELETE", "/api/keys/" + made.get("id").asString(), ADMIN, "").statusCode())
        .isEqualTo(204);

    for (HttpResponse<InputStream> stream : streams) {
      String all = new String(stream.body().readAllBytes(), UTF_8);
      assertThat(all).contains("data: {\"n\":1}");
      // The last event has no ID, so a client keeps the ID of the event before it.
      assertThat(all).endsWith("\n\nevent: waybill.expired\ndata: {}\n\n");
    }
    for (SocketMessages socket : sockets) {
      assertThat(socket.closed.get(5, SECONDS)).isEqualTo(CREDENTIAL_ENDED);
      assertThat(socket.all.toString())
          .contains("\"data\":{\"n\":1}")
          .endsWith("{\"event\":\"waybill.expired\",\"data\":{}}");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(5));
    for (int pod = 0; pod < 3; pod++) {
      assertThat(send(pod, "GET", STREAM, key, "").statusCode()).isEqualTo(401);
      assertThat(send(pod, "GET", STREAM + "?access_token=" + token, "", "").statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  @Shows("access.expired.pods")
  void anExpiredCredentialEndsItsStreamsOnAllPodsWithinFiveSeconds() throws Exception {
    Instant end = Instant.now().plusSeconds(8);
    String jwt = jwt(end.minusSeconds(SKEW_SECONDS));
    String key =
        json.readTree(
                send(
                        0,
                        "POST",
                        "/api/keys",
                        ADMIN,
                        KEY.replace("}", ",\"expiresAt\":\"%s\"}".formatted(end)))
                    .body())
            .get("key")
            .asString();
    JsonNode made =
        json.readTree(
            send(0, "POST", "/api/tokens", ADMIN, "{\"watch\":[\"user-42-orders\"],\"ttl\":\"8s\"}")
                .body());
    String token = made.get("token").asString();
    Instant tokenEnd = Instant.parse(made.get("expiresAt").asString());
    List<HttpResponse<InputStream>> streams = new ArrayList<>();
    List<SocketMessages> sockets = new ArrayList<>();
    for (int pod = 0; pod < 3; pod++) {
      for (String credential : List.of(jwt, key)) {
        streams.add(open(pod, STREAM, credential));
        sockets.add(openSocket(pod, STREAM, credential));
      }
      streams.add(open(pod, STREAM + "?access_token=" + token, ""));
      sockets.add(openSocket(pod, STREAM + "?access_token=" + token, ""));
    }

    for (HttpResponse<InputStream> stream : streams) {
      assertThat(new String(stream.body().readAllBytes(), UTF_8))
          .endsWith("event: waybill.expired\ndata: {}\n\n");
    }
    for (SocketMessages socket : sockets) {
      assertThat(socket.closed.get(20, SECONDS)).isEqualTo(CREDENTIAL_ENDED);
    }
    // The token expires last, so the time is measured from its end.
    assertThat(Instant.now()).isBetween(end, tokenEnd.plusSeconds(5));
    for (int pod = 0; pod < 3; pod++) {
      for (String credential : List.of(jwt, key, token)) {
        assertThat(send(pod, "GET", STREAM, credential, "").statusCode()).isEqualTo(401);
      }
    }
  }

  @Test
  @Shows("access.quota.at-once")
  void theStreamsOfAPrincipalAreCountedOverAllPods() throws Exception {
    String key = newKey();
    double refused = refusedEmitters();
    List<HttpResponse<InputStream>> opened = openMany(key, 36);
    List<HttpResponse<InputStream>> watching = opened.stream().filter(this::watches).toList();
    assertThat(watching).hasSize(EMITTERS);
    assertThat(refusedEmitters() - refused).isEqualTo(36 - EMITTERS);
    assertThat(watches(open(2, STREAM, newKey()))).as("another principal").isTrue();

    for (HttpResponse<InputStream> one : watching.subList(0, 5)) {
      one.body().close();
    }

    // A pod notices only at its next write that a client has left.
    AtomicInteger again = new AtomicInteger();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              send(0, "POST", STREAM, ADMIN, "{\"data\":{\"n\":2}}");
              if (watches(open(again.get() % 3, STREAM, key))) {
                again.incrementAndGet();
              }
              return again.get() == 5;
            });
    assertThat(openMany(key, 3)).noneMatch(this::watches);
  }

  @Test
  @Shows("access.quota.at-once")
  void theUploadsOfAPrincipalAreCountedOverAllPods() throws Exception {
    String key =
        json.readTree(
                send(0, "POST", "/api/keys", ADMIN, "{\"name\":\"up\",\"scopes\":[\"upload\"]}")
                    .body())
            .get("key")
            .asString();
    List<Socket> uploads = new ArrayList<>();
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    for (int i = 0; i < UPLOADS + 3; i++) {
      Socket upload = startUpload(i % 3, key);
      uploads.add(upload);
      Thread.startVirtualThread(() -> answers.add(answer(upload)));
    }
    for (int i = 0; i < 3; i++) {
      assertThat(answers.poll(20, SECONDS))
          .startsWith("HTTP/1.1 429")
          .contains("RateLimit-Policy: \"uploads-at-once\";q=" + UPLOADS);
    }
    try (Socket refused = startUpload(1, key)) {
      assertThat(answer(refused)).startsWith("HTTP/1.1 429");
    }

    for (Socket upload : uploads) {
      try {
        upload.getOutputStream().write(SECOND_ROW);
      } catch (SocketException e) {
        assertThat(answer(upload)).as("one that was refused").isEmpty();
      }
    }

    for (int i = 0; i < UPLOADS; i++) {
      assertThat(answers.poll(20, SECONDS)).startsWith("HTTP/1.1 202");
    }
    for (Socket upload : uploads) {
      upload.close();
    }
    await()
        .until(
            () -> {
              try (Socket upload = startUpload(1, key)) {
                upload.getOutputStream().write(SECOND_ROW);
                return answer(upload).startsWith("HTTP/1.1 202");
              }
            });
  }

  @Test
  void whatACrashedPodHeldIsFreeAgainAfterItsLife() {
    Redis redis = PODS.getFirst().getBean("redis", Redis.class);
    OutageLog outages = PODS.getFirst().getBean(OutageLog.class);
    Duration life = Duration.ofSeconds(1);
    CountPlacesInRedis crashed = new CountPlacesInRedis(redis, outages, life);
    CountPlacesInRedis living = new CountPlacesInRedis(redis, outages, life);
    for (int i = 0; i < 5; i++) {
      assertThat(crashed.tryTake("emitters:key:9", "crashed-" + i, 10)).isTrue();
      assertThat(living.tryTake("emitters:key:9", "living-" + i, 10)).isTrue();
    }
    assertThat(living.tryTake("emitters:key:9", "one-more", 10)).isFalse();

    crashed.stop(); // As after a crash, the places stay taken.

    await().until(() -> living.tryTake("emitters:key:9", "living-5", 10));
    for (int i = 6; i < 10; i++) {
      assertThat(living.tryTake("emitters:key:9", "living-" + i, 10)).isTrue();
    }
    assertThat(living.tryTake("emitters:key:9", "one-more", 10)).as("renewed").isFalse();
    living.stop();
  }

  @Test
  void aRenewalThatComesFirstDoesNotTakeTheOnlyPlaceOfItsOwnCaller() {
    CountPlacesInRedis places =
        new CountPlacesInRedis(
            PODS.getFirst().getBean("redis", Redis.class),
            PODS.getFirst().getBean(OutageLog.class),
            Duration.ofMinutes(1));
    assertThat(places.tryTake("emitters:key:8", "written-by-a-renewal", 1)).isTrue();

    assertThat(places.tryTake("emitters:key:8", "written-by-a-renewal", 1)).isTrue();
    assertThat(places.tryTake("emitters:key:8", "another", 1)).isFalse();
    places.stop();
  }

  private String newKey() throws Exception {
    return json.readTree(send(0, "POST", "/api/keys", ADMIN, KEY).body()).get("key").asString();
  }

  /** Opens streams on all pods at the same moment. */
  private List<HttpResponse<InputStream>> openMany(String key, int count) throws Exception {
    List<HttpResponse<InputStream>> opened = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<InputStream>>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int pod = i % 3;
        all.add(clients.submit(() -> open(pod, STREAM, key)));
      }
      for (Future<HttpResponse<InputStream>> each : all) {
        opened.add(each.get());
      }
    }
    return opened;
  }

  /** A refused client gets 200 with a {@code retry:} time, and no emitter ID. */
  private boolean watches(HttpResponse<InputStream> stream) {
    assertThat(stream.statusCode()).isEqualTo(200);
    return stream.headers().firstValue("X-Waybill-Emitter").isPresent();
  }

  /** Sends the start of an upload, which stays in progress until the second row is sent. */
  private static Socket startUpload(int pod, String key) throws IOException {
    Socket socket = new Socket("127.0.0.1", PORTS.get(pod));
    byte[] start = "sku,name\nA1,Chair\n".getBytes(UTF_8);
    String head =
        "POST /api/upload/csv HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: text/csv\r\n"
            + "Authorization: Bearer %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n";
    socket
        .getOutputStream()
        .write(
            head.formatted(PORTS.get(pod), key, start.length + SECOND_ROW.length)
                .getBytes(US_ASCII));
    socket.getOutputStream().write(start);
    return socket;
  }

  /** Reads the head of the answer; returns an empty text if the connection was reset. */
  private static String answer(Socket socket) {
    try {
      StringBuilder head = new StringBuilder();
      for (int next = 0; next >= 0 && head.indexOf("\r\n\r\n") < 0; ) {
        next = socket.getInputStream().read();
        head.append((char) next);
      }
      return head.toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static String jwt(Instant expiry) throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject("42")
                .expirationTime(Date.from(expiry))
                .claim("waybill", Map.of("scopes", List.of("watch"), "watch", List.of("user-42-*")))
                .build());
    token.sign(new MACSigner(JWT_SECRET.getBytes(UTF_8)));
    return token.serialize();
  }

  /** The messages of a WebSocket, and the code with which it closes. */
  private static final class SocketMessages implements WebSocket.Listener {
    private final StringBuffer all = new StringBuffer();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      all.append(part);
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }

  private SocketMessages openSocket(int pod, String path, String key) throws Exception {
    SocketMessages messages = new SocketMessages();
    WebSocket.Builder builder = http.newWebSocketBuilder();
    if (!key.isEmpty()) {
      builder.header("Authorization", "Bearer " + key);
    }
    builder
        .buildAsync(URI.create("ws://127.0.0.1:" + PORTS.get(pod) + path), messages)
        .get(10, SECONDS);
    return messages;
  }

  private HttpResponse<InputStream> open(int pod, String path, String key) throws Exception {
    return http.send(
        request(pod, path, key).header("Accept", "text/event-stream").build(),
        BodyHandlers.ofInputStream());
  }

  /** How many streams all pods together have refused because of the quota. */
  private double refusedEmitters() throws Exception {
    double refused = 0;
    for (int pod = 0; pod < 3; pod++) {
      refused +=
          send(pod, "GET", "/actuator/prometheus", ADMIN, "")
              .body()
              .lines()
              .filter(line -> line.startsWith("waybill_quota_refused_total{quota=\"emitters\"}"))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
              .sum();
    }
    return refused;
  }

  private HttpResponse<String> send(int pod, String method, String path, String key, String body)
      throws Exception {
    return http.send(
        request(pod, path, key)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(int pod, String path, String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORTS.get(pod) + path));
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }
}
