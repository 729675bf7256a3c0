package dev.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.contract.Shows;
import dev.waybill.stream.EmitterRegistry;
import dev.waybill.stream.RawStream;
import dev.waybill.stream.UsedUpMemory;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** A job that is created and watched by one POST. */
@TestPropertySource(
    properties = {
      "waybill.stream.max-per-address=3",
      "waybill.stream.heartbeat=200ms",
      // Each client's share of the memory for waiting frames has no room for a snapshot.
      "waybill.stream.max-emitters=1000000"
    })
class WatchedJobTest extends WorkerTestBase {

  private static final String BODY = "{\"kind\":\"typewriter\",\"title\":\"A letter\"}";
  private static final String KEY = "Idempotency-Key: one";

  @TempDir static Path folder;

  @Autowired EmitterRegistry registry;
  @Autowired ApplicationContext context;
  @Autowired MeterRegistry meters;

  /** Ends the streams of a pod that stops. */
  @Autowired
  @Qualifier("endStreams")
  SmartLifecycle endStreams;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
  }

  @BeforeEach
  void withoutWatchers() {
    awaitTrue(() -> registry.watched().isEmpty());
  }

  @Test
  @Shows("external.stream")
  void aPostCreatesAJobAndIsItsStream() throws IOException {
    try (RawStream stream = postStream(BODY, KEY)) {
      assertThat(stream.status).isEqualTo(200);
      assertThat(stream.headers)
          .containsEntry("Content-Type", "text/event-stream;charset=UTF-8")
          .containsEntry("Cache-Control", "no-store")
          .containsKey("X-Waybill-Emitter");
      stream.expect("retry: 3000\n: waybill {emitter}\n\n");
      String snapshot = stream.block();
      assertThat(snapshot).startsWith("id: 0-1\nevent: snapshot\ndata: {\"transactionId\":\"");
      Created job = repeated();
      assertThat(data(snapshot).get("transactionId").asString()).isEqualTo(job.id());

      report(job, "{\"event\":\"chunk\",\"text\":\"Dear\"}");
      report(job, "{\"event\":\"complete\",\"result\":1}");

      assertThat(names(stream.rest())).containsExactly("1-1 snapshot", "1-2 chunk", "1-3 complete");
    }
    assertThat(jobs()).isEqualTo(1);
  }

  @Test
  @Shows("external.stream-again")
  void theSamePostAgainCreatesNothingAndGoesOnWhereItWasCut() throws IOException {
    try (RawStream first = postStream(BODY, KEY)) {
      first.block();
      first.block();
    }
    Created job = repeated();
    report(job, "{\"event\":\"chunk\",\"text\":\"a\"}");
    report(job, "{\"event\":\"chunk\",\"text\":\"b\"}");
    try (RawStream again = postStream(BODY, KEY, "Last-Event-ID: 1-2")) {
      again.block();
      assertThat(names(again.block())).containsExactly("1-3 chunk");
      report(job, "{\"event\":\"complete\"}");
      assertThat(names(again.rest())).containsExactly("1-4 complete");
    }
    assertThat(jobs()).isEqualTo(1);
    try (RawStream after = postStream(BODY, KEY, "Last-Event-ID: 1-4")) {
      assertThat(after.status).isEqualTo(200);
      assertThat(after.headers).containsEntry("Content-Type", "text/event-stream;charset=UTF-8");
      assertThat(after.rest()).isEmpty();
    }
    awaitTrue(() -> registry.clientsOf(job.id()) == 0);
  }

  @Test
  @Shows("external.stream-key")
  void aPostForAStreamNeedsAKeyOfItsOwn() throws IOException {
    try (RawStream stream = postStream(BODY)) {
      assertThat(stream.status).isEqualTo(400);
      assertThat(stream.rest()).contains("problem:parameter", "Idempotency-Key is missing");
    }
    assertThat(jobs()).isZero();
    postStream(BODY, KEY).close();
    try (RawStream other = postStream(BODY.replace("letter", "card"), KEY)) {
      assertThat(other.status).isEqualTo(422);
      assertThat(other.rest()).contains("problem:idempotency-mismatch");
    }
    assertThat(jobs()).isEqualTo(1);
  }

  @Test
  void aPostThatTakesAnythingGetsJson() {
    HttpResponse<String> answer = post("/api/jobs", BODY, "Accept", "*/*");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).contains("workerToken");
    assertThat(post("/api/jobs", BODY, "Accept", "text/html").statusCode()).isEqualTo(406);
  }

  @Test
  @Shows("external.stream-no-room")
  void withoutRoomForItsWatcherNoJobIsCreated() throws IOException {
    List<RawStream> others = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        others.add(postStream(BODY, "Idempotency-Key: " + i));
      }
      try (RawStream refused = postStream(BODY, KEY)) {
        assertThat(refused.status).isEqualTo(503);
        assertThat(refused.headers).containsEntry("Retry-After", "5");
        assertThat(refused.rest()).contains("problem:unavailable");
      }
      assertThat(jobs()).isEqualTo(3);
    } finally {
      for (RawStream other : others) {
        other.close();
      }
    }
  }

  @Test
  void aRefusalForLackOfMemoryIsCountedAndReservesNothing() throws IOException {
    double before = meters.get("waybill.streams.refused").counter().count();
    try (UsedUpMemory memory = new UsedUpMemory(context)) {
      for (int i = 0; i < 3; i++) {
        try (RawStream refused = postStream(BODY, KEY)) {
          assertThat(refused.status).isEqualTo(503);
          assertThat(refused.rest()).contains("problem:unavailable");
        }
      }
      assertThat(memory.waiting()).isZero();
    }
    assertThat(meters.get("waybill.streams.refused").counter().count()).isEqualTo(before + 3);
    assertThat(jobs()).isZero();
  }

  @Test
  @Shows("external.stream-broken-off")
  void anEarlyEndBreaksTheResponseOff() throws IOException {
    try (RawStream stream = postStream(BODY, KEY)) {
      stream.block();
      stream.block();
      assertThat(jobs()).isEqualTo(1);
      endStreams.stop();
      assertThatThrownBy(stream::rest).isInstanceOf(EOFException.class);
      try (RawStream refused = postStream(BODY, "Idempotency-Key: another")) {
        assertThat(refused.status).isEqualTo(503);
      }
      assertThat(jobs()).isEqualTo(1);
    } finally {
      endStreams.start();
    }
    Created job = repeated();
    awaitTrue(() -> registry.clientsOf(job.id()) == 0);
  }

  private RawStream postStream(String body, String... headers) throws IOException {
    List<String> lines = new ArrayList<>(List.of(headers));
    lines.add("Content-Type: application/json");
    lines.add("Accept: text/event-stream");
    lines.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
    lines.add("");
    lines.add(body);
    return RawStream.open(port, "POST", "/api/jobs", 0, lines.toArray(String[]::new));
  }

  /** Gets the job and its worker's token by the same request for JSON. */
  private Created repeated() {
    HttpResponse<String> answer = post("/api/jobs", BODY, "Idempotency-Key", "one");
    JsonNode job = json.readTree(answer.body());
    return new Created(job.get("transactionId").asString(), job.get("workerToken").asString());
  }

  private long jobs() {
    return database.sql("SELECT count(*) FROM job").query(Long.class).single();
  }

  private JsonNode data(String block) {
    return json.readTree(block.substring(block.indexOf("data: ") + 6));
  }

  private static List<String> names(String events) {
    return events
        .lines()
        .filter(line -> line.startsWith("id: ") || line.startsWith("event: "))
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .collect(
            ArrayList::new,
            (names, part) -> {
              if (part.matches("\\d+-\\d+")) {
                names.add(part);
              } else {
                names.set(names.size() - 1, names.getLast() + " " + part);
              }
            },
            ArrayList::addAll);
  }
}
