package dev.waybill.process;

import static dev.waybill.process.WaybillClient.assertCounts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Damaged files: how many rows, how much memory and how much time they cost. */
class DamageIT {

  private static final String HEADER = "sku,name,description\n";
  private static final int MEGABYTE = 1 << 20;

  /** The heap of 256 MB, and the memory that the JVM needs besides the heap. */
  private static final long FLAT_MEGABYTES = 640;

  @TempDir private static Path folder;
  private static WaybillProcess service;
  private static WaybillClient client;

  @BeforeAll
  static void start() {
    service = WaybillProcess.start(folder.resolve("data"), "--waybill.upload.max-size=600MB");
    client = new WaybillClient(service);
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
  }

  @Test
  @Shows("damage.unclosed-quote")
  void aQuoteThatNeverClosesCostsItsOwnLine() throws IOException {
    int rows = 60_000;
    JsonNode job = client.imported("", quoteThatNeverCloses("A", rows));
    assertThat(job.get("bytes").get("total").asLong()).isGreaterThan(15_000_000);
    assertCounts(job, rows + 1, rows, 0, 0, 1);
    assertRejected(onlyRejection(job), 1, 2, "A0,\"Chair,red", "quote", "line 2, column 2 (name)");
  }

  private static String quoteThatNeverCloses(String prefix, int rows) {
    StringBuilder csv = new StringBuilder(HEADER).append(prefix).append("0,\"Chair,red\n");
    String text = "x".repeat(240);
    for (int i = 1; i <= rows; i++) {
      csv.append(prefix).append(i).append(",Chair,").append(text).append('\n');
    }
    return csv.toString();
  }

  @Test
  @Shows("damage.text-after-quote")
  void aStrayQuoteAmongQuotedRowsCostsItsOwnRow() throws IOException {
    StringBuilder csv = new StringBuilder("\"sku\",\"name\",\"description\"\n");
    List<String> strays =
        List.of(
            "\"B1000\",\"Cha\"ir\",\"plain\"",
            "\"B2000\",\"Chair,\"plain\"",
            "\"B3000\",\"Chair\",\"plain",
            "\"B4000\",\"Chair\",\"\"plain\"");
    for (int i = 1; i <= 5000; i++) {
      String sound = "\"B%d\",\"Chair\",\"plain\"".formatted(i);
      csv.append(i % 1000 == 0 && i < 5000 ? strays.get(i / 1000 - 1) : sound).append('\n');
    }
    JsonNode job = client.imported("", csv.toString());
    assertCounts(job, 5000, 4996, 0, 0, 4);
    List<JsonNode> rejections = rejections(job);
    for (int i = 0; i < strays.size(); i++) {
      int row = (i + 1) * 1000;
      assertRejected(rejections.get(i), row, row + 1, strays.get(i), "quote", "line " + (row + 1));
    }
  }

  @Test
  @Shows({"damage.max-size", "damage.original-cut", "call.rejections.cut"})
  void aLineOfHalfAGigabyteCostsOneRowAndNoMemory() throws IOException {
    byte[] letters = "x".repeat(MEGABYTE).getBytes(UTF_8);
    long start = System.nanoTime();
    String id =
        client.upload(
            "",
            () ->
                new SequenceInputStream(
                    Collections.enumeration(
                        IntStream.rangeClosed(0, 501)
                            .<InputStream>mapToObj(
                                i ->
                                    new ByteArrayInputStream(
                                        switch (i) {
                                          case 0 -> (HEADER + "C1,Chair,\nC2,").getBytes(UTF_8);
                                          case 501 -> "\nC3,Chair,\n".getBytes(UTF_8);
                                          default -> letters;
                                        }))
                            .toList())));
    JsonNode job = client.awaitEnd(id);
    System.out.printf(
        "DamageIT: a line of 500 MB within %d ms, peak memory %d MB%n",
        (System.nanoTime() - start) / 1_000_000, service.peakMegabytes());
    assertCounts(job, 3, 2, 0, 0, 1);
    JsonNode rejection = onlyRejection(job);
    assertThat(rejection.get("originalCut").asBoolean()).isTrue();
    assertThat(rejection.get("original").asString()).hasSize(64 << 10);
    assertRejected(
        rejection, 2, 3, rejection.get("original").asString(), "record-too-large", "line 3");
    assertThat(service.peakMegabytes()).isLessThan(FLAT_MEGABYTES);
  }

  @Test
  @Shows({"damage.unclosed-quote", "damage.rest-again", "call.paged"})
  void linesThatEachOpenAQuoteCostEachItself() throws IOException {
    int lines = 200_000;
    StringBuilder csv = new StringBuilder(HEADER);
    for (int i = 1; i <= lines; i++) {
      csv.append('D').append(i).append(",\"Chair,red\n");
    }
    csv.append("D0,Chair,red\n");
    JsonNode job = client.imported("", csv.toString());
    assertCounts(job, lines + 1, 1, 0, 0, lines);
    List<JsonNode> first =
        client.pages("/api/jobs/" + job.get("transactionId").asString() + "/rejections", 200);
    // All are counted. Fewer are stored, so that no file makes the database many times as large as
    // itself.
    assertThat(first).hasSizeBetween(50_000, lines);
    for (int i = 0; i < first.size(); i += 9_999) {
      assertRejected(
          first.get(i),
          i + 1,
          i + 2,
          "D%d,\"Chair,red".formatted(i + 1),
          "quote",
          "line " + (i + 2));
    }
    assertThat(service.peakMegabytes()).isLessThan(FLAT_MEGABYTES);
  }

  @Test
  @Shows("code.field-count")
  void raggedRowsAreRejectedOneByOne() throws IOException {
    StringBuilder csv = new StringBuilder(HEADER);
    for (int i = 1; i <= 3000; i++) {
      csv.append('E')
          .append(i)
          .append(i % 3 == 0 ? ",Chair\n" : i % 3 == 1 ? ",Chair,\n" : ",a,b,c\n");
    }
    JsonNode job = client.imported("", csv.toString());
    assertCounts(job, 3000, 1000, 0, 0, 2000);
    List<JsonNode> rejections = rejections(job);
    assertRejected(
        rejections.get(0),
        2,
        3,
        "E2,a,b,c",
        "field-count",
        "Line 3 has 4 cells, but the header has 3");
    assertRejected(
        rejections.get(1),
        3,
        4,
        "E3,Chair",
        "field-count",
        "Line 4 has 2 cells, but the header has 3");
  }

  /** If a quote happens to swallow lines, these lines are read a second time. */
  @Test
  @Shows("damage.rest-again")
  void aQuoteThatClosesByChanceManyLinesLaterCostsItsFirstLine() throws IOException {
    String csv =
        HEADER
            + "F1,\"Chair,red\n"
            + "F2,Chair,red\n"
            + "F3,Chair,\"red\n"
            + "F4,Chair,red\n"
            + "F5,\"Chair\nof two lines\",red\n";
    JsonNode job = client.imported("", csv);
    assertCounts(job, 5, 3, 0, 0, 2);
    List<JsonNode> rejections = rejections(job);
    assertRejected(rejections.get(0), 1, 2, "F1,\"Chair,red", "quote", "line 2");
    assertRejected(rejections.get(1), 3, 4, "F3,Chair,\"red", "quote", "line 4");
  }

  @Test
  @Shows("damage.multi-line-width")
  void aRecordOverSeveralLinesOfTheWrongWidthCostsItsFirstLine() throws IOException {
    JsonNode job =
        client.imported("", HEADER + "K1,\"Chair\nK2,Chair,red\"\nK3,Chair,\"two\nlines\"\n");
    assertCounts(job, 3, 2, 0, 0, 1);
    assertRejected(onlyRejection(job), 1, 2, "K1,\"Chair", "field-count", "lines 2 to 3");
    assertThat(client.get("/api/products/K2").body()).contains("\"description\":\"red\\\"\"");
  }

  /**
   * Only prints times, because they depend on the machine. A file that is twice as large should
   * take about twice the time.
   */
  @Test
  void twiceTheDamageTakesTwiceTheTime() throws IOException {
    millis("", quoteThatNeverCloses("G", 20_000)); // warms up
    long once = millis("", quoteThatNeverCloses("H", 60_000));
    long twice = millis("", quoteThatNeverCloses("I", 120_000));
    System.out.printf("DamageIT: unclosed quote, 15 MB %d ms, 30 MB %d ms%n", once, twice);
    once = millis("?dryRun=true", HEADER + "J,\"Chair\n".repeat(100_000));
    twice = millis("?dryRun=true", HEADER + "J,\"Chair\n".repeat(200_000));
    System.out.printf(
        "DamageIT: lines that each open a quote, 100,000 %d ms, 200,000 %d ms%n", once, twice);
  }

  private static long millis(String query, String csv) throws IOException {
    JsonNode job = client.imported(query, csv);
    Instant started = Instant.parse(job.get("startedAt").asString());
    return Duration.between(started, Instant.parse(job.get("finishedAt").asString())).toMillis();
  }

  private static List<JsonNode> rejections(JsonNode job) throws IOException {
    return client.pages("/api/jobs/" + job.get("transactionId").asString() + "/rejections", 200);
  }

  private static JsonNode onlyRejection(JsonNode job) throws IOException {
    List<JsonNode> rejections = rejections(job);
    assertThat(rejections).hasSize(1);
    return rejections.getFirst();
  }

  private static void assertRejected(
      JsonNode rejection, int row, int line, String original, String code, String detail) {
    assertThat(rejection.get("row").asInt()).as(rejection.toString()).isEqualTo(row);
    assertThat(rejection.get("line").asInt()).isEqualTo(line);
    assertThat(rejection.get("original").asString()).isEqualTo(original);
    assertThat(rejection.get("errors").values())
        .anySatisfy(
            error -> {
              assertThat(error.get("code").asString()).isEqualTo(code);
              assertThat(error.get("detail").asString()).contains(detail);
              assertThat(error.get("column").isNull()).isTrue();
            });
  }
}
