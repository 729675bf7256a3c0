package dev.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Jobs whose worker Waybill calls. */
class CalledWorkersTest extends WorkerTestBase {

  private static final int BACKEND_PORT = freePort();
  private static final String SSE = "text/event-stream";

  @TempDir static Path folder;

  @Autowired CallWorkers callWorkers;
  Backend backend;

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
    for (String kind : new String[] {"called", "streamed", "picked", "restarted", "patient"}) {
      String prefix = "waybill.workers." + kind + ".";
      registry.add(prefix + "url", () -> "http://127.0.0.1:" + BACKEND_PORT + "/work");
      registry.add(prefix + "mode", () -> kind.equals("called") ? "callback" : "stream");
      registry.add(prefix + "pause", () -> kind.equals("patient") ? "10m" : "20ms");
      registry.add(prefix + "timeout", () -> "2s");
      registry.add(prefix + "max-calls", () -> "3");
      registry.add(prefix + "headers.Authorization", () -> "Bearer of-the-backend");
    }
    registry.add("waybill.workers.picked.pick", () -> "/choices/0/delta/content");
    registry.add("waybill.workers.restarted.on-loss", () -> "restart");
  }

  @BeforeEach
  void listen() throws IOException {
    backend = new Backend(BACKEND_PORT);
  }

  @AfterEach
  void stopBackend() {
    backend.close();
    database.sql("DELETE FROM worker_task").update();
    database.sql("DELETE FROM worker_call").update();
  }

  private JsonNode createKind(String kind, String fields) {
    HttpResponse<String> answer =
        post("/api/jobs", "{\"kind\":\"" + kind + "\",\"title\":\"x\"" + fields + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json.readTree(answer.body());
  }

  String id(String kind) {
    return createKind(kind, "").get("transactionId").asString();
  }

  JsonNode awaitStatus(String id, String status) {
    await().atMost(PATIENCE).until(() -> status(id), status::equals);
    return job(id);
  }

  Created worker(String id, int call) {
    await().atMost(PATIENCE).until(() -> backend.calls.size() >= call);
    return new Created(id, backend.calls.get(call - 1).token());
  }

  @Test
  @Shows("called.callback")
  void thePayloadGoesToTheWorkerWhichReportsWithTheTokenOfTheCall() {
    backend.answers.add(Backend.status(202));

    JsonNode created = createKind("called", ",\"payload\":{\"to\":\"Ada\"}");

    assertThat(created.has("workerToken")).isFalse();
    String id = created.get("transactionId").asString();
    Created worker = worker(id, 1);
    Backend.Call call = backend.calls.getFirst();
    assertThat(call.body()).isEqualTo("{\"to\":\"Ada\"}");
    assertThat(call.headers().getFirst("X-Waybill-Job")).isEqualTo(id);
    assertThat(call.headers().getFirst("X-Waybill-Attempt")).isEqualTo("1");
    assertThat(call.headers().getFirst("Authorization")).isEqualTo("Bearer of-the-backend");
    assertThat(report(worker, "{\"event\":\"chunk\",\"text\":\"Dear Ada\"}").statusCode())
        .isEqualTo(200);
    report(worker, "{\"event\":\"complete\",\"result\":1}");
    assertThat(awaitStatus(id, "COMPLETED").get("output").asString()).isEqualTo("Dear Ada");
  }

  @Test
  @Shows("called.again")
  void withoutA2xxItIsCalledAgainAndTheEarlierTokenIsSuperseded() {
    backend.answers.add(Backend.status(500));
    backend.answers.add(Backend.status(200));
    String id = id("called");

    Created second = worker(id, 2);
    Created first = worker(id, 1);

    assertThat(problem(report(first, "{\"event\":\"alive\"}"))).isEqualTo("409 superseded");
    assertThat(job(id).get("attempt").asInt()).isEqualTo(2);
    report(second, "{\"event\":\"complete\"}");
    awaitStatus(id, "COMPLETED");
  }

  @Test
  @Shows("called.failed")
  void afterAllItsCallsTheJobEndsAsWorkerFailed() {
    String id = id("called");

    JsonNode job = awaitStatus(id, "FAILED");

    assertThat(job.get("error").get("code").asString()).isEqualTo("worker-failed");
    assertThat(backend.calls).hasSize(3);
    assertThat(job.get("attempt").asInt()).isEqualTo(3);
  }

  @Test
  @Shows("called.stream")
  void aStreamedAnswerIsTheWork() {
    backend.answers.add(Backend.stream(SSE, "data: Dear \n\n", "data: Ada\n\n"));
    String id = id("streamed");

    assertThat(awaitStatus(id, "COMPLETED").get("output").asString()).isEqualTo("Dear Ada");
    Watched watcher = watch(id);
    watcher.end.join();
    assertThat(watcher.names().getLast()).endsWith(" complete");
  }

  @Test
  @Shows("called.pick")
  void aPointerPicksTheTextOfEachPiece() {
    backend.answers.add(
        Backend.stream(
            SSE,
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"lo\"}}]}\n\ndata: [DONE]\n\n"));

    assertThat(awaitStatus(id("picked"), "COMPLETED").get("output").asString()).isEqualTo("Hello");
  }

  @Test
  @Shows("called.lost")
  void anAnswerThatBreaksOffEndsAsWorkerLostWithItsOutput() {
    backend.answers.add(Backend.broken("text/plain", "half a let"));

    JsonNode job = awaitStatus(id("streamed"), "FAILED");

    assertThat(job.get("error").get("code").asString()).isEqualTo("worker-lost");
    assertThat(job.get("output").asString()).isEqualTo("half a let");
    assertThat(backend.calls).hasSize(1);
  }

  @Test
  @Shows("called.restart")
  void onLossRestartAsksAgainWithEmptyOutput() {
    backend.answers.add(Backend.broken("text/plain", "half a let"));
    backend.answers.add(Backend.stream("text/plain", "a whole ", "letter"));
    String id = id("restarted");
    Watched watcher = watch(id);

    JsonNode job = awaitStatus(id, "COMPLETED");

    assertThat(job.get("output").asString()).isEqualTo("a whole letter");
    assertThat(job.get("attempt").asInt()).isEqualTo(2);
    watcher.end.join();
    assertThat(watcher.text()).isEqualTo("a whole letter");
  }

  @Test
  @Shows("called.cancel")
  void aCancelClosesTheRequest() throws InterruptedException {
    backend.answers.add(backend.endless("text/plain", "x"));
    String id = id("streamed");
    await().atMost(PATIENCE).until(() -> job(id).get("outputBytes").asInt() > 0);

    assertThat(send(to("/api/jobs/" + id).DELETE()).statusCode()).isEqualTo(202);

    assertThat(backend.clientLeft.await(10, TimeUnit.SECONDS)).isTrue();
    awaitStatus(id, "CANCELLED");
  }

  @Test
  @Shows("called.output")
  void anAnswerThatIsTooLargeEndsTheJobAndTheRequest() throws InterruptedException {
    backend.answers.add(backend.endless("text/plain", "x".repeat(200_000)));

    JsonNode job = awaitStatus(id("streamed"), "FAILED");

    assertThat(job.get("error").get("code").asString()).isEqualTo("output-too-large");
    assertThat(backend.clientLeft.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @Shows("called.silent")
  void anAnswerThatFallsSilentIsLost() {
    backend.answers.add(
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
          backend.goOn.await();
        });
    String id = createKind("streamed", ",\"silence\":1").get("transactionId").asString();

    JsonNode job = awaitStatus(id, "FAILED");

    assertThat(job.get("error").get("code").asString()).isEqualTo("worker-lost");
    assertThat(job.get("output").asString()).isEqualTo("x");
    backend.goOn.countDown();
  }

  @Test
  void aCallOfADeadProcessIsNotRepeatedIfItsWorkerHasReported() {
    backend.answers.add(Backend.status(202));
    String id = id("called");
    Created worker = worker(id, 1);
    await()
        .atMost(PATIENCE)
        .until(
            () -> database.sql("SELECT count(*) FROM worker_task").query(Integer.class).single(),
            left -> left == 0);
    report(worker, "{\"event\":\"chunk\",\"text\":\"Dear \"}");
    // The state that a process leaves if it is killed before it has recorded the answer.
    database.sql("UPDATE worker_call SET state = 'CALLING'").update();
    database.sql("UPDATE external_job SET calling = TRUE").update();

    assertThat(callWorkers.call(id)).isNull();

    assertThat(backend.calls).hasSize(1);
    assertThat(database.sql("SELECT calling FROM external_job").query(Boolean.class).single())
        .as("while a worker is called, its silence does not count")
        .isFalse();
    report(worker, "{\"event\":\"chunk\",\"text\":\"Ada\"}");
    report(worker, "{\"event\":\"complete\"}");
    assertThat(awaitStatus(id, "COMPLETED").get("output").asString()).isEqualTo("Dear Ada");
  }

  @Test
  @Shows("called.crash")
  void anAnswerThatADeadProcessWasReadingIsLost() {
    backend.answers.add(backend.endless("text/plain", "x"));
    String id = id("streamed");
    await().atMost(PATIENCE).until(() -> job(id).get("outputBytes").asInt() > 0);

    // Does what another process does when it takes over the call.
    assertThat(callWorkers.call(id)).isNull();

    JsonNode job = awaitStatus(id, "FAILED");
    assertThat(job.get("error").get("code").asString()).isEqualTo("worker-lost");
    assertThat(job.get("output").asString()).startsWith("x");
  }
}
