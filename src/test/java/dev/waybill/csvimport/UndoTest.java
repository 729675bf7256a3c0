package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Undo on SQLite. */
class UndoTest extends ImportTestBase {

  @Autowired private ProductWriters writers;

  private HttpResponse<String> post(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.noBody()).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> undo(Job job) throws Exception {
    return post("/api/jobs/" + job.id() + "/undo");
  }

  private Job undone(Job job) throws Exception {
    return awaitEnd(started(undo(job)));
  }

  private String started(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json(answer.body()).get("transactionId").asString();
  }

  private JsonNode view(Job job) throws Exception {
    return json(get("/api/jobs/" + job.id(), "*/*").body());
  }

  private void assertCounts(Job undo, int reversed, int kept, int missing) throws Exception {
    JsonNode counts = view(undo).get("counts");
    assertThat(
            List.of(
                counts.get("reversed").asInt(),
                counts.get("kept").asInt(),
                counts.get("missing").asInt(),
                counts.get("products").asInt()))
        .containsExactly(reversed, kept, missing, reversed + kept + missing);
  }

  private void assertProblem(HttpResponse<String> answer, int status, String name) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer.body()).get("type").asString()).isEqualTo("urn:waybill:problem:" + name);
  }

  private List<String> names() {
    return database
        .sql("SELECT sku || '=' || name FROM product ORDER BY sku")
        .query(String.class)
        .list();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Shows({"call.undo", "call.undo.kept", "call.undo.undone", "call.undo.dry-run"})
  void takesBackWhatTheModelTakesBack(long seed) throws Exception {
    new UndoModel(uri("/").getPort(), seed)
        .run(60, new CancelByTrigger(), () -> clock.pass(Duration.ofMillis(1)));
  }

  private final class CancelByTrigger implements UndoModel.CancelUndo {

    @Override
    public void afterPart(int part) {
      database
          .sql(
              """
              CREATE TRIGGER obstacle AFTER UPDATE OF part ON undo_job WHEN NEW.part = %d
              BEGIN INSERT INTO cancel_request (job_id) VALUES (NEW.job_id); END
              """
                  .formatted(part))
          .update();
    }

    @Override
    public void never() {
      database.sql("DROP TRIGGER obstacle").update();
    }
  }

  @Test
  @Shows({"call.undo", "call.undo.unchanged"})
  void deletesWhatWasCreatedAndRestoresWhatWasUpdated() throws Exception {
    imported(rows(0, 25, "n"));
    Job job = imported(rows(20, 45, "m") + rows(0, 10, "n"));
    List<String> after = names();
    Job same = imported(rows(20, 45, "m"));

    Job undo = undone(job);

    assertThat(undo.status()).isEqualTo(JobStatus.COMPLETED);
    assertCounts(undo, 25, 0, 0);
    assertThat(names()).hasSize(25).allMatch(each -> each.endsWith("=n"));
    assertCounts(undone(same), 0, 0, 0);
    assertCounts(undone(undo), 25, 0, 0);
    assertThat(names()).isEqualTo(after);
  }

  @Test
  @Shows({"call.undo.kept", "call.undo.lists"})
  void keepsWhatAnotherJobHasWrittenAndListsIt() throws Exception {
    Job job = imported(rows(0, 25, "n"));
    Job later = imported("S3,m\nS4,n\n");
    http.send(
        HttpRequest.newBuilder(uri("/api/products/S5")).DELETE().build(),
        HttpResponse.BodyHandlers.discarding());

    Job undo = undone(job);

    assertCounts(undo, 23, 1, 1);
    assertThat(names()).containsExactly("S3=m");
    String path = "/api/jobs/" + undo.id();
    assertThat(get(path + "/kept", "application/json").body())
        .isEqualTo(
            "{\"items\":[{\"sku\":\"S3\",\"by\":\"%s\"}],\"next\":null}".formatted(later.id()));
    assertThat(get(path + "/kept", "text/csv").body())
        .isEqualTo("sku,by\nS3,%s\n".formatted(later.id()));
    assertThat(get(path + "/missing", "application/x-ndjson").body())
        .isEqualTo("{\"sku\":\"S5\"}\n");
    assertThat(get(path + "/reversed", "text/csv").body().lines()).hasSize(24);
    JsonNode page = json(get(path + "/reversed?limit=20", "application/json").body());
    assertThat(page.get("items")).hasSize(20);
    String next = page.get("next").asString();
    assertThat(json(get(path + "/reversed?after=" + next, "application/json").body()).get("items"))
        .hasSize(3);
  }

  @Test
  @Shows({
    "problem.nothing-to-undo",
    "problem.job-running",
    "problem.already-undone",
    "call.undo.once"
  })
  void refusesWhatCannotBeUndone() throws Exception {
    Job dry = awaitEnd(upload("?fileName=a.csv&dryRun=true", "sku,name\nA,n\n"));
    assertProblem(undo(dry), 409, "nothing-to-undo");
    assertProblem(post("/api/jobs/" + "0".repeat(32) + "/undo"), 404, "job-unknown");

    Job job = imported(rows(0, 5, "n"));
    Job undo = undone(job);
    HttpResponse<String> again = undo(job);
    assertProblem(again, 409, "already-undone");
    assertThat(json(again.body()).get("transactionId").asString()).isEqualTo(undo.id());

    CountDownLatch looked = new CountDownLatch(1);
    picked.beforeBegin(_ -> await(looked));
    String running = upload(rows(0, 5, "n"));
    assertProblem(post("/api/jobs/" + running + "/undo"), 409, "job-running");
    looked.countDown();
    awaitEnd(running);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Shows("call.undo.dry-run")
  void aDryRunListsAndChangesNothing() throws Exception {
    Job job = imported(rows(0, 25, "n"));
    imported("S3,m\n");
    List<String> before = names();

    Job dry = awaitEnd(started(post("/api/jobs/" + job.id() + "/undo?dryRun=true")));

    assertCounts(dry, 24, 1, 0);
    assertThat(names()).isEqualTo(before);
    assertThat(get("/api/jobs/" + dry.id() + "/reversed", "text/csv").body().lines()).hasSize(25);
    assertProblem(undo(dry), 409, "nothing-to-undo");
    assertCounts(undone(job), 24, 1, 0);
  }

  @Test
  @Shows({"call.undo.effects", "call.undo.lists"})
  void saysWhatIsDeletedRecreatedOrGetsWhichValues() throws Exception {
    awaitEnd(upload("?fileName=a.csv", "sku,name,price\nA,Mug,9.90\nB,Cup,5\n"));
    Job job =
        awaitEnd(
            upload(
                "?fileName=b.csv", "sku,name,price\nA,Mug,12.90\nB,Cup,5\nC,Pot,1\nA,Mug,13.90\n"));
    String updated =
        """
        {"sku":"A","result":"updated","changes":[{"field":"price","old":%s,"new":%s}]}
        """;

    Job dry = awaitEnd(started(post("/api/jobs/" + job.id() + "/undo?dryRun=true")));
    assertEffects(dry, 2, 1, 0);
    String deleted = "{\"sku\":\"C\",\"result\":\"deleted\"}\n";
    assertThat(reversed(dry)).isEqualTo(updated.formatted("13.9", "9.9") + deleted);

    Job undo = undone(job);
    assertEffects(undo, 2, 1, 0);
    assertThat(reversed(undo)).isEqualTo(updated.formatted("13.9", "9.9") + deleted);

    Job dryRedo = awaitEnd(started(post("/api/jobs/" + undo.id() + "/undo?dryRun=true")));
    assertEffects(dryRedo, 2, 0, 1);
    String recreated = "{\"sku\":\"C\",\"result\":\"recreated\"}\n";
    assertThat(reversed(dryRedo)).isEqualTo(updated.formatted("9.9", "13.9") + recreated);

    Job redo = undone(undo);
    assertEffects(redo, 2, 0, 1);
    assertThat(reversed(redo)).isEqualTo(updated.formatted("9.9", "13.9") + recreated);
  }

  private void assertEffects(Job undo, int reversed, int deleted, int recreated) throws Exception {
    JsonNode counts = view(undo).get("counts");
    assertThat(
            List.of(
                counts.get("reversed").asInt(),
                counts.get("deleted").asInt(),
                counts.get("recreated").asInt()))
        .containsExactly(reversed, deleted, recreated);
  }

  private String reversed(Job undo) throws Exception {
    return get("/api/jobs/" + undo.id() + "/reversed", "application/x-ndjson").body();
  }

  @Test
  @Shows("job.undone")
  void aJobSaysWhetherItWasUndoneAndWhetherItIsInForceAgain() throws Exception {
    Job job = imported(rows(0, 5, "n"));
    assertThat(view(job).has("undone")).isFalse();

    Job undo = undone(job);
    assertThat(view(job).get("undone").toString())
        .isEqualTo("{\"by\":\"%s\",\"at\":%s}".formatted(undo.id(), view(undo).get("finishedAt")));
    assertThat(view(undo).get("redo").asBoolean()).isFalse();
    assertThat(view(undo).has("undone")).isFalse();

    Job redo = undone(undo);
    assertThat(view(redo).get("redo").asBoolean()).isTrue();
    JsonNode undone = view(job).get("undone");
    assertThat(undone.get("by").asString()).isEqualTo(undo.id());
    assertThat(undone.get("reversedBy").asString()).isEqualTo(redo.id());
    assertThat(undone.get("reversedAt")).isEqualTo(view(redo).get("finishedAt"));
    assertThat(view(undo).get("undone").get("by").asString()).isEqualTo(redo.id());

    Job again = undone(redo);
    assertThat(view(again).get("redo").asBoolean()).isFalse();
    assertThat(view(job).get("undone").get("by").asString()).isEqualTo(again.id());
    JsonNode listed = json(get("/api/jobs", "application/json").body()).get("items");
    assertThat(listed.valueStream().filter(each -> each.has("undone")))
        .extracting(each -> each.get("undone").get("by").asString())
        .containsExactlyInAnyOrder(again.id(), redo.id(), again.id());
    assertThat(names()).isEmpty();
  }

  @Test
  @Shows({"call.undo.resumed", "job.next-attempt"})
  void anUndoThatFailsAgainAndAgainEndsAsAnUndisturbedOne() throws Exception {
    imported(rows(0, 35, "n"));
    List<String> before = names();
    Job job = imported(rows(20, 60, "m") + rows(20, 60, "k"));
    database
        .sql(
            """
            CREATE TRIGGER obstacle BEFORE UPDATE OF part ON undo_job
            WHEN NEW.part > 2 * (SELECT attempt FROM job WHERE id = NEW.job_id)
            BEGIN SELECT RAISE(ABORT, 'no room left'); END
            """)
        .update();

    Job undo = undone(job);

    assertThat(undo.attempt()).isGreaterThan(1);
    assertThat(undo.status()).isEqualTo(JobStatus.COMPLETED);
    assertCounts(undo, 40, 0, 0);
    assertThat(names()).isEqualTo(before);
  }

  /** Undoes the first parts of a job. Then the database refuses the next part. */
  private Job undoneInPart(Job job) throws Exception {
    database
        .sql(
            """
            CREATE TRIGGER obstacle BEFORE UPDATE OF part ON undo_job WHEN NEW.part > 2
            BEGIN SELECT RAISE(ABORT, 'no room left'); END
            """)
        .update();
    Job failed = undone(job);
    assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
    database.sql("DROP TRIGGER obstacle").update();
    return failed;
  }

  @Test
  @Shows("call.undo.once")
  void anUndoThatHasFailedMayBeStartedAgainAndDoesTheRest() throws Exception {
    Job job = imported(rows(0, 40, "n"));
    Job failed = undoneInPart(job);
    assertCounts(failed, 20, 0, 0);

    Job undo = undone(job);

    assertThat(undo.status()).isEqualTo(JobStatus.COMPLETED);
    assertCounts(undo, 20, 0, 0);
    assertThat(names()).isEmpty();
    assertProblem(undo(job), 409, "already-undone");
    assertCounts(undone(failed), 20, 0, 0);
    assertThat(names()).hasSize(20);
    assertThat(view(failed).get("undone").has("reversedBy")).isFalse();
    assertThat(view(job).get("undone").get("by").asString()).isEqualTo(undo.id());
  }

  /** An undo leaves out what an earlier undo has reversed, so it reads the changes of that undo. */
  @Test
  void theChangesOfAFailedUndoAreKeptWhileTheNextUndoRuns() throws Exception {
    Job job = imported(rows(0, 40, "n"));
    Job failed = undoneInPart(job);
    database
        .sql("UPDATE product_writer SET change_bytes = ? WHERE job_id = ?")
        .params(1L << 40, failed.id())
        .update();
    CountDownLatch swept = new CountDownLatch(1);
    picked.beforeBegin(_ -> await(swept));
    String next = json(undo(job).body()).get("transactionId").asString();

    runScheduled("ForgetChanges.makeRoom");

    assertThat(changesOf(failed)).isEqualTo(20);
    swept.countDown();
    awaitEnd(next);
    runScheduled("ForgetChanges.makeRoom");
    assertThat(changesOf(failed)).isZero();
  }

  private int changesOf(Job job) {
    return database
        .sql(
            """
            SELECT COUNT(*) FROM product_change
            WHERE writer = (SELECT number FROM product_writer WHERE job_id = ?)
            """)
        .param(job.id())
        .query(Integer.class)
        .single();
  }

  @Test
  @Shows({"call.undo.retention", "problem.expired", "setting.import.undo-retention"})
  void afterItsRetentionAJobCannotBeUndone() throws Exception {
    Job job = imported(rows(0, 5, "n"));
    clock.pass(Duration.ofDays(7));
    Job other = imported(rows(5, 9, "n"));
    clock.pass(Duration.ofMillis(1));

    assertProblem(undo(job), 410, "expired");
    assertCounts(undone(other), 4, 0, 0);
  }

  @Test
  void whatCannotBeUndoneAnyMoreIsNotKept() throws Exception {
    imported(rows(0, 5, "n"));
    imported(rows(0, 5, "m"));
    clock.pass(Duration.ofDays(7));
    Job other = imported(rows(0, 3, "o"));
    clock.pass(Duration.ofMillis(1));

    runScheduled("ForgetChanges.forgetOldChanges");

    assertThat(database.sql("SELECT COUNT(*) FROM product_change").query(Integer.class).single())
        .isEqualTo(3);
    assertCounts(undone(other), 3, 0, 0);
  }

  @Test
  void changesThatAnotherPodIsDeletingAreLeftToIt() throws Exception {
    imported(rows(0, 5, "n"));
    Job job = imported(rows(0, 5, "m"));
    ProductWriter seen = writers.find(job.id()).orElseThrow();
    database
        .sql("UPDATE product_writer SET state = 'EXPIRED' WHERE job_id = ?")
        .param(job.id())
        .update();

    writers.forgetChanges(seen, _ -> {});

    assertThat(writers.changes(job.id())).isEqualTo(5);
  }

  @Test
  void aForgottenUndoLeavesNothing() throws Exception {
    Job undo = undone(imported(rows(0, 5, "n")));
    clock.pass(Duration.ofDays(31));

    runScheduled("ForgetOldJobs.forgetOldJobs");

    for (String table :
        new String[] {"product_change", "product_writer", "undo_job", "undo_product"}) {
      assertThat(database.sql("SELECT COUNT(*) FROM " + table).query(Integer.class).single())
          .as(table)
          .isZero();
    }
    assertThat(jobs.find(undo.id())).isEmpty();
  }
}
