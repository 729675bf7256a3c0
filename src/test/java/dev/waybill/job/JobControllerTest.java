package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Reading jobs: conditional requests, long polling and pages. */
class JobControllerTest extends JobTestBase {

  private HttpResponse<String> get(String id, String... headers) {
    HttpRequest.Builder request = to("/api/jobs/" + id);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  private static String etag(HttpResponse<String> response) {
    return response.headers().firstValue("ETag").orElseThrow();
  }

  private String queued() {
    occupyTheImportThread();
    return enqueue(_ -> {});
  }

  @Test
  @Shows("call.job.etag")
  void theEtagIsWeakAndStaysWhileTheStateDoes() {
    String id = queued();

    String first = etag(get(id));

    assertThat(first).matches("W/\"[0-9a-f]{32}\"");
    assertThat(etag(get(id))).isEqualTo(first);
  }

  @Test
  void aWaitingJobHasItsPlaceInTheQueue() {
    String running = occupyTheImportThread();
    String first = enqueue(_ -> {});
    clock.pass(Duration.ofSeconds(1));
    String second = enqueue(_ -> {});
    String etag = etag(get(second));

    assertThat(json.readTree(get(first).body()).get("queuePosition").asInt()).isEqualTo(1);
    assertThat(json.readTree(get(second).body()).get("queuePosition").asInt()).isEqualTo(2);
    assertThat(json.readTree(get(running).body()).has("queuePosition")).isFalse();

    cancel(first);
    assertThat(json.readTree(get(second).body()).get("queuePosition").asInt()).isEqualTo(1);
    assertThat(etag(get(second))).isEqualTo(etag);
  }

  @Test
  @Shows("call.job.etag")
  void theEtagChangesWithEveryChangeOfTheState() {
    CountDownLatch[] go = {new CountDownLatch(1), new CountDownLatch(1)};
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch written = new CountDownLatch(1);
    String id =
        enqueue(
            run -> {
              begun.countDown();
              awaitLatch(go[0]);
              run.commit(created(1, 100));
              written.countDown();
              awaitLatch(go[1]);
            });
    List<String> etags = new ArrayList<>();
    awaitLatch(begun);
    etags.add(etag(get(id)));
    go[0].countDown();
    awaitLatch(written);
    etags.add(etag(get(id)));
    cancel(id);
    etags.add(etag(get(id)));
    go[1].countDown();
    awaitEnd(id);
    etags.add(etag(get(id)));

    assertThat(etags).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  @Shows("call.job.not-modified")
  void aKnownStateIsNotSentAgain() {
    String id = queued();
    String etag = etag(get(id));

    for (String known :
        List.of(etag, etag.substring(2), "\"x\", " + etag, "W/\"y\"," + etag.substring(2), "*")) {
      HttpResponse<String> answer = get(id, "If-None-Match", known);
      assertThat(answer.statusCode()).as(known).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
      assertThat(etag(answer)).isEqualTo(etag);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }
    assertThat(get(id, "If-None-Match", "\"another\"").statusCode()).isEqualTo(200);
  }

  @Test
  @Shows("call.job.retry-after")
  void retryAfterIsSaidOnlyOfUnfinishedJobs() {
    String id = enqueue(_ -> {});
    awaitEnd(id);
    String unfinished = queued();

    assertThat(get(unfinished).headers().firstValue("Retry-After")).hasValue("1");
    HttpResponse<String> finished = get(id);
    assertThat(finished.headers().firstValue("Retry-After")).isEmpty();
    assertThat(
            get(id, "If-None-Match", etag(finished), "Prefer", "wait=60")
                .headers()
                .firstValue("Retry-After"))
        .isEmpty();
  }

  @Test
  @Shows({"call.job.wait", "call.job.preference-applied"})
  void aWaitEndsWhenTheStateIsNotTheKnownOneAnyMore() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    String id =
        enqueue(
            run -> {
              begun.countDown();
              awaitLatch(asked);
              run.commit(created(1, 100));
              awaitLatch(answered);
            });
    awaitLatch(begun);
    String known = etag(get(id));
    CompletableFuture<HttpResponse<String>> waiting =
        http.sendAsync(
            to("/api/jobs/" + id)
                .header("If-None-Match", known)
                .header("Prefer", "wait=60")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    asked.countDown();
    HttpResponse<String> answer = waiting.join();
    answered.countDown();

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(etag(answer)).isNotEqualTo(known);
    assertThat(json(answer).at("/counts/rows").asInt()).isOne();
    assertThat(answer.headers().firstValue("Preference-Applied")).hasValue("wait=60");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
  }

  @Test
  @Shows({"call.job.wait", "call.job.preference-applied"})
  void aWaitForAnythingNewEndsWithTheNextChange() {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<HttpResponse<String>> waiting = new CompletableFuture<>();
    String id =
        enqueue(
            run -> {
              begun.countDown();
              for (int bytes = 1; !waiting.isDone(); bytes++) {
                run.commit(created(1, Math.min(bytes, 1000)));
              }
            });
    awaitLatch(begun);
    Thread.startVirtualThread(() -> waiting.complete(get(id, "Prefer", "respond-async, wait=50")));

    HttpResponse<String> answer = waiting.join();

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).at("/counts/rows").asInt()).isPositive();
    assertThat(answer.headers().firstValue("Preference-Applied")).hasValue("wait=50");
  }

  @Test
  @Shows({"call.job.wait-in-vain", "call.job.preference-applied"})
  void aWaitInVainEndsWithoutNewsOrWithTheState() {
    String id = queued();
    String known = etag(get(id));

    for (String matching : List.of(known, known.substring(2), "*")) {
      HttpResponse<String> nothingNew = get(id, "If-None-Match", matching, "Prefer", "wait=1");
      assertThat(nothingNew.statusCode()).as(matching).isEqualTo(304);
      assertThat(nothingNew.headers().firstValue("Preference-Applied")).hasValue("wait=1");
    }
    HttpResponse<String> state = get(id, "Prefer", "wait=1");
    assertThat(state.statusCode()).isEqualTo(200);
    assertThat(json(state).get("status").asString()).isEqualTo("QUEUED");
    assertThat(state.headers().firstValue("Preference-Applied")).hasValue("wait=1");
  }

  @Test
  @Shows("call.job.wait-in-vain")
  void aKnownStateMayBeNamedInAnyOfSeveralHeaders() {
    String id = queued();
    long start = System.nanoTime();

    HttpResponse<String> answer =
        get(id, "If-None-Match", "\"x\"", "If-None-Match", etag(get(id)), "Prefer", "wait=1");

    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void aPreferenceThatIsNotUnderstoodIsNotApplied() {
    String id = queued();
    HttpResponse<String> answer = get(id, "Prefer", "wait=soon");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Preference-Applied")).isEmpty();
  }

  @Test
  void aFinishedJobIsNotWaitedFor() {
    String id = enqueue(_ -> {});
    awaitEnd(id);
    String known = etag(get(id));

    assertThat(get(id, "Prefer", "wait=60").statusCode()).isEqualTo(200);
    assertThat(get(id, "If-None-Match", known, "Prefer", "wait=60").statusCode()).isEqualTo(304);
  }

  @Test
  @Shows("call.jobs")
  void pagesOfJobsThatWereBornAtOnceHoldEachOnce() {
    List<String> born = new ArrayList<>(List.of(occupyTheImportThread()));
    IntStream.range(0, 6).forEach(_ -> born.add(enqueue(_ -> {})));

    List<String> listed = new ArrayList<>();
    String after = "";
    do {
      HttpResponse<String> page = send(to("/api/jobs?limit=3" + after));
      assertThat(page.statusCode()).isEqualTo(200);
      JsonNode body = json(page);
      assertThat(body.get("items").size()).isBetween(1, 3);
      body.get("items").forEach(item -> listed.add(item.get("transactionId").asString()));
      after = body.get("next").isNull() ? null : "&after=" + body.get("next").asString();
    } while (after != null);

    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(born)
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void aPageThatIsJustFullIsTheLast() {
    occupyTheImportThread();
    enqueue(_ -> {});

    JsonNode page = json(send(to("/api/jobs?limit=2")));

    assertThat(page.get("items").size()).isEqualTo(2);
    assertThat(page.get("next").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=201",
        "limit=%2B5",
        "limit=+5",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=1&limit=2",
        "limit=99999999999",
        "after=",
        "after=x",
        "after=1-0123",
        "after=-1-0123456789abcdef0123456789abcdef"
      })
  @Shows({"call.paged.refused", "problem.parameter", "call.jobs.limit"})
  void parametersThatMakeNoSenseAreRefused(String query) {
    HttpResponse<String> answer = send(to("/api/jobs?" + query));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("type").asString()).isEqualTo("urn:waybill:problem:parameter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?limit=1", "?limit=200"})
  @Shows({"call.jobs", "call.jobs.limit"})
  void anEmptyListIsAPage(String query) {
    assertThat(send(to("/api/jobs" + query)).body()).isEqualTo("{\"items\":[],\"next\":null}");
  }
}
