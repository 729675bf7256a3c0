package dev.waybill.process;

import static dev.waybill.process.WaybillClient.assertCounts;
import static dev.waybill.process.WaybillClient.json;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.file.StoredNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kills the service again and again while it imports. The result must equal, byte for byte, that of
 * an undisturbed import of the same files.
 */
class RecoveryIT {

  private static final String[] SMALL_CHUNKS = {"--waybill.import.chunk-rows=500"};
  private static final Duration TAKEN_UP_AT_ONCE = Duration.ofSeconds(8);

  /**
   * One import.
   *
   * @param kills how often it is disturbed
   */
  private record Shop(String query, byte[] csv, int kills) {}

  private static final List<Shop> SHOPS = new ArrayList<>();

  @TempDir private static Path folder;
  private static WaybillProcess undisturbed;
  private static final List<String> UNDISTURBED_JOBS = new ArrayList<>();

  @BeforeAll
  static void importUndisturbed() throws Exception {
    SHOPS.add(new Shop("", ShopFile.of(1, 150_000, "äéß€😀ł", UTF_8), 4));
    ByteArrayOutputStream utf16 = new ByteArrayOutputStream();
    utf16.write(new byte[] {(byte) 0xFF, (byte) 0xFE});
    utf16.write(ShopFile.of(2, 60_000, "äéß€łж", UTF_16LE));
    SHOPS.add(new Shop("", utf16.toByteArray(), 2));
    byte[] chinese = ShopFile.of(3, 60_000, "中文椅子桌", Charset.forName("GB18030"));
    // In the middle of a row that would otherwise be accepted: a byte that GB18030 does not know.
    chinese[chinese.length / 2] = (byte) 0xFF;
    SHOPS.add(new Shop("?charset=GB18030", chinese, 2));

    undisturbed = WaybillProcess.start(folder.resolve("undisturbed"), SMALL_CHUNKS);
    try (WaybillClient client = new WaybillClient(undisturbed)) {
      for (Shop shop : SHOPS) {
        String id = client.upload(shop.query(), shop.csv());
        assertThat(client.awaitEnd(id).get("status").asString()).isEqualTo("COMPLETED");
        UNDISTURBED_JOBS.add(id);
      }
    }
  }

  @AfterAll
  static void stop() {
    undisturbed.close();
  }

  @Test
  @Shows({
    "job.counts.never-fall",
    "job.next-attempt",
    "event.resume.seen-the-end",
    "failure.file-lost",
    "job.counts.sum"
  })
  void killedImportsEndAsIfNothingHadHappened() throws Exception {
    long seed = Long.getLong("waybill.seed", System.nanoTime() & 0xFFFF);
    System.out.println("RecoveryIT: kills by -Dwaybill.seed=" + seed);
    Random random = new Random(seed);
    Path data = folder.resolve("disturbed");
    WaybillProcess service = WaybillProcess.start(data, SMALL_CHUNKS);
    List<String> jobs = new ArrayList<>();
    try {
      for (int i = 0; i < SHOPS.size(); i++) {
        Shop shop = SHOPS.get(i);
        String id;
        JsonNode expected;
        try (WaybillClient client = new WaybillClient(service);
            WaybillClient reference = new WaybillClient(undisturbed)) {
          id = client.upload(shop.query(), shop.csv());
          expected = reference.job(UNDISTURBED_JOBS.get(i));
        }
        jobs.add(id);
        long rows = expected.get("counts").get("rows").asLong();
        try (CounterPoller poller =
                new CounterPoller(List.of(service.port()), id, Duration.ofMillis(5));
            ReturningWatcher watcher = new ReturningWatcher(service.port(), id)) {
          int attempts = 1;
          for (long killAt : killPoints(random, shop.kills(), rows)) {
            awaitOrEnd(poller, job -> job.get("counts").get("rows").asLong() >= killAt);
            boolean running = !poller.latest().get("status").asString().equals("COMPLETED");
            boolean orderly = random.nextInt(5) == 0;
            if (orderly) {
              service.stop();
              assertThat(service.log()).doesNotContain("\tat ");
            } else {
              service.kill();
            }
            System.out.printf(
                "RecoveryIT: file %d %s at row %d, last seen %s%n",
                i, orderly ? "stopped" : "killed", killAt, poller.latest().get("counts"));
            service = WaybillProcess.startAt(service.port(), data, SMALL_CHUNKS);
            if (running) {
              int next = ++attempts;
              Duration takenUp = awaitOrEnd(poller, job -> job.get("attempt").asInt() >= next);
              System.out.printf("RecoveryIT: taken up after %d ms%n", takenUp.toMillis());
              assertThat(takenUp).isLessThan(TAKEN_UP_AT_ONCE);
            }
          }
          try (WaybillClient client = new WaybillClient(service)) {
            assertSameEnd(client.awaitEnd(id), expected);
          }
          poller.close();
          assertThat(poller.falls()).isEmpty();
          watcher.assertSawOneEnd("complete");
        }
      }
      assertSameLists(service, jobs);
      service = killAfterACancelAndLoseAFile(service, data);
      assertEndIsStillPublished(service, jobs);
    } finally {
      service.close();
    }
  }

  private static Duration awaitOrEnd(CounterPoller poller, Predicate<JsonNode> reached) {
    return poller.await(
        "state or end",
        Duration.ofMinutes(1),
        job -> reached.test(job) || !job.get("finishedAt").isNull());
  }

  /** Random points in ascending order. The last one is right before the end. */
  private static List<Long> killPoints(Random random, int kills, long rows) {
    List<Long> points = new ArrayList<>();
    for (int i = 1; i < kills; i++) {
      points.add(1 + random.nextLong(rows - 1));
    }
    points.sort(null);
    points.add(rows - 1 - random.nextInt(400));
    return points;
  }

  private static void assertSameEnd(JsonNode job, JsonNode expected) {
    for (String same :
        List.of("status", "percent", "bytes", "counts", "charset", "delimiter", "mapping")) {
      assertThat(job.get(same)).as(same).isEqualTo(expected.get(same));
    }
    JsonNode counts = job.get("counts");
    for (String each : List.of("created", "updated", "unchanged", "rejected")) {
      assertThat(counts.get(each).asLong()).as(each).isPositive();
    }
  }

  private static void assertSameLists(WaybillProcess service, List<String> jobs)
      throws IOException {
    try (WaybillClient client = new WaybillClient(service);
        WaybillClient reference = new WaybillClient(undisturbed)) {
      for (int i = 0; i < jobs.size(); i++) {
        String job = "/api/jobs/" + jobs.get(i);
        String expected = "/api/jobs/" + UNDISTURBED_JOBS.get(i);
        assertSame(
            client.download(job + "/products", "application/x-ndjson", folder.resolve("is")),
            reference.download(
                expected + "/products", "application/x-ndjson", folder.resolve("expected")));
        assertSame(
            client.download(job + "/rejections", "text/csv", folder.resolve("is")),
            reference.download(expected + "/rejections", "text/csv", folder.resolve("expected")));
        assertThat(client.pages(job + "/rejections", 200))
            .isEqualTo(reference.pages(expected + "/rejections", 200))
            .isNotEmpty();
      }
    }
  }

  /**
   * Kills the service after it has accepted a cancel, and deletes the file of another job. After
   * the restart, the first job is cancelled, and the other one fails with {@code file-lost}.
   */
  private static WaybillProcess killAfterACancelAndLoseAFile(WaybillProcess service, Path data)
      throws Exception {
    byte[] csv = ShopFile.of(4, 100_000, "äöü", UTF_8);
    String cancelled;
    String lost;
    try (WaybillClient client = new WaybillClient(service)) {
      cancelled = client.upload("", csv);
      lost = client.upload("", csv);
      client.awaitJob(cancelled, job -> job.get("counts").get("rows").asLong() > 0);
      assertThat(client.delete(cancelled).statusCode()).isEqualTo(202);
    }
    service.kill();
    Files.delete(data.resolve("uploads").resolve(lost));
    WaybillProcess restarted = WaybillProcess.startAt(service.port(), data, SMALL_CHUNKS);
    try (WaybillClient client = new WaybillClient(restarted)) {
      assertThat(client.awaitEnd(cancelled).get("status").asString()).isEqualTo("CANCELLED");
      JsonNode job = client.awaitEnd(lost);
      assertThat(job.get("status").asString()).isEqualTo("FAILED");
      assertThat(job.get("error").get("code").asString()).isEqualTo("file-lost");
      assertThat(StoredNames.in(data.resolve("uploads"))).isEmpty();
      for (String id : List.of(cancelled, lost)) {
        try (RawWatcher watcher = RawWatcher.of(restarted.port(), id)) {
          assertThat(watcher.awaitEnd()).isTrue();
          assertThat(watcher.events().getLast().data()).isEqualTo(client.job(id));
        }
      }
    }
    return restarted;
  }

  /**
   * Asserts that the end is published even by a process that has no events of these jobs in memory.
   */
  private static void assertEndIsStillPublished(WaybillProcess service, List<String> jobs)
      throws IOException {
    for (String id : jobs) {
      String last;
      try (RawWatcher late = RawWatcher.of(service.port(), id)) {
        assertThat(late.awaitEnd()).isTrue();
        assertThat(late.names()).containsExactly("snapshot", "complete");
        last = late.ids().getLast();
      }
      try (RawWatcher old = RawWatcher.of(service.port(), id, "Last-Event-ID: 1-3");
          RawWatcher returning = RawWatcher.of(service.port(), id, "Last-Event-ID: " + last)) {
        assertThat(old.awaitEnd()).isTrue();
        assertThat(old.names()).containsExactly("snapshot", "complete");
        assertThat(returning.status()).isEqualTo(204);
      }
    }
  }

  private static void assertSame(Path is, Path expected) throws IOException {
    long differs = Files.mismatch(is, expected);
    assertThat(differs).as("first byte in which the lists differ").isEqualTo(-1);
    assertThat(Files.size(is)).isPositive();
  }

  @Test
  @Shows({"failure.crashed", "event.final.error", "event.final"})
  void threeCrashesAtTheSamePlaceEndTheJobAndOrderlyStopsDoNotCount() throws Exception {
    Path data = folder.resolve("poison");
    // The blank lines are sent compressed, and shrink to almost nothing.
    WaybillProcess service =
        WaybillProcess.start(data, "--waybill.upload.max-inflate-ratio=100000");
    String id;
    try (WaybillClient client = new WaybillClient(service)) {
      // Reading the blank lines before the first row takes many seconds, so the first chunk comes
      // late.
      id = client.upload("", blankLinesThen("S1,Chair\n"));
      client.awaitJob(id, job -> job.get("attempt").asInt() == 1);
    }
    int attempt = 1;
    for (boolean orderly : new boolean[] {false, true, false, false}) {
      if (orderly) {
        Duration took = service.stop();
        System.out.printf("RecoveryIT: orderly stop within a chunk %d ms%n", took.toMillis());
        assertThat(took).isLessThan(Duration.ofSeconds(8));
      } else {
        service.kill();
      }
      service = WaybillProcess.startAt(service.port(), data);
      attempt++;
      int next = attempt;
      try (WaybillClient client = new WaybillClient(service)) {
        JsonNode job = client.awaitJob(id, state -> state.get("attempt").asInt() == next);
        assertCounts(job, 0, 0, 0, 0, 0);
      }
    }
    try (WaybillClient client = new WaybillClient(service)) {
      JsonNode job = client.awaitEnd(id);
      assertThat(job.get("status").asString()).isEqualTo("FAILED");
      assertThat(job.get("attempt").asInt()).isEqualTo(5);
      assertThat(job.get("error").get("code").asString()).isEqualTo("crashed");
      assertThat(job.get("error").get("type").asString()).isEqualTo("urn:waybill:problem:crashed");
      try (RawWatcher watcher = RawWatcher.of(service.port(), id)) {
        assertThat(watcher.awaitEnd()).isTrue();
        assertThat(watcher.names()).containsExactly("snapshot", "error");
        assertThat(watcher.events().getLast().data()).isEqualTo(job);
      }
    } finally {
      service.close();
    }
  }

  private static byte[] blankLinesThen(String rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("sku,name\n".getBytes(UTF_8));
      byte[] blank = "\n".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < 150; i++) {
        gzip.write(blank);
      }
      gzip.write(rows.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aSecondProcessOnTheSameFolderIsTurnedAwayWithTwoSentences() throws Exception {
    String log = WaybillProcess.logOfRefusedStart(folder.resolve("undisturbed"));
    assertThat(log)
        .contains("Another Waybill process is using the data folder " + folder.toRealPath())
        .contains("--waybill.data-dir=")
        .doesNotContain("\tat ");
    try (WaybillClient client = new WaybillClient(undisturbed)) {
      ObjectNode job = (ObjectNode) json(client.get("/api/jobs?limit=1")).get("items").get(0);
      assertThat(job.get("status").asString()).isEqualTo("COMPLETED");
    }
  }
}
