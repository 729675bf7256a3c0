package dev.waybill.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * When nginx sends a request to a second pod: only if nothing of it was sent to the first one. A
 * request that ends a pod would otherwise end all of them, one after the other.
 */
class NginxRepeatIT {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;
  private final List<RecordingPod> pods = new ArrayList<>();
  private final List<Socket> refusingPorts = new ArrayList<>();
  private final HttpClient http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
  private NginxProcess nginx;

  /**
   * Starts nginx in front of three pods, some of which refuse connections: their ports are taken,
   * but nothing listens there.
   */
  private void start(int refusing) throws Exception {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      if (i < refusing) {
        Socket port = new Socket();
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        refusingPorts.add(port);
        ports.add(port.getLocalPort());
      } else {
        pods.add(new RecordingPod());
        ports.add(pods.getLast().port());
      }
    }
    nginx = NginxProcess.start(folder, ports, Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    nginx.close();
    for (RecordingPod pod : pods) {
      pod.close();
    }
    for (Socket port : refusingPorts) {
      port.close();
    }
    http.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/jobs/ID, 503",
    "HEAD, /api/jobs/ID, 503",
    "DELETE, /api/jobs/ID, 503",
    "GET, /api/products?sku=A1, 503",
    "POST, /api/upload/csv, 503",
    "GET, /api/jobs/ID/events, 200",
    "GET, /sse/stream?transactionId=ID, 200",
    "POST, /api/streams/ID/events, 503",
    "DELETE, /api/streams/ID, 503",
    "GET, /api/streams/ID/events, 200",
    "GET, /api/events?stream=ID, 200",
    "GET, /api/records/order/ID/events, 200",
    "POST, /api/emitters/ID/events, 503",
    "DELETE, /api/emitters/ID, 503",
    "POST, /api/jobs, 503",
    "POST, /api/jobs/ID/events, 503"
  })
  void aRequestThatEndedAPodReachesNoOther(String method, String path, int status)
      throws Exception {
    start(0);
    CompletableFuture<HttpResponse<String>> answer = send(method, path);
    next().reset();

    HttpResponse<String> got = answer.get(10, TimeUnit.SECONDS);
    assertThat(got.statusCode()).isEqualTo(status);
    if (status == 200) {
      assertThat(got.body()).startsWith("retry: ");
    } else if (!method.equals("HEAD")) {
      assertThat(got.body()).contains("urn:waybill:problem:unavailable");
    }
    assertThat(pods).noneMatch(RecordingPod::wasAsked);
    assertNoIdInTheLog("answers=[502]");
  }

  @Test
  void anAnswerThatBreaksOffIsNotRepeated() throws Exception {
    start(0);
    CompletableFuture<HttpResponse<String>> answer = send("GET", "/api/jobs/ID");
    next().answerHalf();

    assertThat(answer).failsWithin(10, TimeUnit.SECONDS);
    assertThat(pods).noneMatch(RecordingPod::wasAsked);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/jobs/ID",
    "DELETE, /api/jobs/ID",
    "POST, /api/upload/csv",
    "GET, /api/jobs/ID/events",
    "GET, /api/upload/sse/ID",
    "GET, /api/streams/ID/events",
    "GET, /api/events?stream=ID",
    "POST, /api/streams/ID/events",
    "POST, /api/emitters/ID/events",
    "POST, /api/jobs",
    "POST, /api/jobs/ID/events"
  })
  void aPodThatCannotBeReachedCostsNothing(String method, String path) throws Exception {
    start(2);
    // nginx asks the pods in turn, so some of these find a closed one first.
    for (int i = 0; i < 3; i++) {
      CompletableFuture<HttpResponse<String>> answer = send(method, path);
      next().answer("200 OK", "fine");

      assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("fine");
    }
    assertNoIdInTheLog("sent=[0");
  }

  @Test
  void aStreamWhoseSecondPodEndsComesBackLater() throws Exception {
    start(1);
    for (int i = 0; i < 3; i++) {
      CompletableFuture<HttpResponse<String>> answer = send("GET", "/api/jobs/ID/events");
      next().reset();
      assertThat(answer.get(10, TimeUnit.SECONDS).body()).startsWith("retry: ");
      assertThat(pods).noneMatch(RecordingPod::wasAsked);
      Awaitility.await("nginx uses the pods again")
          .atMost(10, TimeUnit.SECONDS)
          .pollInterval(200, TimeUnit.MILLISECONDS)
          .until(this::someonePodIsUsed);
    }
  }

  private boolean someonePodIsUsed() throws Exception {
    CompletableFuture<HttpResponse<String>> probe = send("GET", "/");
    Awaitility.await()
        .atMost(5, TimeUnit.SECONDS)
        .until(() -> probe.isDone() || pods.stream().anyMatch(RecordingPod::wasAsked));
    if (!probe.isDone()) {
      next().answer("200 OK", "fine");
    }
    return probe.get(5, TimeUnit.SECONDS).statusCode() == 200;
  }

  private void assertNoIdInTheLog(String expected) throws IOException {
    Awaitility.await()
        .atMost(5, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(nginx.logs()).contains(expected));
    assertThat(nginx.logs()).doesNotContain(SECRET);
  }

  private CompletableFuture<HttpResponse<String>> send(String method, String path) {
    return http.sendAsync(
        HttpRequest.newBuilder(nginx.uri(path.replace("ID", SECRET)))
            // Only a GET may be answered with a stream that comes back later. A POST that accepts a
            // stream must see that it failed.
            .header("Accept", "text/event-stream")
            .method(
                method,
                method.equals("POST")
                    ? BodyPublishers.ofString("sku,name\n")
                    : BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  /** The next request, at whichever pod it arrives. */
  private RecordingPod.Asked next() throws Exception {
    Awaitility.await("a pod is asked")
        .atMost(10, TimeUnit.SECONDS)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .until(() -> pods.stream().anyMatch(RecordingPod::wasAsked));
    return pods.stream().filter(RecordingPod::wasAsked).findFirst().orElseThrow().next();
  }
}
