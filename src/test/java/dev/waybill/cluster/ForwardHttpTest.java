package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.event.EventId;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.FakeJobs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

/**
 * The endpoint at which pods receive events from each other, called by a client without the secret.
 */
class ForwardHttpTest {

  private static final FakeJobs JOBS = new FakeJobs();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static TestRedis redis;
  private static TestPod pod;

  private final String job = UUID.randomUUID().toString();
  private final SignRequest signRequest = new SignRequest(TestPod.SECRET, Clock.systemUTC());
  private final byte[] event =
      new JsonMapper()
          .writeValueAsBytes(
              WireEvent.of(
                  new StreamEvent(
                      job, new EventId(1, 2), SampleTypes.REJECTED, "{\"a\":\"ü\"}", 7)));

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    pod = new TestPod(redis.port, JOBS);
  }

  @AfterAll
  static void stop() {
    pod.close();
    redis.close();
    HTTP.close();
  }

  @Test
  void deliversSignedEventsAndReportsUnwatchedStreams() throws Exception {
    HttpResponse<String> unwatched = post(signRequest.headersFor(pod.id, event), event);
    assertThat(unwatched.statusCode()).isEqualTo(200);
    assertThat(unwatched.body()).isEqualTo("{\"notHeld\":[\"" + job + "\"]}");
    JOBS.running(job, 1, 0);
    try (Watcher watcher = pod.watch(job)) {
      HttpResponse<String> watched = post(signRequest.headersFor(pod.id, event), event);
      assertThat(watched.body()).isEqualTo("{\"notHeld\":[]}");
      watcher.until("1-2 rejected {\"a\":\"ü\"}");
    }
  }

  @Test
  void refusesEveryOtherRequestInTheSameWay() throws Exception {
    double before = pod.count("waybill.forwards.refused");
    SignRequest late =
        new SignRequest(TestPod.SECRET, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-31)));
    SignRequest forged =
        new SignRequest("another secret of thirty-two characters!", Clock.systemUTC());
    Map<String, String> used = signRequest.headersFor(pod.id, event);
    assertThat(post(used, event).statusCode()).isEqualTo(200);

    expectRefused(post(Map.of(), event));
    expectRefused(post(used, event));
    expectRefused(post(late.headersFor(pod.id, event), event));
    expectRefused(post(forged.headersFor(pod.id, event), event));
    expectRefused(post(signRequest.headersFor("0123456789abcdef", event), event));
    expectRefused(
        post(signRequest.headersFor(pod.id, event), "{}".getBytes(StandardCharsets.UTF_8)));
    assertThat(pod.count("waybill.forwards.refused") - before).isEqualTo(6);
  }

  @Test
  void refusesAForgedHeadBeforeItReadsTheBody() throws Exception {
    Map<String, String> forged = new HashMap<>(signRequest.headersFor(pod.id, event));
    forged.put(SignRequest.HEAD_SIGNATURE, "0".repeat(64));
    StringBuilder head = new StringBuilder("POST /internal/events HTTP/1.1\r\nHost: localhost\r\n");
    forged.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Content-Length: 2000000\r\n\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), pod.port)) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 403".length());
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 403");
    }
  }

  @Test
  void refusesAnotherBodyOfTheSameLength() throws Exception {
    byte[] other = event.clone();
    other[other.length - 2] ^= 1;
    expectRefused(post(signRequest.headersFor(pod.id, event), other));
  }

  @Test
  void boundsTheNumberOfEvents() throws Exception {
    byte[] many = "{}\n".repeat(Peer.BATCH_EVENTS + 1).getBytes(StandardCharsets.UTF_8);
    assertThat(post(signRequest.headersFor(pod.id, many), many).statusCode()).isEqualTo(413);
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void refusedRequestsLogNothingAndNonsenseALineAtMost(CapturedOutput output) throws Exception {
    byte[] garbage = "nonsense".getBytes(StandardCharsets.UTF_8);
    post(signRequest.headersFor(pod.id, garbage), garbage);
    long before = lines(output);
    for (int i = 0; i < 50; i++) {
      post(Map.of(), event);
      post(signRequest.headersFor(pod.id, garbage), garbage);
    }
    assertThat(lines(output) - before).isLessThanOrEqualTo(1);
  }

  private static long lines(CapturedOutput output) {
    return output.getAll().lines().count();
  }

  @Test
  void boundsTheBody() throws Exception {
    byte[] huge = new byte[OutgoingEvent.BATCH_BYTES + 1];
    HttpResponse<String> answer = post(signRequest.headersFor(pod.id, huge), huge);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("urn:waybill:problem:too-large");
  }

  @Test
  void refusesABodyThatItDoesNotUnderstand() throws Exception {
    byte[] garbage = "nonsense".getBytes(StandardCharsets.UTF_8);
    assertThat(post(signRequest.headersFor(pod.id, garbage), garbage).statusCode()).isEqualTo(400);
  }

  private static void expectRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body())
        .contains("urn:waybill:problem:forbidden")
        .contains("This address is for the pods of one cluster among themselves.");
  }

  private static HttpResponse<String> post(Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pod.port + "/internal/events"))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
