package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads under an {@code Idempotency-Key}. */
class IdempotencyTest extends UploadTestBase {

  @Test
  @Shows({"idempotency.same", "idempotency.inflated"})
  void theSameRequestGetsTheSameAnswerWhateverBecameOfTheJob() throws Exception {
    HttpResponse<String> first = upload("k1", "?dryRun=true&delimiter=comma", CSV);
    assertThat(first.statusCode()).isEqualTo(202);
    database.sql("UPDATE job SET status = 'COMPLETED', title = 'other'").update();
    HttpResponse<String> again =
        send(
            csv("?delimiter=comma&dryRun=true&x=y", gzip(CSV.getBytes(UTF_8)))
                .header("Idempotency-Key", "\"k1\""));
    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
    assertThat(again.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(jobs()).isEqualTo(1);
    assertThat(files.names()).hasSize(1);
  }

  @Test
  @Shows({"idempotency.mismatch", "problem.idempotency-mismatch"})
  void anotherFileOrQueryUnderTheSameKeyIsRefused() throws Exception {
    upload("k1", "?fileName=a.csv", CSV);
    for (HttpResponse<String> other :
        List.of(
            upload("k1", "?fileName=a.csv", CSV + " "),
            upload("k1", "?fileName=b.csv", CSV),
            upload("k1", "?fileName=a.csv&dryRun=true", CSV),
            upload("k1", "?fileName=a.csv&map=sku:sku", CSV))) {
      assertThat(other.statusCode()).isEqualTo(422);
      assertThat(json(other).get("type").asString())
          .isEqualTo("urn:waybill:problem:idempotency-mismatch");
    }
    assertThat(jobs()).isEqualTo(1);
    assertThat(files.names()).hasSize(1);
  }

  @Test
  void aRepeatNeedsNoRoomInTheQueue() throws Exception {
    for (String key : List.of("k1", "k2", "k3")) {
      assertThat(upload(key, "", CSV).statusCode()).isEqualTo(202);
    }
    assertThat(upload("k4", "", CSV).statusCode()).isEqualTo(503);
    assertThat(upload("k1", "", CSV).statusCode()).isEqualTo(202);
  }

  @Test
  @Shows({"idempotency.in-flight", "problem.idempotency-in-flight", "idempotency.freed"})
  void aSecondRequestWhileTheFirstIsOpenIsRefusedAndABrokenOffOneFreesItsKey() throws Exception {
    try (Socket first = begin("k1")) {
      HttpResponse<String> second = upload("k1", "", CSV);
      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(json(second).get("type").asString())
          .isEqualTo("urn:waybill:problem:idempotency-in-flight");
      assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
    }
    await().until(() -> upload("k1", "", CSV).statusCode() == 202);
    assertThat(jobs()).isEqualTo(1);
    assertThat(files.names()).hasSize(1);
  }

  @Test
  void theFirstRequestIsAcceptedAfterASecondOneWasRefused() throws Exception {
    try (Socket first = begin("k1")) {
      assertThat(upload("k1", "", CSV).statusCode()).isEqualTo(409);
      first.getOutputStream().write("sku,name\n".getBytes(UTF_8));
      assertThat(new String(first.getInputStream().readNBytes(12), UTF_8))
          .isEqualTo("HTTP/1.1 202");
    }
    assertThat(jobs()).isEqualTo(1);
  }

  @Test
  @Shows("idempotency.freed")
  void aRefusedRequestFreesItsKey() throws Exception {
    assertThat(upload("k1", "", "nonsense\n").statusCode()).isEqualTo(422);
    files.fill(true);
    assertThat(upload("k1", "", CSV).statusCode()).isEqualTo(503);
    files.fill(false);
    assertThat(upload("k1", "", CSV).statusCode()).isEqualTo(202);
  }

  @Test
  @Shows("idempotency.one-wins")
  void ofManyAtOnceOneWins() throws Exception {
    int requests = 8;
    CountDownLatch start = new CountDownLatch(requests);
    List<Future<HttpResponse<String>>> answers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < requests; i++) {
        Callable<HttpResponse<String>> request =
            () -> {
              start.countDown();
              start.await();
              return upload("k1", "", CSV);
            };
        answers.add(threads.submit(request));
      }
    }
    List<String> accepted = new ArrayList<>();
    for (Future<HttpResponse<String>> answer : answers) {
      assertThat(answer.get().statusCode()).isIn(202, 409);
      if (answer.get().statusCode() == 202) {
        accepted.add(answer.get().body());
      }
    }
    assertThat(accepted).isNotEmpty();
    assertThat(accepted.stream().distinct()).hasSize(1);
    assertThat(jobs()).isEqualTo(1);
    assertThat(files.names()).hasSize(1);
  }

  @Test
  @Shows("setting.idempotency.retention")
  void anAnswerThatIsTooOldIsForgotten() throws Exception {
    upload("k1", "", CSV);
    database.sql("UPDATE idempotency_key SET created_at = created_at - 86400000").update();
    assertThat(upload("k1", "", CSV + "A2,Table\n").statusCode()).isEqualTo(202);
    assertThat(jobs()).isEqualTo(2);
    assertThat(database.sql("SELECT count(*) FROM idempotency_key").query(Integer.class).single())
        .isEqualTo(1);
  }

  @Test
  void anAnswerOfAClockThatHasBeenSetBackIsRepeated() throws Exception {
    HttpResponse<String> first = upload("k1", "", CSV);
    database.sql("UPDATE idempotency_key SET created_at = created_at + 86400000").update();
    assertThat(upload("k1", "", CSV).body()).isEqualTo(first.body());
    assertThat(upload("k1", "", CSV + "A2,Table\n").statusCode()).isEqualTo(422);
    assertThat(jobs()).isEqualTo(1);
  }

  @Test
  void nobodyFindsOrBlocksTheKeyOfAnother() throws Exception {
    HttpResponse<String> first = upload("k1", "", CSV);

    try (Socket other = connected("127.0.0.2", headWith("k1") + "sku,name\n")) {
      String answer = new String(other.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer)
          .startsWith("HTTP/1.1 202")
          .doesNotContain(json(first).get("transactionId").asString());
    }
    assertThat(jobs()).isEqualTo(2);
    assertThat(upload("k1", "", CSV).body()).isEqualTo(first.body());
  }

  @Test
  void aKeyThatTheVersionBeforeStoredIsStillAnswered() throws Exception {
    HttpResponse<String> first = upload("k1", "", CSV);
    database.sql("UPDATE idempotency_key SET idempotency_key = 'k1'").update();

    assertThat(upload("k1", "", CSV).body()).isEqualTo(first.body());
    assertThat(jobs()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "\" \""})
  void anEmptyKeyIsRefused(String key) throws Exception {
    assertRefused(upload(key, "", CSV), 400, "parameter");
  }

  @Test
  void twoKeysOrAnEndlessOneAreRefused() throws Exception {
    assertRefused(
        send(
            csv("", CSV.getBytes(UTF_8))
                .header("Idempotency-Key", "a")
                .header("Idempotency-Key", "b")),
        400,
        "parameter");
    assertRefused(upload("x".repeat(256), "", CSV), 400, "parameter");
  }

  private HttpResponse<String> upload(String key, String query, String body)
      throws IOException, InterruptedException {
    return send(csv(query, body.getBytes(UTF_8)).header("Idempotency-Key", key));
  }

  /** A request that has claimed its key and waits for nine more bytes of its body. */
  private Socket begin(String key) throws IOException {
    Socket socket = connected(headWith(key));
    await().until(() -> !files.names().isEmpty());
    return socket;
  }

  private static String headWith(String key) {
    return """
    POST /api/upload/csv HTTP/1.1
    Host: localhost
    Content-Type: text/csv
    Idempotency-Key: %s
    Connection: close
    Content-Length: 9

    """
        .formatted(key);
  }
}
