package dev.waybill.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.proxy.TrustCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Three pods that need a credential, behind an nginx that does not close the list of jobs: the
 * settings of {@code docker-compose.yml}.
 */
class AccessBehindNginxIT {

  private static final int EMITTERS = 3;
  private static final int UPLOADS = 2;
  private static final String STREAM = "/api/streams/user-42-orders/events";
  private static final String CSV = "sku,name\nA1,Chair\n";
  private static final JsonMapper JSON = JsonMapper.shared();

  private static Cluster cluster;
  private static HttpClient client;
  private static URI http;
  private static URI https;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        Cluster.upWithAccess(
            "--waybill.quotas.emitters=" + EMITTERS, "--waybill.quotas.uploads-at-once=" + UPLOADS);
    client =
        HttpClient.newBuilder().sslContext(TrustCertificate.only(cluster.certificate())).build();
    http = URI.create("http://127.0.0.1:" + cluster.nginxPort());
    https = URI.create("https://localhost:" + cluster.nginxTlsPort());
  }

  @AfterAll
  static void stop() {
    client.shutdownNow();
    cluster.close();
  }

  @Test
  @Shows("access.proxy")
  void withoutACredentialOnlyThePageOpens() throws Exception {
    for (String path :
        List.of(
            "/api/jobs",
            "/api/jobs/0123456789abcdef0123456789abcdef/events",
            "/sse/stream?transactionId=0123456789abcdef0123456789abcdef",
            STREAM,
            "/api/events?stream=user-42-orders",
            "/api/emitters",
            "/api/products",
            "/api/keys")) {
      HttpResponse<String> refused = send(to(http, path));
      assertThat(refused.statusCode()).as(path).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate")).as(path).isPresent();
    }
    assertThat(send(uploadTo(http)).statusCode()).isEqualTo(401);
    assertThat(refusalOfSocket(client.newWebSocketBuilder(), http)).isEqualTo(401);
    assertThat(send(to(http, "/")).statusCode()).isEqualTo(200);
  }

  @Test
  @Shows({"access.proxy", "access.owner.list"})
  void theListOfJobsShowsEachCallerItsOwn() throws Exception {
    String one = newKey();
    String other = newKey();
    String job = upload(one);
    String otherJob = upload(other);

    assertThat(jobsOf(one)).containsExactly(job);
    assertThat(jobsOf(other)).containsExactly(otherJob);
    assertThat(jobsOf(cluster.firstKey())).contains(job, otherJob);
  }

  @Test
  @Shows("access.proxy")
  void aJobIsWatchedWithTheKeyOfItsOwner() throws Exception {
    String key = newKey();
    String events = "/api/jobs/" + upload(key) + "/events";

    HttpResponse<String> watched = send(by(key, to(http, events)));
    assertThat(watched.statusCode()).isEqualTo(200);
    assertThat(watched.body()).contains("event: complete\n");
    assertThat(send(by(newKey(), to(http, events))).statusCode()).isEqualTo(404);
  }

  @Test
  @Shows("access.proxy")
  void aWebSocketOpensWithAKeyThatMayWatch() throws Exception {
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    WebSocket socket =
        openSocket(
            client.newWebSocketBuilder().header("Authorization", "Bearer " + newKey()),
            http,
            messages);

    assertThat(messages.poll(10, TimeUnit.SECONDS)).contains("\"waybill.open\"");
    socket.abort();
    String uploader = made("\"scopes\":[\"upload\"]");
    assertThat(
            refusalOfSocket(
                client.newWebSocketBuilder().header("Authorization", "Bearer " + uploader), http))
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Shows({"access.proxy", "access.session", "access.session.csrf"})
  void theCookieOfThePageWorksForThePageOnly(boolean tls) throws Exception {
    URI nginx = tls ? https : http;
    HttpResponse<String> opened =
        send(
            by(newKey(), to(nginx, "/api/session"))
                .header("Origin", nginx.toString())
                .header("X-Forwarded-Proto", "https") // nginx replaces it
                .POST(BodyPublishers.noBody()));
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    String header = opened.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(header).startsWith(tls ? "__Host-waybill-session=" : "waybill-session=");
    assertThat(header.contains("Secure")).isEqualTo(tls);
    String cookie = header.substring(0, header.indexOf(';'));

    assertThat(send(to(nginx, "/api/jobs").header("Cookie", cookie)).statusCode()).isEqualTo(200);
    HttpRequest.Builder upload = uploadTo(nginx).header("Cookie", cookie);
    assertThat(send(upload.copy().header("Origin", nginx.toString())).statusCode()).isEqualTo(202);
    WebSocket.Builder socket = client.newWebSocketBuilder().header("Cookie", cookie);
    for (String foreign : List.of("https://evil.example", "https://" + nginx.getHost())) {
      assertThat(send(upload.copy().header("Origin", foreign)).statusCode()).isEqualTo(403);
    }
    assertThat(send(upload.copy()).statusCode()).as("no Origin").isEqualTo(403);
    assertThat(refusalOfSocket(socket, nginx)).as("no Origin").isEqualTo(403);
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    WebSocket watching = openSocket(socket.header("Origin", nginx.toString()), nginx, messages);
    assertThat(messages.poll(10, TimeUnit.SECONDS)).contains("\"waybill.open\"");
    watching.abort();

    HttpRequest.Builder end =
        to(nginx, "/api/session").header("Cookie", cookie).header("Origin", nginx.toString());
    assertThat(send(end.DELETE()).statusCode()).isEqualTo(204);
    await().until(() -> send(to(nginx, "/api/jobs").header("Cookie", cookie)).statusCode() == 401);
  }

  /** The pod stays dead. The other tests work with two pods as well. */
  @Test
  @Shows("access.quota.at-once")
  void whatAKilledPodHeldIsFreeAgain() throws Exception {
    String key = newKey();
    URI dying = URI.create("http://127.0.0.1:" + cluster.podPort("2"));
    URI living = URI.create("http://127.0.0.1:" + cluster.podPort("1"));
    for (int i = 0; i < EMITTERS; i++) {
      assertThat(watches(dying, key)).isTrue();
    }
    List<Socket> uploads = new ArrayList<>();
    for (int i = 0; i < UPLOADS; i++) {
      uploads.add(startUpload(dying, key));
    }
    await().until(() -> send(by(key, uploadTo(living))).statusCode() == 429);
    assertThat(watches(living, key)).isFalse();

    cluster.kill("2");

    await("streams and uploads of the dead pod no longer count")
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> watches(http, key) && send(by(key, uploadTo(http))).statusCode() == 202);
    for (Socket upload : uploads) {
      upload.close();
    }
  }

  /** A refused client gets 200 with a {@code retry:} time, and no emitter ID. */
  private static boolean watches(URI entry, String key) throws Exception {
    HttpResponse<InputStream> stream =
        client.send(by(key, to(entry, STREAM)).build(), BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    return stream.headers().firstValue("X-Waybill-Emitter").isPresent();
  }

  /** Starts an upload and never sends its last byte. */
  private static Socket startUpload(URI pod, String key) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), pod.getPort());
    socket
        .getOutputStream()
        .write(
            """
            POST /api/upload/csv HTTP/1.1\r
            Host: localhost\r
            Content-Type: text/csv\r
            Authorization: Bearer %s\r
            Content-Length: %d\r
            \r
            %s\
            """
                .formatted(key, CSV.length() + 1, CSV)
                .getBytes(UTF_8));
    return socket;
  }

  private static String newKey() throws Exception {
    return made("\"scopes\":[\"upload\",\"watch\"],\"watch\":[\"user-42-*\"]");
  }

  private static String made(String properties) throws Exception {
    HttpResponse<String> answer =
        send(
            by(cluster.firstKey(), to(http, "/api/keys"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"test\"," + properties + "}")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body()).get("key").asString();
  }

  private static String upload(String key) throws Exception {
    HttpResponse<String> answer = send(by(key, uploadTo(http)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return JSON.readTree(answer.body()).get("transactionId").asString();
  }

  private static List<String> jobsOf(String key) throws Exception {
    HttpResponse<String> answer = send(by(key, to(http, "/api/jobs")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body())
        .get("items")
        .valueStream()
        .map((JsonNode job) -> job.get("transactionId").asString())
        .toList();
  }

  private static int refusalOfSocket(WebSocket.Builder socket, URI nginx) {
    ExecutionException failed =
        catchThrowableOfType(
            ExecutionException.class, () -> openSocket(socket, nginx, new LinkedBlockingQueue<>()));
    assertThat(failed).hasCauseInstanceOf(WebSocketHandshakeException.class);
    return ((WebSocketHandshakeException) failed.getCause()).getResponse().statusCode();
  }

  private static WebSocket openSocket(
      WebSocket.Builder socket, URI nginx, BlockingQueue<String> messages) throws Exception {
    return socket
        .buildAsync(
            URI.create(nginx.toString().replaceFirst("^http", "ws") + STREAM),
            new WebSocket.Listener() {
              @Override
              public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                messages.add(text.toString());
                socket.request(1);
                return null;
              }
            })
        .get(10, TimeUnit.SECONDS);
  }

  private static HttpRequest.Builder uploadTo(URI entry) {
    return to(entry, "/api/upload/csv")
        .header("Content-Type", "text/csv")
        .POST(BodyPublishers.ofString(CSV));
  }

  private static HttpRequest.Builder by(String key, HttpRequest.Builder request) {
    return request.header("Authorization", "Bearer " + key);
  }

  private static HttpRequest.Builder to(URI entry, String path) {
    return HttpRequest.newBuilder(entry.resolve(path)).timeout(Duration.ofSeconds(30));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
