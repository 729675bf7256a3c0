package dev.waybill.csvimport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.job.Job;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The limits for the old values that imports keep for an undo. */
class ChangeLimitsTest extends ImportTestBase {

  @Autowired private ProductWriters writers;

  private HttpResponse<String> undo(Job job, String query) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/jobs/" + job.id() + "/undo" + query))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> changes(Job job, String accept) throws Exception {
    return get("/api/jobs/" + job.id() + "/changes", accept);
  }

  private int rowsIn(String table) {
    return database.sql("SELECT COUNT(*) FROM " + table).query(Integer.class).single();
  }

  @Test
  @Shows({"call.changes.truncated", "call.undo.cut", "setting.import.changes.max-size"})
  void anImportThatReplacesTooMuchGoesOnWithoutKeepingItAndSaysSo() throws Exception {
    imported(rows(0, 25, "n"));
    database
        .sql(
            """
            CREATE TRIGGER obstacle AFTER UPDATE OF change_rows ON product_writer
            WHEN NEW.change_rows = 10
            BEGIN UPDATE product_writer SET change_bytes = 1 << 30 WHERE number = NEW.number; END
            """)
        .update();

    Job job = imported(rows(0, 25, "m"));

    assertThat(counts(job).updated()).isEqualTo(25);
    assertThat(rowsIn("product_change")).isEqualTo(10);
    JsonNode page = json(changes(job, "application/json").body());
    assertThat(page.get("items")).hasSize(10);
    assertThat(page.get("truncated").asBoolean()).isTrue();
    assertThat(page.get("stored").asInt()).isEqualTo(10);
    assertThat(page.get("notStored").asInt()).isEqualTo(15);
    HttpResponse<String> all = changes(job, "application/x-ndjson");
    assertThat(all.headers().firstValue("X-Waybill-Not-Stored")).contains("15");
    assertThat(all.body().lines()).hasSize(10);
    JsonNode view = json(get("/api/jobs/" + job.id(), "*/*").body());
    assertThat(view.get("summary").get("truncated").asBoolean()).isTrue();
    assertThat(view.get("notices").toString())
        .contains("\"code\":\"changes-not-kept\",\"count\":1,\"rows\":[11]");
    HttpResponse<String> undo = undo(job, "");
    assertThat(undo.statusCode()).isEqualTo(410);
    assertThat(undo.body()).contains("replaced more than the server keeps");
  }

  @Test
  @Shows("policy.reject-all.late")
  void rowsStayIfTheImportHasReplacedTooMuchToTakeThemBack() throws Exception {
    imported(rows(0, 25, "n"));
    // Another client creates a product after the check, and the limit is exceeded.
    database
        .sql(
            """
            CREATE TRIGGER obstacle AFTER UPDATE OF change_rows ON product_writer
            WHEN NEW.change_rows = 10
            BEGIN
              UPDATE product_writer SET change_bytes = 1 << 30 WHERE number = NEW.number;
              DELETE FROM product WHERE sku = 'S24';
            END
            """)
        .update();

    Job job =
        awaitEnd(
            upload(
                "?fileName=f.csv&mode=update&onError=reject-all", "sku,name\n" + rows(0, 25, "m")));

    assertThat(job.error()).contains("too-many-rejections", "The accepted rows before stay.");
    assertThat(counts(job).updated()).isEqualTo(24);
    assertThat(product("S3")).contains("\"name\":\"m\"");
  }

  @Test
  @Shows({"call.changes.room", "setting.import.changes.max-total-size"})
  void theCallerWithTheMostChangesLosesItsOldestFirst() throws Exception {
    imported(rows(0, 5, "n"));
    Job modest = imported(rows(0, 5, "m"));
    Job greedy = imported(rows(0, 5, "o"));
    Job greedyToo = imported(rows(0, 5, "p"));
    keeps(modest, "a", 3L << 30);
    keeps(greedy, "b", 2L << 30);
    keeps(greedyToo, "b", 5L << 30);

    runScheduled("ForgetChanges.makeRoom");

    assertThat(changes(greedy, "*/*").statusCode()).isEqualTo(410);
    assertThat(undo(greedy, "").statusCode()).isEqualTo(410);
    assertThat(json(changes(modest, "*/*").body()).get("items")).hasSize(5);
    assertThat(json(changes(greedyToo, "*/*").body()).get("items")).hasSize(5);
    assertThat(rowsIn("product_change")).isEqualTo(10);
  }

  /** Another pod deletes them, or one that was killed has left them. */
  @Test
  void changesThatAreBeingDeletedCostNoOtherJobItsUndo() throws Exception {
    imported(rows(0, 5, "n"));
    Job deleted = imported(rows(0, 5, "m"));
    Job other = imported(rows(0, 5, "o"));
    keeps(deleted, "a", 9L << 30);
    keeps(other, "b", 1L << 30);
    database
        .sql("UPDATE product_writer SET state = 'EXPIRED' WHERE job_id = ?")
        .param(deleted.id())
        .update();

    runScheduled("ForgetChanges.makeRoom");

    assertThat(json(changes(other, "*/*").body()).get("items")).hasSize(5);
  }

  private void keeps(Job job, String caller, long bytes) {
    database
        .sql("UPDATE product_writer SET caller = ?, change_bytes = ? WHERE job_id = ?")
        .params(caller, bytes, job.id())
        .update();
  }

  @Test
  void theListsOfADryUndoCountAndGo() throws Exception {
    Job job = imported(rows(0, 25, "n"));
    Job dry = awaitEnd(json(undo(job, "?dryRun=true").body()).get("transactionId").asString());
    assertThat(
            database
                .sql("SELECT change_bytes FROM product_writer WHERE job_id = ?")
                .param(dry.id())
                .query(Long.class)
                .single())
        .isEqualTo(25 * 150);
    assertThat(rowsIn("undo_product")).isEqualTo(25);
    clock.pass(Duration.ofHours(24).plusMillis(1));

    runScheduled("ForgetChanges.forgetOldChanges");

    assertThat(rowsIn("undo_product")).isZero();
    assertThat(get("/api/jobs/" + dry.id() + "/reversed", "*/*").statusCode()).isEqualTo(410);
  }

  /** A pod finds nothing to delete while another pod is still deleting the lists of an undo. */
  @Test
  void theListsOfAnUndoAreDeletedEvenIfTheOtherPodCrashes() throws Exception {
    Job job = imported(rows(0, 25, "n"));
    Job dry = awaitEnd(json(undo(job, "?dryRun=true").body()).get("transactionId").asString());
    Consumer<String> leftToTheOtherPod = _ -> {};
    writers.forgetChanges(writers.find(dry.id()).orElseThrow(), leftToTheOtherPod);
    assertThat(rowsIn("undo_product")).isEqualTo(25);

    runScheduled("ForgetChanges.forgetOldChanges");

    assertThat(rowsIn("undo_product")).isZero();
  }
}
