package dev.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Jobs that other programs do: created, reported, watched and ended. */
class ExternalJobsTest extends WorkerTestBase {

  @TempDir static Path folder;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
  }

  @Test
  @Shows("external.create")
  void aJobIsCreatedReportedWatchedAndCompleted() {
    Created job = create(",\"total\":4,\"unit\":\"pages\",\"payload\":{\"to\":\"Ada\"}");
    JsonNode queued = job(job.id());
    assertThat(queued.get("status").asString()).isEqualTo("QUEUED");
    assertThat(queued.get("kind").asString()).isEqualTo("typewriter");
    assertThat(queued.get("title").asString()).isEqualTo("A letter");
    assertThat(queued.get("percent").asDouble()).isZero();
    assertThat(queued.get("payload").toString()).isEqualTo("{\"to\":\"Ada\"}");
    assertThat(queued.has("workerToken")).isFalse();
    Watched watcher = watch(job.id());
    watcher.await("snapshot");

    HttpResponse<String> answer =
        reportAll(
            job,
            "{\"event\":\"progress\",\"done\":1,\"message\":\"writing\",\"sequence\":1}",
            "{\"event\":\"chunk\",\"text\":\"Dear \",\"sequence\":2}",
            "{\"event\":\"chunk\",\"text\":\"Ada ✉\",\"sequence\":3}",
            "{\"event\":\"stamp\",\"data\":{\"colour\":\"blue\"},\"sequence\":4}",
            "{\"event\":\"complete\",\"result\":{\"pages\":4},\"sequence\":5}");

    assertThat(answer.body())
        .isEqualTo("{\"accepted\":5,\"lastSequence\":5,\"cancelRequested\":false}");
    watcher.end.join();
    assertThat(watcher.text()).isEqualTo("Dear Ada ✉");
    assertThat(watcher.names())
        .containsExactly(
            "0-1 snapshot",
            "1-1 snapshot",
            "1-2 progress",
            "1-3 chunk",
            "1-4 chunk",
            "1-5 stamp",
            "1-6 complete");
    assertThat(watcher.await("progress").data().toString())
        .isEqualTo(
            "{\"status\":\"RUNNING\",\"attempt\":1,\"percent\":25.0,\"done\":1,\"total\":4,"
                + "\"unit\":\"pages\",\"message\":\"writing\"}");
    JsonNode done = job(job.id());
    assertThat(done.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(done.get("percent").asDouble()).isEqualTo(100);
    assertThat(done.get("result").toString()).isEqualTo("{\"pages\":4}");
    assertThat(done.get("output").asString()).isEqualTo("Dear Ada ✉");
  }

  @Test
  @Shows("external.lists")
  void listsLeaveOutWhatMayBeLarge() {
    Created job = create(",\"payload\":[1]");
    report(job, "{\"event\":\"chunk\",\"text\":\"x\"}");
    report(job, "{\"event\":\"complete\",\"result\":1}");

    JsonNode item = json.readTree(send(to("/api/jobs")).body()).get("items").get(0);

    assertThat(item.get("transactionId").asString()).isEqualTo(job.id());
    assertThat(item.has("output")).isFalse();
    assertThat(item.has("payload")).isFalse();
    assertThat(item.has("result")).isFalse();
    assertThat(item.get("title").asString()).isEqualTo("A letter");
  }

  @Test
  @Shows("external.output")
  void aLateWatcherAndOneThatResumesHaveTheWholeText() {
    Created job = create("");
    report(job, "{\"event\":\"chunk\",\"text\":\"a\"}");
    report(job, "{\"event\":\"chunk\",\"text\":\"b\"}");
    Watched late = watch(job.id());
    late.await("snapshot");
    report(job, "{\"event\":\"chunk\",\"text\":\"c\"}");
    late.await("chunk");
    assertThat(late.text()).isEqualTo("abc");
    assertThat(late.names()).containsExactly("1-3 snapshot", "1-4 chunk");

    Watched resumed = watch(job.id(), "Last-Event-ID", "1-2");
    resumed.await(event -> event.id().equals("1-4"));
    assertThat(resumed.names()).containsExactly("1-3 chunk", "1-4 chunk");
  }

  @Test
  @Shows("external.sequence")
  void aSequenceIsTakenOnceAndInOrder() {
    Created job = create("");
    assertThat(report(job, "{\"event\":\"chunk\",\"text\":\"a\",\"sequence\":1}").statusCode())
        .isEqualTo(200);

    assertThat(report(job, "{\"event\":\"chunk\",\"text\":\"a\",\"sequence\":1}").body())
        .isEqualTo("{\"accepted\":1,\"lastSequence\":1,\"cancelRequested\":false}");
    HttpResponse<String> jump =
        reportAll(
            job,
            "{\"event\":\"chunk\",\"text\":\"b\",\"sequence\":2}",
            "{\"event\":\"chunk\",\"text\":\"d\",\"sequence\":4}");
    assertThat(problem(jump)).isEqualTo("409 sequence");
    JsonNode body = json.readTree(jump.body());
    assertThat(body.get("expected").asLong()).isEqualTo(3);
    assertThat(body.get("accepted").asInt()).isEqualTo(1);
    assertThat(body.get("lastSequence").asLong()).isEqualTo(2);
    assertThat(job(job.id()).get("output").asString()).isEqualTo("ab");
  }

  @Test
  @Shows("external.end")
  void ofTwoEndsTheFirstStands() {
    Created job = create("");
    report(
        job,
        "{\"event\":\"error\",\"code\":\"no-paper\",\"detail\":\"Out of paper\",\"sequence\":1}");

    assertThat(problem(report(job, "{\"event\":\"complete\",\"sequence\":2}")))
        .isEqualTo("409 job-finished");
    assertThat(
            report(
                    job,
                    "{\"event\":\"error\",\"code\":\"no-paper\",\"detail\":\"Out of"
                        + " paper\",\"sequence\":1}")
                .statusCode())
        .as("its repeat is acknowledged")
        .isEqualTo(200);
    JsonNode error = job(job.id()).get("error");
    assertThat(error.get("code").asString()).isEqualTo("no-paper");
    assertThat(error.get("detail").asString()).isEqualTo("Out of paper");
  }

  @Test
  @Shows("external.cancel")
  void aCancelIsInEachAnswerAndEveryEndFollowsIt() {
    Created job = create("");
    report(job, "{\"event\":\"alive\"}");
    assertThat(problem(report(job, "{\"event\":\"cancelled\"}"))).isEqualTo("409 not-cancelled");
    assertThat(send(to("/api/jobs/" + job.id()).DELETE()).statusCode()).isEqualTo(202);

    assertThat(report(job, "{\"event\":\"chunk\",\"text\":\"late\"}").body())
        .contains("\"cancelRequested\":true");
    report(job, "{\"event\":\"complete\",\"result\":7}");

    JsonNode ended = job(job.id());
    assertThat(ended.get("status").asString()).isEqualTo("CANCELLED");
    assertThat(ended.get("result").asInt()).isEqualTo(7);
  }

  @Test
  @Shows("external.cancel-queued")
  void aQueuedJobIsCancelledAtOnce() {
    Created job = create("");
    assertThat(send(to("/api/jobs/" + job.id()).DELETE()).statusCode()).isEqualTo(202);

    assertThat(status(job.id())).isEqualTo("CANCELLED");
    assertThat(problem(report(job, "{\"event\":\"alive\"}"))).isEqualTo("409 job-finished");
  }

  @Test
  @Shows("external.progress")
  void progressNeverFalls() {
    Created job = create(",\"total\":10");
    report(job, "{\"event\":\"progress\",\"done\":5}");
    report(job, "{\"event\":\"progress\",\"done\":3,\"message\":\"again\"}");
    report(job, "{\"event\":\"progress\",\"done\":5,\"total\":100}");

    JsonNode now = job(job.id());
    assertThat(now.get("done").asInt()).isEqualTo(5);
    assertThat(now.get("total").asInt()).isEqualTo(100);
    assertThat(now.get("percent").asDouble()).isEqualTo(50);
    assertThat(now.get("message").asString()).isEqualTo("again");
  }

  @Test
  @Shows("external.output-too-large")
  void anOutputThatIsTooLargeEndsTheJobAndKeepsWhatCameBefore() {
    Created job = create("");
    String text = "é".repeat(30_000);
    int accepted = 0;
    while (status(job.id()).equals("QUEUED") || status(job.id()).equals("RUNNING")) {
      assertThat(report(job, "{\"event\":\"chunk\",\"text\":\"" + text + "\"}").statusCode())
          .isEqualTo(200);
      accepted++;
    }

    JsonNode ended = job(job.id());
    assertThat(ended.at("/error/code").asString()).isEqualTo("output-too-large");
    assertThat(accepted).isEqualTo(18);
    assertThat(ended.get("output").asString()).hasSize(17 * 30_000);
    assertThat(ended.get("outputBytes").asInt()).isEqualTo(17 * 60_000);
  }

  @Test
  @Shows("external.lost")
  void aSilentWorkerIsLostAndItsWatchersSeeTheEnd() {
    Created job = create(",\"silence\":1");
    report(job, "{\"event\":\"chunk\",\"text\":\"Dear\"}");
    Watched watcher = watch(job.id());

    assertThat(watcher.await("error").data().at("/error/code").asString()).isEqualTo("worker-lost");
    assertThat(watcher.text()).isEqualTo("Dear");
    assertThat(problem(report(job, "{\"event\":\"alive\"}"))).isEqualTo("409 job-finished");
    assertThat(send(to("/actuator/prometheus")).body()).contains("waybill_jobs_lost_total");
  }

  @Test
  void aJobThatNobodyWatchesIsCancelledIfItsCreatorWantsThat() {
    Created unwatched = create(",\"onDisconnect\":\"cancel\"");
    Created continued = create("");
    // Replaces a wait of 30 seconds.
    database.sql("UPDATE external_job SET watched_until = 0").update();

    awaitTrue(() -> status(unwatched.id()).equals("CANCELLED"));
    assertThat(status(continued.id())).isEqualTo("QUEUED");
  }

  @Test
  void aJobThatSomebodyWatchesIsNotCancelled() {
    Created job = create(",\"onDisconnect\":\"cancel\"");
    watch(job.id());
    // Ten of the 30 seconds have passed.
    database.sql("UPDATE external_job SET watched_until = watched_until - 10000").update();
    long before = watchedUntil(job.id());

    awaitTrue(() -> watchedUntil(job.id()) > before);
    assertThat(status(job.id())).isEqualTo("QUEUED");
  }

  private long watchedUntil(String jobId) {
    return database
        .sql("SELECT watched_until FROM external_job WHERE job_id = ?")
        .param(jobId)
        .query(Long.class)
        .single();
  }

  @Test
  void aJobThatNobodyStartsIsLostToo() {
    Created job = create(",\"silence\":\"1s\"");
    awaitTrue(() -> status(job.id()).equals("FAILED"));
    assertThat(job(job.id()).at("/error/code").asString()).isEqualTo("worker-lost");
    assertThat(watch(job.id()).await("error").id()).isEqualTo("1-2");
  }

  @Test
  @Shows("external.outage")
  void aTimeInWhichNoPodRanIsNoSilence() {
    Created job = create(",\"silence\":1");
    database.sql("UPDATE external_heartbeat SET alive_at = alive_at - 60000").update();
    database.sql("UPDATE external_job SET expires_at = expires_at - 60000").update();

    assertThat(report(job, "{\"event\":\"alive\"}").statusCode()).isEqualTo(200);
  }

  @Test
  @Shows("external.cancel-deadline")
  void aWorkerThatDoesNotFollowACancelIsNotWaitedForLong() {
    Created job = create(",\"silence\":1");
    report(job, "{\"event\":\"alive\"}");
    send(to("/api/jobs/" + job.id()).DELETE());
    // Replaces a wait of 28 seconds.
    database.sql("UPDATE external_job SET cancel_by = cancel_by - 28000").update();

    awaitTrue(() -> status(job.id()).equals("CANCELLED"));
    assertThat(job(job.id()).get("error").isNull()).isTrue();
  }

  @Test
  @Shows("external.long-body")
  void aLongBodyIsPublishedAsItArrivesAndACancelEndsIt() throws Exception {
    Created job = create("");
    LongBody body = new LongBody(job);
    Watched watcher = watch(job.id());
    watcher.await("snapshot");
    body.write("{\"event\":\"chunk\",\"text\":\"a\",\"sequence\":1}");
    watcher.await("chunk");
    body.write("{\"event\":\"chunk\",\"text\":\"b\",\"sequence\":2}");
    watcher.await(event -> event.id().equals("1-3"));

    send(to("/api/jobs/" + job.id()).DELETE());

    JsonNode answer = body.answer();
    assertThat(answer.toString())
        .isEqualTo("{\"accepted\":2,\"lastSequence\":2,\"cancelRequested\":true}");
    assertThat(watcher.text()).isEqualTo("ab");
  }

  @Test
  @Shows("external.newer-body")
  void aNewerBodyEndsTheOlder() throws Exception {
    Created job = create("");
    LongBody older = new LongBody(job);
    older.write("{\"event\":\"chunk\",\"text\":\"a\",\"sequence\":1}");
    awaitTrue(() -> job(job.id()).get("output").asString().equals("a"));
    LongBody newer = new LongBody(job);
    newer.write("{\"event\":\"chunk\",\"text\":\"b\",\"sequence\":2}");

    assertThat(older.answer().get("accepted").asInt()).isOne();
    newer.write("{\"event\":\"complete\",\"sequence\":3}");
    assertThat(newer.finish().get("accepted").asInt()).isEqualTo(2);
    assertThat(job(job.id()).get("output").asString()).isEqualTo("ab");
  }

  @Test
  void aClientThatAsksBeforeItSendsIsAnsweredAtOnce() throws Exception {
    Created job = create("");
    try (LongBody body = new LongBody(job, "Expect: 100-continue\r\n")) {
      assertThat(body.readLine()).startsWith("HTTP/1.1 100");
      assertThat(body.readLine()).isEmpty();

      body.write("{\"event\":\"alive\",\"sequence\":1}");
      awaitTrue(() -> status(job.id()).equals("RUNNING"));
      body.end();
      assertThat(body.readLine()).startsWith("HTTP/1.1 200");
      assertThat(body.answer().get("accepted").asInt()).isOne();
    }
  }

  @Test
  void aClientThatMaySendGetsItsAnswerEvenIfNothingWasRead() throws Exception {
    Created job = create("");
    try (LongBody body = new LongBody(job, "Expect: 100-continue\r\n")) {
      assertThat(body.readLine()).startsWith("HTTP/1.1 100");
      assertThat(body.readLine()).isEmpty();
      send(to("/api/jobs/" + job.id()).DELETE());
      awaitTrue(body::hasAnswer);

      // The client does not know yet that its request has been answered.
      body.write(" ".repeat(8 << 20));
      assertThat(body.finish().get("cancelRequested").asBoolean()).isTrue();
    }
  }

  @Test
  @Shows("external.idempotency")
  void aRepeatedRequestGetsTheSameJobAndTheSameToken() {
    String body = "{\"kind\":\"typewriter\",\"title\":\"A letter\"}";
    HttpResponse<String> first = post("/api/jobs", body, "Idempotency-Key", "k1");
    HttpResponse<String> second = post("/api/jobs", body, "Idempotency-Key", "\"k1\"");

    assertThat(second.statusCode()).isEqualTo(202);
    assertThat(second.body()).isEqualTo(first.body()).contains("workerToken");
    assertThat(second.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
    assertThat(problem(post("/api/jobs", body.replace("letter", "note"), "Idempotency-Key", "k1")))
        .isEqualTo("422 idempotency-mismatch");
    List<String> stored =
        database.sql("SELECT body FROM idempotency_key").query(String.class).list();
    assertThat(stored).singleElement().asString().doesNotContain("workerToken");
  }

  @Test
  @Shows("external.token")
  void onlyTheWorkerOfThisJobMayReport() {
    Created job = create("");
    Created other = create("");
    String path = "/api/jobs/" + job.id() + "/events";

    assertThat(problem(post(path, "{\"event\":\"alive\"}"))).isEqualTo("401 unauthenticated");
    for (String token : List.of(other.token(), "", job.id(), "x", job.token() + "x")) {
      HttpResponse<String> answer =
          post(path, "{\"event\":\"alive\"}", "Authorization", "Bearer " + token);
      assertThat(problem(answer)).as(token).isEqualTo("401 unauthenticated");
      assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }
  }

  @Test
  @Shows("external.limits")
  void aCallerHasALimitedNumberOfUnfinishedJobs() {
    for (int i = 0; i < 6; i++) {
      create("");
    }
    assertThat(problem(post("/api/jobs", "{\"kind\":\"typewriter\",\"title\":\"x\"}")))
        .isEqualTo("429 quota");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"kind\":\"csv-import\",\"title\":\"x\"}|422 kind",
        "{\"kind\":\"Big\",\"title\":\"x\"}|422 kind",
        "{\"title\":\"x\"}|400 parameter",
        "{\"kind\":\"x\"}|400 parameter",
        "{\"kind\":\"x\",\"title\":\"\"}|400 parameter",
        "{\"kind\":\"x\",\"title\":\"x\",\"total\":-1}|400 parameter",
        "{\"kind\":\"x\",\"title\":\"x\",\"total\":9007199254740993}|400 parameter",
        "{\"kind\":\"x\",\"title\":\"x\",\"silence\":0}|400 parameter",
        "{\"kind\":\"x\",\"title\":\"x\",\"silence\":\"25h\"}|400 parameter",
        "{\"kind\":\"x\",\"title\":\"x\",\"onDisconnect\":\"stop\"}|400 parameter",
        "{\"kind\":\"x\",\"title\":\"x\",\"callbackUrl\":\"https://example.com\"}|422 callback",
        "{\"kind\":\"x\",\"title\":\"x\",\"extra\":1}|400 parameter",
        "[]|400 parameter",
        "{|400 parameter"
      })
  @Shows("external.refused")
  void aJobThatMakesNoSenseIsRefused(String body, String expected) {
    assertThat(problem(post("/api/jobs", body))).isEqualTo(expected);
    assertThat(database.sql("SELECT COUNT(*) FROM job").query(Integer.class).single()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|400 parameter",
        "x|400 parameter",
        "{\"event\":\"progress\"}|400 parameter",
        "{\"event\":\"progress\",\"done\":1.5}|400 parameter",
        "{\"event\":\"chunk\"}|400 parameter",
        "{\"event\":\"error\",\"code\":\"x\"}|400 parameter",
        "{\"event\":\"snapshot\",\"data\":1}|422 event-name",
        "{\"event\":\"rows\",\"data\":1}|422 event-name",
        "{\"event\":\"waybill.open\",\"data\":1}|422 event-name",
        "{\"event\":\"own\"}|400 parameter",
        "{\"event\":\"own\",\"data\":1,\"delivery\":\"never\"}|400 parameter",
        "{\"event\":\"alive\",\"sequence\":0}|400 parameter",
        "{\"event\":\"alive\",\"sequence\":2}|409 sequence"
      })
  @Shows("external.report-refused")
  void aReportThatMakesNoSenseIsRefusedAndTheJobGoesOn(String report, String expected) {
    Created job = create("");
    HttpResponse<String> answer = report(job, report);
    assertThat(problem(answer)).isEqualTo(expected);
    assertThat(json.readTree(answer.body()).get("accepted").asInt()).isZero();
    assertThat(json.readTree(answer.body()).get("lastSequence").asInt()).isZero();
    assertThat(report(job, "{\"event\":\"alive\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void reportsOfManyNeedNumbersAndEndBeforeTheFirstBadOne() {
    Created job = create("");
    HttpResponse<String> answer =
        reportAll(
            job,
            "{\"event\":\"chunk\",\"text\":\"a\",\"sequence\":1}",
            "",
            "{\"event\":\"chunk\",\"text\":\"b\"}",
            "{\"event\":\"chunk\",\"text\":\"c\",\"sequence\":2}");
    assertThat(problem(answer)).isEqualTo("400 parameter");
    assertThat(json.readTree(answer.body()).get("accepted").asInt()).isOne();
    assertThat(job(job.id()).get("output").asString()).isEqualTo("a");
    String large = "{\"event\":\"chunk\",\"sequence\":2,\"text\":\"" + "x".repeat(70_000) + "\"}";
    assertThat(problem(reportAll(job, large))).isEqualTo("413 too-large");
    assertThat(problem(report(job, large))).isEqualTo("413 too-large");
  }
}
