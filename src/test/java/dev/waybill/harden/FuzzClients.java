package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients that send odd requests, and requests at the limits, one after the other. */
final class FuzzClients {

  private static final int CLIENTS = 8;
  private static final int TIMEOUT_MILLIS = 40_000;

  /** Every eighth request is one at a limit. */
  private static final int LIMITS_EVERY = 8;

  /** The maximum size of a refusal, whatever it refuses. */
  private static final int MOST_BYTES_OF_A_REFUSAL = 64 << 10;

  private static final Pattern INSIDE =
      Pattern.compile("Tomcat|Exception|\tat |\\$\\$|<html|(?:org|java|jakarta|dev)[./][a-z]+[./]");

  private final ServiceUnderStress service;
  private final String jobId;
  private final long seed;
  private final AtomicInteger next = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final LongAdder unanswered = new LongAdder();

  /**
   * @param jobId of a job that exists
   */
  FuzzClients(ServiceUnderStress service, String jobId, long seed) {
    this.service = service;
    this.jobId = jobId;
    this.seed = seed;
  }

  /** Sends the requests up to this one. */
  void sendUpTo(int end) throws InterruptedException {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.ofVirtual().start(() -> sendOneByOne(end)));
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(failures).isEmpty();
    assertThat(service.isAlive()).isTrue();
  }

  int sent() {
    return next.get();
  }

  long unanswered() {
    return unanswered.sum();
  }

  Set<Integer> statuses() {
    return answers.keySet();
  }

  private void sendOneByOne(int end) {
    int number;
    while ((number = next.getAndUpdate(n -> Math.min(n + 1, end))) < end
        && failures.size() < CLIENTS) {
      Random random = new Random(seed + number);
      byte[] request =
          number % LIMITS_EVERY == 0
              ? new LimitRequest(random, jobId).next()
              : new OddRequest(random, jobId).next();
      try {
        check(request, exchange(service.port(), request));
      } catch (IOException | IllegalArgumentException | AssertionError e) {
        String shown = new String(request, 0, Math.min(request.length, 4_000), ISO_8859_1);
        failures.add("request %d: %s%n%s%n".formatted(number, e, shown));
      }
    }
  }

  /** All bytes that come back until the server closes the connection. */
  private static byte[] exchange(int port, byte[] request) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[16 * 1024];
      for (int length; (length = in.read(buffer)) >= 0; ) {
        answer.write(buffer, 0, length);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("neither answered nor closed; so far: " + answer, e);
    } catch (SocketException e) {
      // The server closed the connection while more bytes were on their way. The bytes that arrived
      // before must be correct.
    }
    return answer.toByteArray();
  }

  private void check(byte[] request, byte[] bytes) {
    boolean ofHead = new String(request, ISO_8859_1).startsWith("HEAD ");
    List<RawAnswer> all = RawAnswer.parse(bytes, ofHead);
    if (all.isEmpty()) {
      unanswered.increment();
    }
    for (RawAnswer answer : all) {
      answers.computeIfAbsent(answer.status(), status -> new LongAdder()).increment();
      require(answer.headers().containsKey("x-waybill-pod"), "no pod", answer);
      require(!answer.headers().containsKey("server"), "names its server", answer);
      require(
          answer.status() < 500 || answer.status() == 501 || answer.status() == 505,
          "failed",
          answer);
      require(answer.headers().containsKey("content-security-policy"), "no policy", answer);
      if (answer.status() >= 400) {
        require(answer.body().length() <= MOST_BYTES_OF_A_REFUSAL, "long refusal", answer);
        require(!INSIDE.matcher(answer.body()).find(), "reveals its inside", answer);
        require(isProblem(answer, ofHead), "no problem document", answer);
      }
    }
  }

  private static boolean isProblem(RawAnswer answer, boolean ofHead) {
    if (!answer.header("content-type").equals("application/problem+json")) {
      return false;
    }
    try {
      if (ofHead && answer.body().isEmpty()) {
        return true;
      }
      JsonNode problem = JsonMapper.shared().readTree(answer.body());
      return problem.path("type").asString("").startsWith("urn:waybill:problem:")
          && problem.path("status").asInt(0) == answer.status()
          && !problem.path("title").asString("").isBlank()
          && !problem.path("detail").asString("").isBlank();
    } catch (JacksonException e) {
      return false;
    }
  }

  private static void require(boolean kept, String otherwise, RawAnswer answer) {
    if (!kept) {
      throw new AssertionError(otherwise + ": " + answer);
    }
  }

  static void awaitAllImported(ServiceUnderStress service) {
    Awaitility.await("all jobs ended")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                !service
                    .get("/actuator/prometheus")
                    .body()
                    .matches("(?s).*waybill_jobs\\{[^}]*(queued|running)[^}]*} [1-9].*"));
  }

  @Override
  public String toString() {
    return "%d requests, %d without an answer, by status %s"
        .formatted(next.get(), unanswered.sum(), answers);
  }
}
