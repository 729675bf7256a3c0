package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.csvimport.Counts;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The JSON of a job, field by field, in each of its states. */
class JobFieldsTest extends JobTestBase {

  /**
   * The first fields. The tests add the others between this text, {@link #FILE} and {@link #LINKS}.
   */
  private static final String HEAD =
      "{\"transactionId\":\"%s\",\"kind\":\"test-kind\",\"status\":\"%s\",\"attempt\":%d,"
          + "\"fileName\":\"products.csv\",\"dryRun\":false,";

  private static final String FILE =
      "\"charset\":\"UTF-8\",\"delimiter\":\"comma\",\"format\":\"general\",\"onError\":\"skip\",\"maxErrors\":null,"
          + "\"mode\":\"upsert\",\"mapping\":{\"sku\":\"sku\"},";

  private static final String LINKS =
      "\"notices\":[],\"links\":{\"self\":\"/api/jobs/%1$s\",\"events\":\"/api/jobs/%1$s/events\","
          + "\"products\":\"/api/jobs/%1$s/products\",\"rejections\":\"/api/jobs/%1$s/rejections\","
          + "\"changes\":\"/api/jobs/%1$s/changes\"}}";

  private HttpResponse<String> get(String id) {
    return send(to("/api/jobs/" + id));
  }

  /** Lets a job commit half of its file two seconds after its start, and holds it there. */
  private String runningHalfWay(CountDownLatch release) {
    CountDownLatch halfWay = new CountDownLatch(1);
    String id =
        enqueue(
            run -> {
              clock.pass(Duration.ofSeconds(2));
              run.commit(kind.chunk(new Counts(500, 200, 150, 100, 50, 0, 0), 250));
              halfWay.countDown();
              awaitLatch(release);
            });
    awaitLatch(halfWay);
    return id;
  }

  @Test
  @Shows("job.attempt-while-queued")
  void aQueuedJob() {
    occupyTheImportThread();
    String id = enqueue(_ -> {});

    assertThat(get(id).body())
        .isEqualTo(
            HEAD.formatted(id, "QUEUED", 0)
                + "\"percent\":0.0,\"bytes\":{\"read\":0,\"total\":1000},"
                + "\"counts\":{\"rows\":0,\"created\":0,\"updated\":0,\"unchanged\":0,"
                + "\"rejected\":0,\"products\":0,\"merged\":0,\"skipped\":0},\"rowsPerSecond\":null,\"etaSeconds\":null,"
                + "\"queuePosition\":1,\"cancelRequested\":false,"
                + FILE
                + "\"createdAt\":\"2020-01-01T00:00:00Z\",\"startedAt\":null,\"finishedAt\":null,"
                + "\"error\":null,"
                + "\"summary\":{\"fields\":{},\"pricesFalling\":0,\"pricesRising\":0},"
                + LINKS.formatted(id));
  }

  @Test
  @Shows({
    "job.transactionId",
    "job.status",
    "job.attempt",
    "job.fileName",
    "job.dryRun",
    "job.percent",
    "job.bytes",
    "job.counts",
    "job.rowsPerSecond",
    "job.etaSeconds",
    "job.cancelRequested",
    "job.charset",
    "job.delimiter",
    "job.mapping",
    "job.createdAt",
    "job.startedAt",
    "job.finishedAt",
    "job.error",
    "job.links",
    "call.job"
  })
  void aRunningJob() {
    CountDownLatch release = new CountDownLatch(1);
    String id = runningHalfWay(release);

    HttpResponse<String> answer = get(id);
    release.countDown();

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            HEAD.formatted(id, "RUNNING", 1)
                + "\"percent\":25.0,\"bytes\":{\"read\":250,\"total\":1000},"
                + "\"counts\":{\"rows\":500,\"created\":200,\"updated\":150,\"unchanged\":100,"
                + "\"rejected\":50,\"products\":450,\"merged\":0,\"skipped\":0},\"rowsPerSecond\":250,\"etaSeconds\":6,"
                + "\"cancelRequested\":false,"
                + FILE
                + "\"createdAt\":\"2020-01-01T00:00:00Z\",\"startedAt\":\"2020-01-01T00:00:00Z\","
                + "\"finishedAt\":null,\"error\":null,"
                + LINKS.formatted(id));
  }

  @Test
  @Shows({"job.percent-at-the-end", "job.status", "job.finishedAt"})
  void aCompletedJob() {
    CountDownLatch release = new CountDownLatch(1);
    String id = runningHalfWay(release);
    release.countDown();
    awaitEnd(id);

    assertThat(get(id).body())
        .isEqualTo(
            HEAD.formatted(id, "COMPLETED", 1)
                + "\"percent\":100.0,\"bytes\":{\"read\":1000,\"total\":1000},"
                + "\"counts\":{\"rows\":500,\"created\":200,\"updated\":150,\"unchanged\":100,"
                + "\"rejected\":50,\"products\":450,\"merged\":0,\"skipped\":0},\"rowsPerSecond\":250,\"etaSeconds\":null,"
                + "\"cancelRequested\":false,"
                + FILE
                + "\"createdAt\":\"2020-01-01T00:00:00Z\",\"startedAt\":\"2020-01-01T00:00:00Z\","
                + "\"finishedAt\":\"2020-01-01T00:00:02Z\",\"error\":null,"
                + LINKS.formatted(id));
  }

  @Test
  @Shows({"job.error", "job.status", "job.keeps-its-chunks"})
  void aFailedJob() {
    String id =
        enqueue(
            run -> {
              run.commit(created(3, 100));
              throw new JobFailure("file-lost", "Upload the file again.", null);
            });
    awaitEnd(id);

    JsonNode job = json(get(id));
    assertThat(job.get("status").asString()).isEqualTo("FAILED");
    assertThat(job.at("/counts/rows").asInt()).isEqualTo(3);
    JsonNode error = job.get("error");
    assertThat(error.get("type").asString()).isEqualTo("urn:waybill:problem:file-lost");
    assertThat(error.get("code").asString()).isEqualTo("file-lost");
    assertThat(error.get("title").asString()).isNotBlank();
    assertThat(error.get("detail").asString()).isEqualTo("Upload the file again.");
  }

  @Test
  @Shows("call.job.etag")
  void theEtagStaysWhereOnlyRateAndRemainingTimeChange() {
    CountDownLatch release = new CountDownLatch(1);
    String id = runningHalfWay(release);

    HttpResponse<String> before = get(id);
    database
        .sql("UPDATE import_job SET updated_at = updated_at + 2000 WHERE job_id = ?")
        .param(id)
        .update();
    HttpResponse<String> after = get(id);
    release.countDown();

    assertThat(json(before).get("rowsPerSecond").asInt()).isEqualTo(250);
    assertThat(json(after).get("rowsPerSecond").asInt()).isEqualTo(125);
    assertThat(json(after).get("etaSeconds").asInt()).isEqualTo(12);
    assertThat(after.headers().firstValue("ETag")).isEqualTo(before.headers().firstValue("ETag"));
  }

  @Test
  @Shows("call.jobs.limit")
  void aPageWithoutALimitHoldsFiftyJobs() {
    occupyTheImportThread();
    IntStream.range(0, 50).forEach(_ -> enqueue(_ -> {}));

    JsonNode page = json(send(to("/api/jobs")));
    assertThat(page.get("items")).hasSize(50);
    JsonNode rest = json(send(to("/api/jobs?after=" + page.get("next").asString())));
    assertThat(rest.get("items")).hasSize(1);
    assertThat(rest.get("next").isNull()).isTrue();
  }

  @Test
  @Shows("call.transaction-id")
  void aTransactionIdCannotBeGuessed() {
    int ids = 1000;
    Set<String> different = new HashSet<>();
    int[] ones = new int[128];
    for (int i = 0; i < ids; i++) {
      String id = jobs.newTransactionId();
      assertThat(id).matches("[0-9a-f]{32}");
      different.add(id);
      for (int bit = 0; bit < ones.length; bit++) {
        int digit = Character.digit(id.charAt(bit / 4), 16);
        ones[bit] += digit >> (bit % 4) & 1;
      }
    }

    assertThat(different).hasSize(ids);
    // A fair coin leaves this range less than once in 10^20 times.
    assertThat(ones)
        .as("how often each bit is set")
        .satisfies(each -> assertThat(Arrays.stream(each)).allMatch(set -> set > 350 && set < 650));
  }
}
