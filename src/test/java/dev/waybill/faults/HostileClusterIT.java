package dev.waybill.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Hostile clients at nginx, in front of three pods with small heaps. */
class HostileClusterIT {

  private static Cluster cluster;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    cluster = Cluster.up();
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    http.close();
    cluster.close();
  }

  @Test
  void eventsReachWatchersOfEveryPodAlthoughHostsAreChecked() throws Exception {
    String id = upload();
    for (int entry : cluster.entries()) {
      HttpResponse<String> events = get(entry, "/api/jobs/" + id + "/events");
      assertThat(events.body()).as("port " + entry).contains("event: complete\n");
    }
  }

  @Test
  void aForeignHostIsRefusedThroughNginxAndAtThePod() throws Exception {
    for (int entry : cluster.entries()) {
      for (String more :
          List.of("", "X-Forwarded-Host: localhost\r\n", "Forwarded: host=localhost\r\n")) {
        String answer =
            raw(
                entry,
                "GET /api/products?sku=A1 HTTP/1.1\r\nHost: evil.example\r\n"
                    + more
                    + "Connection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("urn:waybill:problem:host");
      }
    }
  }

  @Test
  void aPodThatEndsWithARequestInProgressIsTheOnlyOneAndNoIdIsLogged() throws Exception {
    cluster.slowDown();
    String id = uploadOf(200_000);
    Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> cluster.importing(id).isPresent());
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      waiting.add(
          http.sendAsync(
              HttpRequest.newBuilder(uri(cluster.nginxPort(), "/api/jobs/" + id + "/events"))
                  .build(),
              BodyHandlers.ofString()));
    }
    Awaitility.await("some watchers are at each pod")
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Cluster.PODS.stream().allMatch(HostileClusterIT::isWatched));
    cluster.kill("2");
    try {
      Awaitility.await("watchers of the dead pod are sent away")
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> waiting.stream().anyMatch(CompletableFuture::isDone));
      HttpResponse<String> job = get(cluster.nginxPort(), "/api/jobs/" + id);
      assertThat(job.statusCode()).isEqualTo(200);
      assertThat(cluster.nginxLogs()).doesNotContain(id);
      assertThat(cluster.isRunning("1")).isTrue();
      assertThat(cluster.isRunning("3")).isTrue();
    } finally {
      http.send(
          HttpRequest.newBuilder(uri(cluster.podPort("1"), "/api/jobs/" + id)).DELETE().build(),
          BodyHandlers.discarding());
      cluster.heal();
    }
  }

  @Test
  void thousandsOfHalfHeadsAtNginxAndAtAPodLeaveRoomForOthers() throws Exception {
    long logged = cluster.logBytes("1");
    List<Socket> heads = new ArrayList<>();
    try {
      for (int port : List.of(cluster.nginxPort(), cluster.podPort("1"))) {
        for (int i = 0; i < 1_500; i++) {
          Socket socket = new Socket();
          socket.bind(new InetSocketAddress("127.0.0.66", 0));
          socket.connect(new InetSocketAddress("127.0.0.1", port), 2_000);
          socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n".getBytes(UTF_8));
          heads.add(socket);
        }
      }
      for (int i = 0; i < 20; i++) {
        for (int port : List.of(cluster.nginxPort(), cluster.podPort("1"))) {
          long start = System.nanoTime();
          String answer =
              raw(port, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
          assertThat(answer).startsWith("HTTP/1.1 200 ");
          assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    } finally {
      for (Socket head : heads) {
        head.close();
      }
    }
    assertThat(Cluster.PODS).allMatch(cluster::isRunning);
    assertThat(cluster.logBytes("1") - logged).isLessThan(20_000);
  }

  private static boolean isWatched(String pod) {
    try {
      return get(cluster.podPort(pod), "/actuator/prometheus")
          .body()
          .lines()
          .anyMatch(line -> line.matches("waybill_emitters(\\{.*})? [1-9].*"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String upload() throws Exception {
    return uploadOf(1);
  }

  private static String uploadOf(int rows) throws Exception {
    StringBuilder csv = new StringBuilder("sku,name\n");
    for (int row = 1; row <= rows; row++) {
      csv.append("H-").append(row).append(",Chair\n");
    }
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(uri(cluster.nginxPort(), "/api/upload/csv"))
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv.toString()))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode job = JsonMapper.shared().readTree(answer.body());
    return job.get("transactionId").asString();
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(port, path)).timeout(Duration.ofSeconds(30)).build(),
        BodyHandlers.ofString());
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static String raw(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
