package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.file.StoredNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Thousands of requests that no good client sends, as raw bytes to the packaged service. Whatever
 * it is asked, it answers in its own form, tells nothing of its inside, and does not grow.
 *
 * <p>Request {@code n} is drawn from {@code -Dwaybill.seed} plus {@code n}, whatever ran before.
 */
class FuzzIT {

  private static final long SEED = Long.getLong("waybill.seed", 20_261_121);
  private static final int REQUESTS = Integer.getInteger("waybill.fuzz.requests", 12_000);
  private static final int CLIENTS = 8;
  private static final int TIMEOUT_MILLIS = 40_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What pools may still take on after the first third of the requests has warmed them up. */
  private static final Footprint MORE = new Footprint(16 << 20, 12, 16, 0);

  private static final long LOG_BYTES_A_REQUEST = 100;

  private static final Pattern INSIDE =
      Pattern.compile("Tomcat|Exception|\tat |\\$\\$|<html|(?:org|java|jakarta|dev)[./][a-z]+[./]");

  @TempDir private Path folder;
  private final AtomicInteger next = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final LongAdder unanswered = new LongAdder();

  @Test
  void nothingMalformedBringsItDownOrMakesItTalk() throws Exception {
    System.out.println("FuzzIT: -Dwaybill.seed=" + SEED);
    try (ServiceUnderStress service =
        ServiceUnderStress.start(
            folder.resolve("data"),
            ServiceUnderStress.NOTHING,
            List.of("-Xmx256m"),
            "--waybill.upload.max-queued-jobs=1000000")) {
      String id = service.upload("sku,name,price\nA1,Chair,1.50\n,Chair,x\n");
      service.awaitEnd(id, PATIENCE);

      ask(service, id, REQUESTS / 3);
      awaitAllImported(service);
      Footprint before = Footprint.of(service);

      ask(service, id, REQUESTS);
      awaitAllImported(service);
      System.out.printf(
          "FuzzIT: %d requests, %d without an answer, by status %s; %s, then %s%n",
          REQUESTS, unanswered.sum(), answers, before, Footprint.of(service));
      // An answer may get lost where the connection is closed on bytes that are still under way.
      assertThat(unanswered.sum()).isLessThan(REQUESTS / 100);
      assertThat(answers.keySet()).contains(200, 202, 400, 403, 404, 405, 406, 409, 415, 416, 422);
      Awaitility.await("threads and handles are given back")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> Footprint.of(service).assertAtMost(before, MORE));
      assertThat(service.logBytes() - before.logBytes()).isLessThan(LOG_BYTES_A_REQUEST * REQUESTS);
      service.awaitReadiness(200);
      assertThat(StoredNames.in(folder.resolve("data/uploads"))).isEmpty();
    }
  }

  /** Sends the requests up to this one. */
  private void ask(ServiceUnderStress service, String jobId, int end) throws InterruptedException {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.ofVirtual().start(() -> askOneByOne(service.port(), jobId, end)));
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(failures).isEmpty();
    assertThat(service.isAlive()).isTrue();
  }

  private void askOneByOne(int port, String jobId, int end) {
    int number;
    while ((number = next.getAndUpdate(n -> Math.min(n + 1, end))) < end
        && failures.size() < CLIENTS) {
      byte[] request = new OddRequest(new Random(SEED + number), jobId).next();
      try {
        check(request, exchange(port, request));
      } catch (IOException | IllegalArgumentException | AssertionError e) {
        failures.add("request %d: %s%n%s%n".formatted(number, e, new String(request, ISO_8859_1)));
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
      // Closed while more was under way. What came before must be right all the same.
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
      require(!answer.headers().containsKey("server"), "tells its server", answer);
      require(
          answer.status() < 500 || answer.status() == 501 || answer.status() == 505,
          "failed",
          answer);
      if (answer.status() >= 400) {
        require(!INSIDE.matcher(answer.body()).find(), "tells of its inside", answer);
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

  private static void awaitAllImported(ServiceUnderStress service) {
    Awaitility.await("all jobs ended")
        .atMost(PATIENCE)
        .until(
            () ->
                !service
                    .get("/actuator/prometheus")
                    .body()
                    .matches("(?s).*waybill_jobs\\{[^}]*(queued|running)[^}]*} [1-9].*"));
  }
}
