package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Lists stay within their limit of bytes for any file. An incomplete list says that it is
 * incomplete.
 */
class BoundedListsTest extends ImportTestBase {

  private static final int PAGE_BYTES = 4 << 20;

  /** More bytes than the buffers of a connection hold. */
  private static final int LARGE_ROWS = 400;

  private static String largeRows(int from, int to, int size) {
    return IntStream.range(from, to)
        .mapToObj(i -> "S%d,n,%s\n".formatted(i, "d".repeat(size)))
        .collect(Collectors.joining());
  }

  private List<JsonNode> pages(String path) throws Exception {
    List<JsonNode> items = new ArrayList<>();
    String after = "";
    int pages = 0;
    while (true) {
      String body = get(path + "?limit=200" + after, "application/json").body();
      assertThat(body.length()).isLessThan(PAGE_BYTES + 200_000);
      JsonNode page = json(body);
      page.get("items").forEach(items::add);
      pages++;
      if (page.get("next").isNull()) {
        assertThat(pages).isGreaterThan(2);
        return items;
      }
      after = "&after=" + page.get("next").asString();
    }
  }

  @Test
  @Shows("page.bytes")
  void aPageOfLargeProductsEndsEarly() throws Exception {
    String file = "sku,name,Colour\n" + largeRows(0, 60, 200_000);
    Job job = awaitEnd(upload("?fileName=large.csv", file));

    List<JsonNode> items = pages("/api/jobs/" + job.id() + "/products");

    assertThat(items)
        .extracting(item -> item.get("row").asInt())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 60).boxed().toList());
    assertThat(items)
        .allSatisfy(
            item -> assertThat(item.at("/product/attributes/Colour").asString()).hasSize(200_000));
  }

  @Test
  void aPageOfLargeRejectionsEndsEarly() throws Exception {
    String rows = ("x".repeat(64_000) + ",\n").repeat(190);
    Job job = imported(rows);

    List<JsonNode> items = pages("/api/jobs/" + job.id() + "/rejections");

    assertThat(items)
        .extracting(item -> item.get("row").asInt())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 190).boxed().toList());
  }

  @Test
  @Shows("call.jobs.no-mapping")
  void aListOfJobsHasNoMappings() throws Exception {
    Job job = imported(rows(0, 1, "n"));

    JsonNode listed = json(get("/api/jobs", "application/json").body()).at("/items/0");

    assertThat(listed.get("transactionId").asString()).isEqualTo(job.id());
    assertThat(listed.has("mapping")).isFalse();
    assertThat(json(get("/api/jobs/" + job.id(), "application/json").body()).has("mapping"))
        .isTrue();
  }

  @Test
  @Shows("call.rejections.not-stored")
  void rejectionsAreStoredUpToAMultipleOfTheFileAndAllAreCounted() throws Exception {
    int rows = 20_000;
    Job job = imported(",x\n".repeat(rows));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(counts(job).rejected()).isEqualTo(rows);
    int stored = count("rejection", "job_id", job.id());
    assertThat(stored).isBetween(1_000, 9_000);
    JsonNode page = json(get("/api/jobs/" + job.id() + "/rejections", "application/json").body());
    String causes = "/api/jobs/" + job.id() + "/rejections/causes";
    JsonNode cause = json(get(causes, "application/json").body()).get(0);
    assertThat(cause.get("count").asInt()).isEqualTo(rows);
    assertThat(cause.get("stored").asInt()).isEqualTo(stored);
    assertThat(page.get("stored").asInt()).isEqualTo(stored);
    assertThat(page.get("notStored").asInt()).isEqualTo(rows - stored);
    HttpResponse<String> csv = get("/api/jobs/" + job.id() + "/rejections", "text/csv");
    assertThat(csv.headers().firstValueAsLong("X-Waybill-Not-Stored")).hasValue(rows - stored);
    assertThat(csv.body().lines()).hasSize(1 + stored);
  }

  @Test
  @Shows("row.attributes-too-large")
  void aRowThatTheTableRefusesIsRejectedWithItsText() throws Exception {
    String large = "x".repeat(200_000);
    awaitEnd(upload("?fileName=a.csv", "sku,name,a\nA,n,%s\nB,n,x\n".formatted(large)));
    String second =
        "sku,name,b\nB,n,%1$s\n,\n1,2\nA,new,%1$s\nC,n,\n".formatted("y".repeat(100_000));

    Job job = awaitEnd(upload("?fileName=b.csv", second));

    assertThat(counts(job).toString()).contains("created=1, updated=1, unchanged=0, rejected=2");
    assertThat(rejections(job))
        .extracting(item -> item.get("row") + " " + item.get("line") + item.at("/errors/0/code"))
        .containsExactly("2 4\"field-count\"", "3 5\"attributes-too-large\"");
    JsonNode rejected = rejections(job).getLast();
    assertThat(rejected.get("original").asString()).startsWith("A,new,yyy");
    assertThat(rejected.get("originalCut").asBoolean()).isTrue();
    assertThat(get("/api/jobs/" + job.id() + "/products", "application/x-ndjson").body().lines())
        .hasSize(2);
    assertThat(json(product("A")).get("name").asString()).isEqualTo("n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"products application/x-ndjson", "products text/csv", "rejections text/csv"})
  @Shows("call.products.forgotten")
  void anExportWhoseJobIsForgottenMeanwhileBreaksOff(String list) throws Exception {
    Job job = awaitEnd(upload("?fileName=large.csv", largeFile()));

    try (InputStream body = open(job, list)) {
      body.readNBytes(1000);
      clock.pass(Duration.ofDays(30).plusMillis(1));
      runScheduled("ForgetOldJobs.forgetOldJobs");
      assertThat(jobs.find(job.id())).isEmpty();

      assertThatThrownBy(() -> body.transferTo(OutputStream.nullOutputStream()))
          .isInstanceOf(IOException.class);
    }
  }

  /**
   * When a job is deleted, its rows are deleted first, in several transactions, and the job last.
   */
  @ParameterizedTest
  @ValueSource(strings = {"products application/x-ndjson", "rejections text/csv"})
  void anExportWhoseRowsAreBeingDeletedBreaksOff(String list) throws Exception {
    Job job = awaitEnd(upload("?fileName=large.csv", largeFile()));

    try (InputStream body = open(job, list)) {
      body.readNBytes(1000);
      for (String table : List.of("rejection WHERE row_number", "journal WHERE last_row")) {
        database.sql("DELETE FROM " + table + " > 300").update();
      }

      assertThatThrownBy(() -> body.transferTo(OutputStream.nullOutputStream()))
          .isInstanceOf(IOException.class);
    }
  }

  /**
   * The file has long names, long values of three bytes per character, and every error of a row.
   */
  @Test
  @Shows("event.size")
  void noEventIsLargerThan64Kb() throws Exception {
    String attributes =
        IntStream.range(0, 900)
            .mapToObj(i -> "a%d-%s".formatted(i, "k".repeat(55)))
            .collect(Collectors.joining(","));
    String blank = ",".repeat(900);
    String header =
        "sku,name,description,category,brand,price,currency,quantity,gtin,image_url," + attributes;
    String text = "茶\u0001".repeat(2_000);
    String good = "S%d,n,%2$s,%2$s,%2$s,,,,," + blank;
    String bad = ("," + "茶".repeat(300)).repeat(9) + blank;
    String rows =
        IntStream.range(0, 10)
            .mapToObj(i -> good.formatted(i, text.substring(0, 400 + i)) + "\n" + bad + "\n")
            .collect(Collectors.joining());
    CountDownLatch watched = new CountDownLatch(1);
    picked.beforeBegin(_ -> await(watched));
    String id = upload("?fileName=wide.csv", header + "\n" + rows);
    Set<String> names = new HashSet<>();
    HttpRequest request = HttpRequest.newBuilder(uri("/api/jobs/" + id + "/events")).build();
    try (Stream<String> lines = http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      lines.forEach(
          line -> {
            watched.countDown();
            names.add(line.startsWith("event: ") ? line.substring(7) : "");
            assertThat(line.getBytes(UTF_8)).hasSizeLessThanOrEqualTo("data: ".length() + 65_536);
            if (line.startsWith("data: ") && line.contains("fileName")) {
              assertThat(json(line.substring(6)).get("omitted").toString())
                  .isEqualTo("[\"mapping\"]");
            }
          });
    }
    assertThat(names).contains("snapshot", "rows", "rejected", "complete");
    assertThat(counts(awaitEnd(id)).toString()).contains("created=10", "rejected=10");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String largeFile() {
    String rejected = "," + "x".repeat(60_000) + ",\n";
    return "sku,name,description\n"
        + largeRows(0, LARGE_ROWS, 60_000)
        + rejected.repeat(LARGE_ROWS);
  }

  private InputStream open(Job job, String list) throws Exception {
    String[] nameAndForm = list.split(" ");
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/jobs/" + job.id() + "/" + nameAndForm[0]))
            .header("Accept", nameAndForm[1])
            .build();
    HttpResponse<InputStream> answer =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }
}
