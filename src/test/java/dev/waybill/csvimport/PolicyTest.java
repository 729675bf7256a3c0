package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The parameters that decide about rejected rows and known skus. Chunks have ten rows. */
class PolicyTest extends ImportTestBase {

  private static final String HEADER = "sku,name\n";

  @Autowired private MeterRegistry metrics;
  @Autowired private RunImport runImport;

  private Job ended(String query, String rows) throws Exception {
    return awaitEnd(upload(query, HEADER + rows));
  }

  private int products() {
    return database.sql("SELECT COUNT(*) FROM product").query(Integer.class).single();
  }

  private static void assertTooMany(Job job) {
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.error()).contains("\"code\":\"too-many-rejections\"");
  }

  @Test
  @Shows("policy.stop")
  void stopsAtTheFirstRejectedRowAndKeepsTheRowsBefore() throws Exception {
    Job job = ended("?onError=stop", rows(0, 14, "n") + ",bad\n" + rows(15, 40, "n"));

    assertTooMany(job);
    assertThat(counts(job)).isEqualTo(new Counts(15, 14, 0, 0, 1, 0, 0));
    assertThat(products()).isEqualTo(14);
    assertThat(rejections(job)).hasSize(1);
  }

  @Test
  @Shows("policy.max-errors")
  void toleratesSoManyRejectedRows() throws Exception {
    String rows = ",a\n,b\n" + rows(0, 20, "n") + ",c\n" + rows(20, 30, "n");

    assertThat(ended("?maxErrors=3", rows).status()).isEqualTo(JobStatus.COMPLETED);
    database.sql("DELETE FROM product").update();
    Job job = ended("?maxErrors=2", rows);

    assertTooMany(job);
    assertThat(counts(job)).isEqualTo(new Counts(23, 20, 0, 0, 3, 0, 0));
    assertThat(products()).isEqualTo(20);
  }

  @Test
  @Shows("policy.mode")
  void takesOnlyNewOrOnlyKnownSkus() throws Exception {
    imported(rows(0, 5, "n"));

    Job created = ended("?mode=create", rows(3, 8, "m") + "S7,again\n");
    assertThat(counts(created)).isEqualTo(new Counts(6, 3, 0, 0, 3, 0, 0));
    assertThat(rejections(created).getFirst().at("/errors/0/code").asString())
        .isEqualTo("sku-exists");
    assertThat(product("S3")).contains("\"name\":\"n\"");

    Job updated = ended("?mode=update", rows(7, 20, "k"));
    assertThat(counts(updated)).isEqualTo(new Counts(13, 0, 1, 0, 12, 0, 0));
    assertThat(rejections(updated).getFirst().at("/errors/0/code").asString())
        .isEqualTo("sku-unknown");
    assertThat(products()).isEqualTo(8);
    assertThat(counts(ended("?mode=create&dryRun=true", rows(0, 9, "n"))))
        .isEqualTo(new Counts(9, 1, 0, 0, 8, 0, 0));
  }

  @Test
  @Shows("policy.stop")
  void stopsAtARowThatOnlyTheCatalogueRejects() throws Exception {
    imported("S14,n\n");

    Job job = ended("?mode=create&onError=stop", rows(0, 30, "n"));

    assertTooMany(job);
    assertThat(counts(job)).isEqualTo(new Counts(15, 14, 0, 0, 1, 0, 0));
    assertThat(products()).isEqualTo(15);
  }

  @Test
  @Shows("policy.reject-all")
  void importsNothingIfOneRowIsBad() throws Exception {
    Job job = ended("?onError=reject-all", rows(0, 25, "n") + ",bad\n" + rows(25, 40, "n"));

    assertTooMany(job);
    assertThat(counts(job)).isEqualTo(new Counts(41, 0, 0, 0, 1, 0, 40));
    assertThat(products()).isZero();
    assertThat(rejections(job)).hasSize(1);
    assertThat(get("/api/jobs/" + job.id() + "/products", "application/json").body())
        .contains("\"items\":[]");
    assertThat(get("/api/jobs/" + job.id(), "application/json").body())
        .contains("\"phase\":\"checking\"");
  }

  @Test
  @Shows("policy.reject-all")
  void importsAllAfterTheCheck() throws Exception {
    Job job = ended("?onError=reject-all&maxErrors=1", rows(0, 25, "n") + ",bad\n");

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(counts(job)).isEqualTo(new Counts(26, 25, 0, 0, 1, 0, 0));
    assertThat(rejections(job)).hasSize(1);
    assertThat(get("/api/jobs/" + job.id(), "application/json").body())
        .contains("\"phase\":\"importing\"", "\"percent\":100.0");
    // The attempt's time includes the first pass, so its rows and bytes count, too.
    assertThat(imports.of(job).attemptStartRows()).isEqualTo(-26);
    assertThat(imports.of(job).attemptStartBytes()).isEqualTo(-imports.of(job).bytesTotal());
  }

  @Test
  void countsTheRowsOfImportsButNotThoseOfDryRuns() throws Exception {
    double created = createdRows();
    ended("?dryRun=true", rows(0, 15, "n"));
    assertThat(createdRows()).isEqualTo(created);

    ended("", rows(0, 15, "n"));
    assertThat(createdRows()).isEqualTo(created + 15);
  }

  @Test
  void countsNoRowThatItTookBackAndTheNoticesOfBothPassesOnce() throws Exception {
    double created = createdRows();
    double rejected = counted("waybill.rows", "result", "rejected");
    double repeated = counted("waybill.notices", "code", "header-repeated");
    String file = rows(0, 15, "n") + "sku,name\n" + rows(15, 25, "n");

    ended("?onError=reject-all&mode=create", file + "S3,again\n");

    assertThat(createdRows()).isEqualTo(created);
    assertThat(counted("waybill.rows", "result", "rejected")).isEqualTo(rejected + 1);
    assertThat(counted("waybill.notices", "code", "header-repeated")).isEqualTo(repeated + 1);

    ended("?onError=reject-all&mode=create", file);

    assertThat(createdRows()).isEqualTo(created + 25);
  }

  /** Another pod may pick an ended job again if the first pod crashed while it cleared up. */
  @Test
  void countsTheRowsOnceEvenIfAnEndedJobIsPickedAgain() throws Exception {
    double created = createdRows();
    Job job = ended("?onError=reject-all", rows(0, 15, "n"));

    runImport.ended(job);

    assertThat(createdRows()).isEqualTo(created + 15);
  }

  private double createdRows() {
    return counted("waybill.rows", "result", "created");
  }

  /** The value of a counter; 0 if it has not counted anything. */
  private double counted(String name, String tag, String value) {
    Counter counter = metrics.find(name).tag(tag, value).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  @Shows("policy.reject-all.late")
  void takesBackWhatItWroteIfARowTurnsBadAfterTheCheck() throws Exception {
    String file = rows(0, 25, "n") + "S3,again\n" + rows(30, 45, "n");

    Job job = ended("?onError=reject-all&mode=create", file);

    assertTooMany(job);
    assertThat(job.error()).contains("accepted rows before had changed was taken back");
    assertThat(counts(job)).isEqualTo(new Counts(26, 0, 0, 0, 1, 0, 25));
    assertThat(products()).isZero();
    assertThat(rejections(job)).hasSize(1);
    assertThat(get("/api/jobs/" + job.id() + "/products", "application/json").body())
        .contains("\"items\":[]");
    assertThat(counts(ended("?onError=reject-all&mode=create&maxErrors=1", file)))
        .isEqualTo(new Counts(41, 40, 0, 0, 1, 0, 0));
  }

  /** Another client changes the catalogue after the check, and before the first row is written. */
  private void betweenThePasses(String statements) {
    database
        .sql(
            """
            CREATE TRIGGER obstacle AFTER UPDATE OF checking ON import_job
            WHEN OLD.checking AND NOT NEW.checking BEGIN %s END
            """
                .formatted(statements))
        .update();
  }

  private List<String> prices() {
    return database
        .sql("SELECT sku || '=' || name || coalesce(price, '-') FROM product ORDER BY sku")
        .query(String.class)
        .list();
  }

  @Test
  @Shows("policy.reject-all.late")
  void aConcurrentChangeEndsTheJobAndLeavesEachProductToItsWriterBefore() throws Exception {
    Job before = imported(rows(0, 40, "n"));
    betweenThePasses("DELETE FROM product WHERE sku = 'S34';");
    List<String> stored = prices();
    stored.remove("S34=n-");
    String file =
        IntStream.range(0, 40).mapToObj("S%d,7,red\n"::formatted).collect(Collectors.joining());

    Job job = awaitEnd(upload("?onError=reject-all", "sku,price,Colour\n" + file + "S1,9,blue\n"));

    assertTooMany(job);
    assertThat(prices()).isEqualTo(stored);
    assertThat(product("S1")).contains("\"attributes\":{}");
    assertThat(counts(job)).isEqualTo(new Counts(35, 0, 0, 0, 1, 0, 34));
    assertThat(rejections(job).getFirst().at("/errors/0/code").asString())
        .isEqualTo("name-missing");
    assertThat(get("/api/jobs/" + job.id() + "/changes", "application/json").body())
        .contains("\"items\":[]");
    assertThat(json(get("/api/jobs/" + job.id(), "*/*").body()).get("summary").toString())
        .isEqualTo("{\"fields\":{},\"pricesFalling\":0,\"pricesRising\":0}");
    assertUndoes(job, 0, 0);
    // The job before is the last writer of its products again.
    assertUndoes(before, 39, 1);
    assertThat(products()).isZero();
  }

  private void assertUndoes(Job job, int reversed, int missing) throws Exception {
    HttpResponse<String> answer = post("/api/jobs/" + job.id() + "/undo", "");
    Job undo = awaitEnd(json(answer.body()).get("transactionId").asString());
    JsonNode counts = json(get("/api/jobs/" + undo.id(), "*/*").body()).get("counts");
    assertThat(
            Stream.of("products", "reversed", "kept", "missing")
                .map(name -> counts.get(name).asInt()))
        .containsExactly(reversed + missing, reversed, 0, missing);
  }

  @Test
  @Shows("policy.reject-all.late")
  void anAttemptThatFailsWhileItTakesBackIsContinuedByTheNext() throws Exception {
    imported(rows(0, 5, "old"));
    List<String> stored = prices();
    database
        .sql(
            """
            CREATE TRIGGER obstacle BEFORE UPDATE OF outcomes ON journal
            WHEN NEW.first_row < 20 AND (SELECT attempt FROM job WHERE id = NEW.job_id) = 1
            BEGIN SELECT RAISE(ABORT, 'no room left'); END
            """)
        .update();

    Job job =
        ended(
            "?onError=reject-all&mode=create", rows(5, 35, "n") + "S7,again\n" + rows(40, 45, "n"));

    assertTooMany(job);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(counts(job)).isEqualTo(new Counts(31, 0, 0, 0, 1, 0, 30));
    assertThat(prices()).isEqualTo(stored);
  }

  @Test
  @Shows("policy.reject-all.late")
  void anImportThatCannotBeTakenBackSaysWhatIsLeftOfIt() throws Exception {
    database
        .sql(
            """
            CREATE TRIGGER obstacle BEFORE UPDATE OF outcomes ON journal WHEN NEW.first_row < 20
            BEGIN SELECT RAISE(ABORT, 'no room left'); END
            """)
        .update();

    Job job = ended("?onError=reject-all&mode=create", rows(0, 30, "n") + "S7,again\n");

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.error())
        .contains("20 accepted rows are not taken back yet. Undo the import to take them back.")
        .doesNotContain("The rows up to");
    assertThat(products()).isEqualTo(20);
    database.sql("DROP TRIGGER obstacle").update();
    assertUndoes(job, 20, 0);
    assertThat(products()).isZero();
  }

  @Test
  @Shows("preview.dry-run")
  void anImportSaysHowItDiffersFromItsDryRun() throws Exception {
    Job dryRun = ended("?dryRun=true", rows(0, 15, "n"));
    imported(rows(0, 1, "n"));
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(uri("/api/jobs/" + dryRun.id() + "/import"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());

    Job job = awaitEnd(json(answer.body()).get("transactionId").asString());

    assertThat(imports.of(job).notices())
        .anySatisfy(
            notice -> {
              assertThat(notice.code()).isEqualTo("dry-run-differs");
              assertThat(notice.detail()).contains("15 created", "14 created");
            });
  }

  /** Chunks have ten rows, so S0 is repeated both in the same chunk and in a later one. */
  @Test
  @Shows({"row.dry-run.repeats", "preview.dry-run"})
  void aDryRunSaysWhichRowsAnImportMayCountInAnotherWay() throws Exception {
    String file = rows(0, 5, "n") + "S0,n\n" + rows(5, 20, "n") + "S0,m\nS3,n\n";

    Job dryRun = ended("?dryRun=true", file);

    assertThat(counts(dryRun)).isEqualTo(new Counts(23, 23, 0, 0, 0, 0, 0));
    assertThat(imports.of(dryRun).notices())
        .filteredOn(notice -> notice.code().equals("dry-run-repeats"))
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.count()).isEqualTo(3);
              assertThat(notice.rows()).containsExactly(6L, 22L, 23L);
            });

    Job job = ended("", file);

    assertThat(counts(job)).isEqualTo(new Counts(23, 20, 1, 2, 0, 0, 0));
    assertThat(imports.of(job).notices())
        .noneMatch(notice -> notice.code().equals("dry-run-repeats"));
  }

  @Test
  @Shows("row.dry-run.repeats")
  void aDryRunWithoutRepeatedSkusHasNoNotice() throws Exception {
    assertThat(imports.of(ended("?dryRun=true", rows(0, 25, "n"))).notices())
        .noneMatch(notice -> notice.code().equals("dry-run-repeats"));
  }
}
