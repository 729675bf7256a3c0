package dev.waybill.harden;

import static dev.waybill.harden.RawUpload.gzip;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.file.StoredNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Uploads that are made to harm the packaged service, which has a small heap and ends when memory
 * runs out. Meanwhile another caller uploads and must be answered.
 */
class HostileUploadIT {

  private static final List<String> MACHINE = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
  private static final String ATTACKER = "127.0.0.1";
  private static final String OTHER = "127.0.0.2";
  private static final int LARGEST_ANSWER = 64 << 10;
  private static final int LOG_BYTES_EACH_TEST = 400_000;

  @TempDir private static Path folder;
  private static ServiceUnderStress service;
  private static Path uploads;

  private final List<Long> answeredAfterMillis = new ArrayList<>(); // guarded by itself
  private final CountDownLatch over = new CountDownLatch(1);
  private Thread otherCaller;
  private long logBefore;

  @BeforeAll
  static void start() throws IOException {
    // Small chunks, so that an import keeps the only thread busy for a while.
    service =
        ServiceUnderStress.start(
            folder.resolve("data"),
            ServiceUnderStress.NOTHING,
            MACHINE,
            "--waybill.import.chunk-rows=20");
    uploads = folder.resolve("data/uploads");
  }

  @AfterAll
  static void stop() throws InterruptedException {
    service.close();
  }

  @BeforeEach
  void letAnotherCallerAskMeanwhile() throws Exception {
    ask(OTHER); // The first request of a process loads classes.
    logBefore = service.logBytes();
    otherCaller = Thread.ofVirtual().start(this::askUntilOver);
  }

  private void askUntilOver() {
    try {
      do {
        long start = System.nanoTime();
        ask(OTHER);
        synchronized (answeredAfterMillis) {
          answeredAfterMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
      } while (!over.await(100, TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      synchronized (answeredAfterMillis) {
        answeredAfterMillis.add(Long.MAX_VALUE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** An upload that is checked in full but refused, so that it leaves no job. */
  private static void ask(String from) throws IOException {
    RawAnswer answer =
        RawUpload.csv("name,colour\n1,2\n".getBytes(UTF_8)).send(from, service.port());
    assertThat(answer.status()).as(answer.body()).isEqualTo(422);
  }

  @AfterEach
  void theServiceIsWellAndKeptNothing() throws Exception {
    over.countDown();
    otherCaller.join();
    assertThat(service.isAlive()).as("alive:\n" + service.log()).isTrue();
    long[] sorted = answeredAfterMillis.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "HostileUploadIT: another caller was answered %d times, median %d ms, longest %d ms%n",
        sorted.length, sorted[sorted.length / 2], sorted[sorted.length - 1]);
    assertThat(sorted[sorted.length / 2]).as("median of the other caller in ms").isLessThan(1000);
    cancelAll();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(StoredNames.in(uploads)).isEmpty());
    assertThat(service.logBytes() - logBefore).as("bytes logged").isLessThan(LOG_BYTES_EACH_TEST);
  }

  private static void cancelAll() throws Exception {
    var jobs = JsonMapper.shared().readTree(service.get("/api/jobs?limit=200").body());
    for (var job : jobs.get("items")) {
      if (job.get("finishedAt").isNull()) {
        service.delete("/api/jobs/" + job.get("transactionId").asString());
      }
    }
  }

  static Stream<Arguments> refusals() throws IOException {
    String commas = ",".repeat(400);
    String longNames = IntStream.range(0, 60).mapToObj(i -> "n".repeat(1000)).collect(joined());
    byte[] emptyMember = gzip(new byte[0]);
    byte[] members = new byte[emptyMember.length * 200_000];
    for (int i = 0; i < 200_000; i++) {
      System.arraycopy(emptyMember, 0, members, i * emptyMember.length, emptyMember.length);
    }
    return Stream.of(
        row("header of 1 MB", 422, csv(gzip("sku,name,", "x", 1_000_000), commas)),
        row(
            "400 nameless columns without sku",
            422,
            csv(gzip("name," + "x".repeat(999) + commas, "\n", 1))),
        row("60 long names, all the same", 422, csv((longNames + "\n1\n").getBytes(UTF_8))),
        row("a thousand columns without sku", 422, csv(columns(1000).getBytes(UTF_8))),
        row("1,001 columns", 422, csv(("sku,name," + columns(999)).getBytes(UTF_8))),
        row(
            "a name of 50,001 characters and 20 MB of empty lines",
            422,
            csv(gzip("sku,name," + "x".repeat(50_001) + "\n", "\n", 16 << 20))),
        row("16 MB of empty lines before the header", 422, csv(gzip("", "\n", 15 << 20))),
        row("16 MB of quotes", 422, csv(gzip("", "\"", 15 << 20))),
        row("16 MB of NUL", 415, csv(gzip("", "\0", 15 << 20))),
        row(
            "UTF-16 without a line end",
            422,
            csv(("\uFEFF" + "x".repeat(1 << 20)).getBytes(UTF_16LE))),
        row("200 KB that inflate to 200 MB", 413, csv(gzip("sku,name\n", "1,2\n", 50 << 20))),
        row("gzip within gzip", 415, csv(gzip(gzip("sku,name\n", "1,2\n", 50 << 20)))),
        row("200,000 empty gzip members", 400, csv(members)),
        row(
            "a million empty parts",
            400,
            RawUpload.multipart(gzip("", part("x", ""), 1_000_000), "Content-Encoding: gzip")),
        row(
            "a thousand parts that are not the file",
            400,
            RawUpload.multipart(part("x", "y").repeat(1000).getBytes(UTF_8))),
        row(
            "10 MB of another part",
            413,
            RawUpload.multipart(part("x", "y".repeat(10 << 20)).getBytes(UTF_8))),
        row(
            "a part header of 1 MB",
            400,
            RawUpload.multipart(("--cut\r\nX: " + "y".repeat(1 << 20)).getBytes(UTF_8))),
        row(
            "10 MB before the first part",
            400,
            RawUpload.multipart("z".repeat(10 << 20).getBytes(UTF_8))),
        row(
            "gzip bomb in a gzip multipart",
            413,
            RawUpload.multipart(
                gzip(
                    join(
                        ("--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n")
                            .getBytes(UTF_8),
                        gzip("sku,name\n", "1,2\n", 50 << 20))),
                "Content-Encoding: gzip")),
        row(
            "500 mappings",
            400,
            new RawUpload(
                "?"
                    + IntStream.range(0, 500)
                        .mapToObj(i -> "map=c" + i + ":name")
                        .collect(Collectors.joining("&")),
                List.of("Content-Type: text/csv"),
                "sku,name\n".getBytes(UTF_8))),
        row(
            "a parameter of 7 KB",
            400,
            new RawUpload(
                "?charset=" + "c".repeat(7000),
                List.of("Content-Type: text/csv"),
                "sku,name\n".getBytes(UTF_8))),
        row(
            "an Idempotency-Key of 7 KB",
            400,
            new RawUpload(
                "",
                List.of("Content-Type: text/csv", "Idempotency-Key: " + "k".repeat(7000)),
                "sku,name\n".getBytes(UTF_8))),
        row(
            "a boundary of 7 KB",
            400,
            new RawUpload(
                "",
                List.of("Content-Type: multipart/form-data; boundary=" + "b".repeat(7000)),
                part("file", "sku,name\n").getBytes(UTF_8))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void isRefusedInAFewKilobytes(String what, int status, RawUpload upload) throws Exception {
    List<Thread> senders = new ArrayList<>();
    List<RawAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      senders.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      RawAnswer answer = upload.send(ATTACKER, service.port());
                      synchronized (answers) {
                        answers.add(answer);
                      }
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }));
    }
    for (Thread sender : senders) {
      sender.join();
    }
    assertThat(answers).hasSize(3);
    for (RawAnswer answer : answers) {
      assertThat(answer.status())
          .as(answer.body().substring(0, Math.min(500, answer.body().length())))
          .isEqualTo(status);
      assertThat(answer.body().length()).isLessThan(LARGEST_ANSWER);
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    }
  }

  @Test
  void uploadsThatNeverEndTakeOneCallersPlacesOnly() throws Exception {
    byte[] start = part("file", "sku,name\n" + "x".repeat(100)).getBytes(UTF_8);
    RawUpload endless = RawUpload.multipart(Arrays.copyOf(start, start.length - 2));
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 530; i++) {
        sockets.add(endless.begin(ATTACKER, service.port()));
      }
      await().untilAsserted(() -> assertThat(StoredNames.in(uploads)).hasSizeBetween(32, 66));
      RawAnswer refused =
          RawUpload.csv("sku,name\n".getBytes(UTF_8)).send(ATTACKER, service.port());
      assertThat(refused.status()).isIn(429, 503);
      assertThat(refused.header("retry-after")).isNotEmpty();
      // A client that sends a byte now and then does not keep its place.
      await()
          .atMost(Duration.ofSeconds(40))
          .pollInterval(Duration.ofSeconds(2))
          .untilAsserted(
              () -> {
                for (Socket socket : sockets) {
                  trickle(socket);
                }
                assertThat(StoredNames.in(uploads)).hasSizeLessThan(3);
              });
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static void trickle(Socket socket) {
    try {
      socket.getOutputStream().write('x');
    } catch (IOException closed) {
      // The upload was refused.
    }
  }

  @Test
  void aFloodOfJobsLeavesRoomAndTurnsToOthers() throws Exception {
    int port = service.port();
    StringBuilder large = new StringBuilder("sku,name\n");
    for (int i = 0; i < 100_000; i++) {
      large.append('F').append(i).append(",flood\n");
    }
    RawUpload.csv(large.toString().getBytes(UTF_8)).send(ATTACKER, port);
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      RawAnswer answer =
          RawUpload.csv(("sku,name\nG" + i + ",flood\n").getBytes(UTF_8)).send(ATTACKER, port);
      statuses.merge(answer.status(), 1, Integer::sum);
    }
    assertThat(statuses.keySet()).containsExactly(202, 429);

    RawAnswer mine = RawUpload.csv("sku,name\nM,mine\n".getBytes(UTF_8)).send(OTHER, port);
    assertThat(mine.status()).as(mine.body()).isEqualTo(202);
    String id = JsonMapper.shared().readTree(mine.body()).get("transactionId").asString();
    service.awaitEnd(id, Duration.ofSeconds(60));
    var jobs = JsonMapper.shared().readTree(service.get("/api/jobs?limit=200").body());
    long waiting =
        jobs.get("items")
            .valueStream()
            .filter(job -> job.get("status").asString().equals("QUEUED"))
            .count();
    assertThat(waiting).as("jobs of the flood that still wait").isGreaterThan(30);
  }

  private static Arguments row(String what, int status, RawUpload upload) {
    return Arguments.of(what, status, upload);
  }

  private static RawUpload csv(byte[]... parts) {
    return RawUpload.csv(join(parts));
  }

  /** A body of two gzip members: the given bytes, then the gzip of the text. */
  private static RawUpload csv(byte[] gzip, String text) throws IOException {
    return RawUpload.csv(join(gzip, gzip(text.getBytes(UTF_8))));
  }

  private static byte[] join(byte[]... parts) {
    var out = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static String part(String name, String content) {
    return "--cut\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, content);
  }

  private static String columns(int count) {
    return IntStream.range(0, count).mapToObj(i -> "column" + i).collect(joined()) + "\n";
  }

  private static java.util.stream.Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(",");
  }
}
