package dev.waybill.process;

import static dev.waybill.process.WaybillClient.NDJSON;
import static dev.waybill.process.WaybillClient.assertCounts;
import static dev.waybill.process.WaybillClient.assertProblem;
import static dev.waybill.process.WaybillClient.header;
import static dev.waybill.process.WaybillClient.id;
import static dev.waybill.process.WaybillClient.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Reading jobs, waiting for them and cancelling them over plain HTTP; health and metrics of the
 * service.
 */
class JobsIT {

  @TempDir private static Path folder;
  private static WaybillProcess service;
  private static WaybillClient client;

  @BeforeAll
  static void start() {
    // Small chunks, so that an import lasts long enough to be observed.
    service = WaybillProcess.start(folder.resolve("data"), "--waybill.import.chunk-rows=2");
    client = new WaybillClient(service);
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
  }

  /** An import that lasts until it is cancelled. */
  private static String longJob() throws IOException {
    StringBuilder csv = new StringBuilder("sku,name\n");
    for (int i = 1; i <= 200_000; i++) {
      csv.append('L').append(i).append(",Chair\n");
    }
    return client.upload("?fileName=long.csv", csv.toString());
  }

  @Test
  @Shows({
    "call.upload",
    "call.job",
    "job.percent-at-the-end",
    "job.links",
    "job.mapping",
    "job.fileName"
  })
  void anUploadIsAnsweredWithTheJob() throws IOException {
    HttpResponse<String> response =
        client.post("?fileName=products.csv", "SKU,Name,Colour\nU1,Chair,red\n".getBytes(UTF_8));
    assertThat(response.statusCode()).isEqualTo(202);
    JsonNode job = json(response);
    String self = "/api/jobs/" + id(job);
    assertThat(header(response, "Location")).endsWith(self);
    assertThat(header(response, "Retry-After")).isEqualTo("1");
    assertThat(header(response, "X-Waybill-Pod")).isNotBlank();
    assertThat(id(job)).hasSizeGreaterThanOrEqualTo(21);
    assertThat(job.propertyNames())
        .containsExactly(
            "transactionId",
            "kind",
            "status",
            "attempt",
            "fileName",
            "dryRun",
            "percent",
            "bytes",
            "counts",
            "rowsPerSecond",
            "etaSeconds",
            "cancelRequested",
            "charset",
            "delimiter",
            "format",
            "onError",
            "maxErrors",
            "mode",
            "mapping",
            "createdAt",
            "startedAt",
            "finishedAt",
            "error",
            "summary",
            "notices",
            "links");
    assertThat(job.get("status").asString()).isEqualTo("QUEUED");
    assertThat(job.get("attempt").asInt()).isZero();
    assertThat(job.get("fileName").asString()).isEqualTo("products.csv");
    assertThat(job.get("mapping").toString())
        .isEqualTo("{\"SKU\":\"sku\",\"Name\":\"name\",\"Colour\":null}");
    assertThat(job.get("links").toString())
        .isEqualTo(
            "{\"self\":\"%1$s\",\"events\":\"%1$s/events\",\"products\":\"%1$s/products\",\"rejections\":\"%1$s/rejections\",\"changes\":\"%1$s/changes\"}"
                .formatted(self));
    JsonNode done = client.awaitEnd(id(job));
    assertThat(done.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(done.get("percent").asDouble()).isEqualTo(100);
    assertThat(done.get("bytes").get("read")).isEqualTo(done.get("bytes").get("total"));
    assertThat(done.get("startedAt").isNull()).isFalse();
    assertThat(done.get("error").isNull()).isTrue();
  }

  @Test
  @Shows({"call.job.not-modified", "call.job.retry-after"})
  void anUnchangedJobIs304AndARunningOneSaysWhenToAskAgain() throws IOException {
    String finished = "/api/jobs/" + id(client.imported("", "sku,name\nT1,Chair\n"));
    HttpResponse<String> first = client.get(finished);
    String tag = header(first, "ETag");
    assertThat(tag).isNotBlank();
    assertThat(header(first, "Retry-After")).isNull();
    HttpResponse<String> second = client.get(finished, "If-None-Match", tag);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    assertThat(header(second, "ETag")).isEqualTo(tag);
    assertThat(client.get(finished, "If-None-Match", "\"other\", " + tag).statusCode())
        .isEqualTo(304);
    assertThat(client.get(finished, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);

    String running = longJob();
    client.awaitJob(running, job -> job.get("status").asString().equals("RUNNING"));
    assertThat(header(client.get("/api/jobs/" + running), "Retry-After")).isEqualTo("1");
    client.delete(running);
    client.awaitEnd(running);
  }

  @Test
  @Shows({"call.job.wait", "call.job.wait-in-vain"})
  void preferWaitAnswersAtOnceOnChangeAndElseAfterTheTime() throws IOException {
    String running = longJob();
    String queued = client.upload("", "sku,name\nQ1,Chair\n");
    try {
      client.awaitJob(running, job -> job.get("counts").get("rows").asLong() > 0);
      String tag = header(client.get("/api/jobs/" + running), "ETag");
      HttpResponse<String> changed =
          client.get("/api/jobs/" + running, "Prefer", "wait=60", "If-None-Match", tag);
      assertThat(changed.statusCode()).isEqualTo(200);
      assertThat(header(changed, "ETag")).isNotEqualTo(tag);
      assertThat(header(changed, "Preference-Applied")).isEqualTo("wait=60");
      assertThat(client.get("/api/jobs/" + running, "Prefer", "wait=60").statusCode())
          .isEqualTo(200);

      String still = "/api/jobs/" + queued;
      String stillTag = header(client.get(still), "ETag");
      long start = System.nanoTime();
      HttpResponse<String> unchanged =
          client.get(still, "Prefer", "respond-async, wait=1", "If-None-Match", stillTag);
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
      assertThat(unchanged.statusCode()).isEqualTo(304);
      assertThat(header(unchanged, "Preference-Applied")).isEqualTo("wait=1");
      start = System.nanoTime();
      HttpResponse<String> whole = client.get(still, "Prefer", "wait=1");
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
      assertThat(whole.statusCode()).isEqualTo(200);
      assertThat(json(whole).get("status").asString()).isEqualTo("QUEUED");
    } finally {
      client.delete(running);
    }
    client.awaitEnd(queued);
  }

  @Test
  void aQueuedJobIsCancelledBeforeItBegins() throws IOException {
    String running = longJob();
    String queued = client.upload("", "sku,name\nN1,Chair\n");
    HttpResponse<String> answer = client.delete(queued);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("cancelRequested").asBoolean()).isTrue();
    JsonNode job = client.awaitEnd(queued);
    assertThat(job.get("status").asString()).isEqualTo("CANCELLED");
    assertThat(client.job(running).get("finishedAt").isNull()).isTrue();
    assertCounts(job, 0, 0, 0, 0, 0);
    assertProblem(client.get("/api/products/N1"), 404, "product-unknown");
    assertProblem(client.delete(queued), 409, "job-finished");
    try (RawWatcher watcher = RawWatcher.of(service.port(), queued)) {
      assertThat(watcher.awaitEnd()).isTrue();
      assertThat(watcher.names()).containsExactly("snapshot", "cancelled");
      assertThat(watcher.events().getLast().sequence()).isGreaterThanOrEqualTo(2);
    }
    client.delete(running);
    client.awaitEnd(running);
  }

  @Test
  @Shows({"call.cancel", "job.keeps-its-chunks"})
  void aRunningJobIsCancelledAndKeepsItsChunks() throws IOException {
    String id = longJob();
    client.awaitJob(id, job -> job.get("counts").get("rows").asLong() > 10);
    HttpResponse<String> first = client.delete(id);
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(json(first).get("cancelRequested").asBoolean()).isTrue();
    JsonNode job = client.awaitEnd(id);
    assertThat(job.get("status").asString()).isEqualTo("CANCELLED");
    assertThat(job.get("percent").asDouble()).isLessThan(100);
    long rows = job.get("counts").get("rows").asLong();
    assertThat(rows).isPositive();
    assertThat(client.text(id, "/products", NDJSON).lines()).hasSize((int) rows);
    assertThat(client.get("/api/products/L1").statusCode()).isEqualTo(200);
    assertProblem(client.delete(id), 409, "job-finished");
  }

  @Test
  @Shows("call.cancel.never-complete")
  void aJobNeverCompletesAfterItsCancelWasAccepted() throws IOException {
    StringBuilder csv = new StringBuilder("sku,name\n");
    for (int i = 1; i <= 200; i++) {
      csv.append('V').append(i).append(",Chair\n");
    }
    for (int i = 0; i < 20; i++) {
      int rows = i * 10;
      String id = client.upload("", csv.toString());
      client.awaitJob(
          id,
          job -> job.get("counts").get("rows").asLong() >= rows || !job.get("finishedAt").isNull());
      int status = client.delete(id).statusCode();
      JsonNode job = client.awaitEnd(id);
      assertThat(status + " " + job.get("status").asString())
          .isIn("202 CANCELLED", "409 COMPLETED");
    }
  }

  @Test
  @Shows("call.jobs")
  void jobsAreListedNewestFirstPageByPage() throws IOException {
    List<String> uploaded = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      uploaded.addFirst(id(client.imported("", "sku,name\nJ1,Chair\n")));
    }
    assertThat(client.pages("/api/jobs", 2).stream().limit(5).map(WaybillClient::id))
        .containsExactlyElementsOf(uploaded);
    assertThat(client.pages("/api/jobs", 200).stream().map(WaybillClient::id).distinct())
        .hasSameSizeAs(client.pages("/api/jobs", 1))
        .startsWith(uploaded.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "after=!"})
  @Shows("call.paged.refused")
  void aPageThatCannotBeIsRefused(String query) throws IOException {
    String id = id(client.imported("", "sku,name\nG1,Chair\n"));
    for (String path : List.of("", "/" + id + "/products", "/" + id + "/rejections")) {
      assertProblem(client.get("/api/jobs" + path + "?" + query), 400, "parameter");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/jobs?limit=%zz", "/api/jobs?after=%F0%9F", "/api/products?sku=%"})
  void aQueryThatCannotBeDecodedIsTheCallersFault(String path) throws IOException {
    try (RawWatcher answer = RawWatcher.at(service.port(), path)) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.head()).contains("\r\nContent-Type: application/problem+json\r\n");
    }
  }

  @Test
  @Shows({"problem.job-unknown", "problem.product-unknown", "call.product.unknown"})
  void whatIsNotThereIs404() throws IOException {
    for (String list : List.of("", "/products", "/rejections")) {
      assertProblem(client.get("/api/jobs/unknown" + list), 404, "job-unknown");
    }
    assertProblem(client.delete("unknown"), 404, "job-unknown");
    assertProblem(client.get("/api/products/unknown"), 404, "product-unknown");
    assertProblem(client.get("/api/products?sku=un/known"), 404, "product-unknown");
    for (String accept : List.of(NDJSON, "text/csv")) {
      assertProblem(client.get("/api/jobs/unknown/products", "Accept", accept), 404, "job-unknown");
    }
  }

  @Test
  @Shows({"call.pod-header", "call.origin"})
  void everyAnswerNamesItsPodAndAStrangeOriginIsRefused() throws IOException {
    String pod = header(client.get("/"), "X-Waybill-Pod");
    assertThat(pod).isNotBlank();
    for (String path :
        List.of("/api/jobs", "/api/jobs/unknown", "/nowhere", "/actuator/health/liveness")) {
      assertThat(header(client.get(path), "X-Waybill-Pod")).as(path).isEqualTo(pod);
    }
    HttpResponse<String> refused = client.get("/api/jobs", "Origin", "https://evil.example");
    assertProblem(refused, 403, "origin");
    assertThat(header(refused, "X-Waybill-Pod")).isEqualTo(pod);
    assertThat(client.get("/api/jobs", "Origin", "http://127.0.0.1:" + service.port()).statusCode())
        .isEqualTo(200);
  }

  @Test
  @Shows("call.actuator.health")
  void healthIsUp() throws IOException {
    HttpResponse<String> alive = client.get("/actuator/health/liveness");
    assertThat(alive.statusCode()).isEqualTo(200);
    assertThat(alive.body()).isEqualTo("{\"status\":\"UP\"}");
    HttpResponse<String> ready = client.get("/actuator/health/readiness");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body())
        .isEqualTo(
            "{\"components\":{\"readinessState\":{\"status\":\"UP\"},"
                + "\"storage\":{\"status\":\"UP\"},"
                + "\"uploadFolder\":{\"status\":\"UP\"}},\"status\":\"UP\"}");
  }

  @Test
  @Shows("call.actuator.prometheus")
  void metricsReportJobsRowsAndStreams() throws IOException {
    String id = id(client.imported("", "sku,name\nM1,Chair\nM1,Table\nM1,Table\n,Bed\n"));
    try (RawWatcher watcher = RawWatcher.of(service.port(), id)) {
      watcher.awaitEnd();
    }
    assertThat(client.metric("waybill_jobs{status=\"completed\"}")).isPositive();
    for (String status : List.of("queued", "running", "failed", "cancelled")) {
      assertThat(client.get("/actuator/prometheus").body())
          .contains("\nwaybill_jobs{status=\"" + status + "\"} ");
    }
    for (String result : List.of("created", "updated", "unchanged", "rejected")) {
      assertThat(client.metric("waybill_rows_total{result=\"" + result + "\"}"))
          .as(result)
          .isPositive();
    }
    assertThat(client.metric("waybill_events_sent_total")).isPositive();
    assertThat(client.get("/actuator/prometheus").body())
        .contains("\nwaybill_emitters{transport=\"emitter\"} ")
        .contains("\nwaybill_events_replaced_total ")
        .contains("\nwaybill_events_dropped_total ")
        .contains("\nwaybill_slow_clients_closed_total ");
  }

  @Test
  @Shows("kafka.off")
  void nothingOfKafkaRunsOrIsLoadedWithoutABroker() throws IOException {
    assertThat(service.diagnose("VM.class_hierarchy"))
        .contains("dev.waybill.kafka.KafkaProperties")
        .doesNotContain("org.apache.kafka");
    assertThat(service.diagnose("Thread.print")).contains("job-reporter").doesNotContain("kafka");
  }
}
