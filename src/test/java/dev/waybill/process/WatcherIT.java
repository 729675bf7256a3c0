package dev.waybill.process;

import static dev.waybill.process.WaybillClient.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What watchers receive, byte by byte, over plain sockets. */
@ParameterizedClass
@ValueSource(strings = {"emitter", "socket"})
class WatcherIT {

  /** Chunks of one row, so that imports last long. A small log, so that it drops events. */
  private static final String[] SLOW_IMPORTS = {
    "--waybill.import.chunk-rows=1",
    "--waybill.events.log-size=32",
    "--waybill.stream.max-stall=3s",
    "--waybill.stream.heartbeat=500ms",
    "--waybill.stream.max-per-address=20"
  };

  private static final String PREFACE = "retry: 3000\n: waybill {emitter}\n\n";

  @TempDir private static Path folder;
  private static String transport;
  private static WaybillProcess service;
  private static WaybillClient client;

  /** A job that has finished, for watchers that connect late. */
  private static String finished;

  private static String finalId;
  private static String idBefore;

  @Parameter String configured;

  @BeforeParameterizedClassInvocation
  static void start(String configured) throws IOException {
    transport = configured;
    service = startService("data");
    client = new WaybillClient(service);
    finished = client.upload("", "sku,name,price\nF1,Chair,1.00\nF2,Table,free\n");
    client.awaitEnd(finished);
    try (RawWatcher watcher = watch(finished)) {
      watcher.awaitEnd();
      finalId = watcher.ids().getLast();
      idBefore = watcher.ids().getFirst();
    }
  }

  private static WaybillProcess startService(String name) {
    List<String> arguments = new ArrayList<>(List.of(SLOW_IMPORTS));
    arguments.add("--waybill.stream.transport=" + transport);
    return WaybillProcess.start(
        folder.resolve(name + "-" + transport), arguments.toArray(String[]::new));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    client.close();
    service.close();
  }

  private static RawWatcher watch(String jobId, String... headerLines) throws IOException {
    return RawWatcher.of(service.port(), jobId, headerLines);
  }

  /** Starts a job with this number of rows, of which every tenth is rejected. */
  private static String slowJob(int rows) throws IOException {
    return slowJob(rows, 10);
  }

  /** Starts a job with this number of rows, of which one in so many is rejected. */
  private static String slowJob(int rows, int oneIn) throws IOException {
    StringBuilder csv = new StringBuilder("sku,name,price\n");
    for (int i = 1; i <= rows; i++) {
      csv.append('W')
          .append(i)
          .append(",Chair,")
          .append(i % oneIn == 0 ? "free" : "1.00")
          .append('\n');
    }
    return client.upload("", csv.toString().getBytes(UTF_8));
  }

  @Test
  @Shows({
    "stream.headers",
    "stream.preface",
    "stream.heartbeat",
    "event.id.queued",
    "event.id.rising",
    "event.rejected",
    "event.rejected.first-hundred",
    "event.progress",
    "event.nothing-missed",
    "event.final.complete",
    "event.rejected.in-order",
    "event.final",
    "event.snapshot.attempt",
    "call.pod-header"
  })
  void aWatcherFromTheQueueToTheEndGetsEverythingOnce() throws IOException {
    String before = slowJob(100_000);
    String id = slowJob(1500);
    try (RawWatcher watcher = watch(id)) {
      RawWatcher.Event first = watcher.await(event -> true);
      assertThat(first.id()).isEqualTo("0-1");
      assertThat(first.data()).isEqualTo(client.job(id));
      assertThat(first.data().get("status").asString()).isEqualTo("QUEUED");
      assertThat(first.data().get("attempt").asInt()).isZero();
      Awaitility.await("a comment while nothing happens")
          .until(() -> watcher.blocks().stream().skip(1).anyMatch(block -> block.startsWith(":")));
      assertThat(client.delete(before).statusCode()).isEqualTo(202);
      assertThat(watcher.awaitEnd()).isTrue();

      assertThat(watcher.head())
          .startsWith("HTTP/1.1 200 \r\n")
          .contains("\r\nContent-Type: text/event-stream;charset=UTF-8\r\n")
          .contains("\r\nCache-Control: no-store\r\n")
          .contains("\r\nX-Accel-Buffering: no\r\n")
          .contains("\r\nX-Waybill-Pod: ");
      assertThat(watcher.body()).startsWith(preface(watcher) + "id: 0-1\nevent: snapshot\ndata: {");
      assertThat(watcher.body()).endsWith("}\n\n").doesNotContain("\r").doesNotContain("\0");
      watcher.assertIdsRise();
      assertGotEverything(
          watcher.events(), client.job(id), client.pages(links(id, "rejections"), 200));
    }
  }

  private static String links(String id, String list) {
    return "/api/jobs/" + id + "/" + list;
  }

  private static void assertGotEverything(
      List<RawWatcher.Event> events, JsonNode job, List<JsonNode> allRejections) {
    assertThat(events.get(1).id()).isEqualTo("1-1");
    assertThat(events.get(1).name()).isEqualTo("snapshot");
    assertThat(events.getLast().name()).isEqualTo("complete");
    assertThat(events.getLast().data()).isEqualTo(job);
    assertThat(events.stream().filter(RawWatcher.Event::isFinal)).hasSize(1);
    for (RawWatcher.Event event : events) {
      switch (event.name()) {
        case "progress" ->
            assertThat(event.data().propertyNames())
                .containsExactly(
                    "status",
                    "attempt",
                    "percent",
                    "bytes",
                    "counts",
                    "rowsPerSecond",
                    "etaSeconds");
        case "rows" -> assertThat(event.data().get("products").size()).isBetween(1, 5);
        default -> assertThat(event.name()).isIn("snapshot", "rejected", "complete");
      }
    }
    assertThat(events.stream().flatMap(event -> rejections(event).stream()).toList())
        .isEqualTo(firstHundred(allRejections));
    assertThat(events).extracting(RawWatcher.Event::name).contains("progress", "rows");
  }

  /** The rejected rows in an event, as JSON. */
  private static List<String> rejections(RawWatcher.Event event) {
    List<String> rejections = new ArrayList<>();
    if (event.name().equals("rejected")) {
      event.data().get("rejections").forEach(each -> rejections.add(each.toString()));
    }
    return rejections;
  }

  /** The rejected rows that the events of a job contain, as JSON. */
  private static List<String> firstHundred(List<JsonNode> allRejections) {
    return allRejections.stream()
        .limit(100)
        .map(
            each ->
                "{\"row\":%s,\"line\":%s,\"errors\":%s}"
                    .formatted(each.get("row"), each.get("line"), each.get("errors")))
        .toList();
  }

  @Test
  @Shows("event.rows")
  void productsInEventsAreThoseOfTheProductEndpoint() throws IOException {
    String id = client.upload("", "sku,name,price,Colour\nP1,Chair,1.50,red\nP2,Table,,\n");
    try (RawWatcher watcher = watch(id)) {
      watcher.awaitEnd();
      for (RawWatcher.Event event : watcher.events()) {
        if (event.name().equals("rows")) {
          JsonNode newest =
              event.data().get("products").get(event.data().get("products").size() - 1);
          String sku = newest.get("sku").asString();
          // Attributes are left out: an event has a limit, and they may be large.
          ObjectNode stored =
              (ObjectNode) WaybillClient.json(client.get("/api/products/" + sku).body());
          assertThat(newest).isEqualTo(stored.without("attributes"));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/jobs/%s/events", "/api/upload/sse/%s", "/sse/stream?transactionId=%s"})
  @Shows({"call.events", "event.finished", "event.resume.seen-the-end", "event.snapshot.first"})
  void aLateWatcherGetsSnapshotAndEndAtEveryAddressAsOftenAsItComes(String address)
      throws IOException {
    String path = address.formatted(finished);
    String job = client.get("/api/jobs/" + finished).body();
    for (int i = 0; i < 2; i++) {
      try (RawWatcher watcher = RawWatcher.at(service.port(), path)) {
        assertThat(watcher.awaitEnd()).isTrue();
        assertThat(watcher.body())
            .isEqualTo(
                preface(watcher)
                    + "id: %s\nevent: snapshot\ndata: %s\n\n".formatted(idBefore, job)
                    + "id: %s\nevent: complete\ndata: %s\n\n".formatted(finalId, job));
      }
    }
    try (RawWatcher again = RawWatcher.at(service.port(), path, "Last-Event-ID: " + finalId)) {
      assertThat(again.status()).isEqualTo(204);
    }
    String join = path.contains("?") ? "&" : "?";
    try (RawWatcher again = RawWatcher.at(service.port(), path + join + "lastEventId=" + finalId)) {
      assertThat(again.status()).isEqualTo(204);
    }
  }

  @Test
  void aClientThatWasCutBeforeTheFinalEventGetsOnlyThat() throws IOException {
    try (RawWatcher watcher = watch(finished, "Last-Event-ID: " + idBefore)) {
      assertThat(watcher.awaitEnd()).isTrue();
      assertThat(watcher.body())
          .isEqualTo(
              preface(watcher)
                  + "id: %s\nevent: complete\ndata: %s\n\n"
                      .formatted(finalId, client.get("/api/jobs/" + finished).body()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense", "1", "1-", "-1-1", "1-x", "99999999999999999999-1", "1-999999", "7-1"})
  @Shows("event.resume.malformed")
  void malformedAndFutureIdsCountAsNone(String id) throws IOException {
    try (RawWatcher watcher = watch(finished, "Last-Event-ID: " + id)) {
      assertThat(watcher.awaitEnd()).isTrue();
      assertThat(watcher.ids()).containsExactly(idBefore, finalId);
    }
  }

  @Test
  @Shows({"event.resume", "event.resume.gap", "event.final.cancelled"})
  void aClientThatReconnectsDuringTheStreamMissesNothing() throws IOException {
    // Its hundred rejections that are sent as events are spread over all its rows.
    String id = slowJob(100_000, 1000);
    List<RawWatcher.Event> seen;
    try (RawWatcher first = watch(id)) {
      first.await(event -> event.sequence() >= 45);
      seen = first.events();
    }
    RawWatcher.Event last = seen.getLast();
    try (RawWatcher resumed = watch(id, "Last-Event-ID: " + last.id());
        RawWatcher old = watch(id, "Last-Event-ID: 1-1");
        RawWatcher future = watch(id, "Last-Event-ID: 1-999999");
        RawWatcher malformed = watch(id, "Last-Event-ID: x")) {
      assertThat(resumed.await(event -> true).isAfter(last)).isTrue();
      for (RawWatcher other : List.of(old, future, malformed)) {
        RawWatcher.Event snapshot = other.await(event -> true);
        assertThat(snapshot.name()).isEqualTo("snapshot");
        assertThat(snapshot.attempt()).isEqualTo(1);
        assertThat(snapshot.sequence()).isBetween(last.sequence(), last.sequence() + 1000);
      }
      resumed.await(event -> event.name().equals("rejected"));
      assertThat(client.delete(id).statusCode()).isEqualTo(202);
      for (RawWatcher each : List.of(resumed, old, future, malformed)) {
        assertThat(each.awaitEnd()).isTrue();
        each.assertIdsRise();
        assertThat(each.events().getLast().name()).isEqualTo("cancelled");
        assertThat(each.events().getLast().data()).isEqualTo(client.job(id));
      }
      // No snapshot was needed. An ID can be absent all the same: a progress event is replaced by a
      // newer one, and a sample of rows is dropped, if the client has not yet read earlier events.
      assertThat(resumed.names()).doesNotContain("snapshot");
      List<String> received =
          Stream.of(seen, resumed.events())
              .flatMap(List::stream)
              .flatMap(event -> rejections(event).stream())
              .toList();
      // Rows that were rejected before the first watcher came are in no event that it got.
      assertThat(firstHundred(client.pages(links(id, "rejections"), 200)))
          .endsWith(received.toArray(String[]::new));
    }
  }

  @Test
  @Shows("stream.slow-client")
  void aClientThatReadsNothingIsClosedAndTheImportContinues() throws Exception {
    StringBuilder csv = new StringBuilder("sku,name\n");
    for (int i = 0; i < 100_000; i++) {
      csv.append('B').append(i).append(",Chair\n");
    }
    // A service of its own: another test's job would hold this one up in the queue.
    try (WaybillProcess alone = startService("alone");
        WaybillClient its = new WaybillClient(alone)) {
      closesWhoReadsNothing(alone, its, csv.toString());
    }
  }

  /**
   * The events of the job are too small to fill a socket quickly. So the slow client watches
   * another stream, to which large events are published.
   */
  private static void closesWhoReadsNothing(WaybillProcess alone, WaybillClient client, String csv)
      throws Exception {
    String id = client.upload("", csv);
    String path = "/api/streams/large/events";
    HttpRequest large =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + alone.port() + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"data\":\"" + "x".repeat(60_000) + "\"}"))
            .build();
    try (Socket stuck = RawWatcher.thatReadsNothing(alone.port(), path);
        RawWatcher reading = RawWatcher.of(alone.port(), id);
        HttpClient http = HttpClient.newHttpClient()) {
      Awaitility.await("closed as slow")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                http.send(large, BodyHandlers.discarding());
                return client.metric("waybill_slow_clients_closed_total") > 0;
              });
      JsonNode now = client.job(id);
      assertThat(now.get("status").asString()).isEqualTo("RUNNING");
      client.awaitJob(
          id,
          job -> job.get("counts").get("rows").asLong() > now.get("counts").get("rows").asLong());
      reading.await(event -> event.name().equals("progress"));
      assertThat(reading.names()).contains("snapshot");
      client.delete(id);
      assertThat(reading.awaitEnd()).isTrue();
      assertThat(reading.names().getLast()).isEqualTo("cancelled");
      assertEndsWithoutFinalEvent(stuck);
    }
  }

  /** Bytes that were in buffers still arrive, then the connection is closed. */
  private static void assertEndsWithoutFinalEvent(Socket stuck) throws IOException {
    stuck.setSoTimeout(10_000);
    String rest;
    try {
      rest = new String(stuck.getInputStream().readAllBytes(), UTF_8);
    } catch (SocketException reset) {
      rest = "";
    }
    assertThat(rest).doesNotContain("event: cancelled");
  }

  @Test
  @Shows("stream.refused")
  void oneConnectionTooManyIsSentAwayWithoutAnErrorStatus() throws IOException {
    String id = slowJob(100_000);
    List<RawWatcher> watchers = new ArrayList<>();
    try {
      RawWatcher refused = null;
      for (int i = 0; i < 40 && refused == null; i++) {
        RawWatcher watcher = watch(id);
        watchers.add(watcher);
        Awaitility.await().until(() -> !watcher.blocks().isEmpty());
        refused = watcher.head().contains("X-Waybill-Emitter") ? null : watcher;
      }
      assertThat(refused).isNotNull();
      assertThat(refused.awaitEnd()).isTrue();
      assertThat(refused.status()).isEqualTo(200);
      assertThat(refused.body()).matches("retry: \\d{4,5}\n: waybill\n\n");
    } finally {
      for (RawWatcher watcher : watchers) {
        watcher.close();
      }
      client.delete(id);
    }
    client.awaitEnd(id);
  }

  @Test
  @Shows("stream.unknown")
  void anUnknownJobIs404() throws IOException {
    assertProblem(client.get("/api/jobs/unknown/events"), 404, "job-unknown");
    assertProblem(client.get("/api/upload/sse/unknown"), 404, "job-unknown");
    assertProblem(client.get("/sse/stream?transactionId=unknown"), 404, "job-unknown");
    assertProblem(client.get("/sse/stream"), 400, "parameter");
  }

  @Test
  @Shows("stream.ended-at-shutdown")
  void stoppingEndsAllStreamsAtOnceAndSaysWhenToComeBack() throws Exception {
    WaybillProcess stopping = startService("stopping");
    List<RawWatcher> watchers = new ArrayList<>();
    try (WaybillClient its = new WaybillClient(stopping)) {
      StringBuilder csv = new StringBuilder("sku,name\n");
      for (int i = 0; i < 100_000; i++) {
        csv.append('S').append(i).append(",Chair\n");
      }
      String running = its.upload("", csv.toString());
      String queued = its.upload("", csv.toString());
      for (String id : List.of(running, queued, running, queued)) {
        watchers.add(RawWatcher.of(stopping.port(), id));
      }
      Socket stuck =
          RawWatcher.thatReadsNothing(stopping.port(), "/api/jobs/" + running + "/events");
      for (RawWatcher watcher : watchers) {
        watcher.await(event -> true);
      }
      its.awaitJob(running, job -> job.get("counts").get("rows").asLong() > 0);

      Duration took = stopping.stop();
      System.out.printf("WatcherIT: stopped within %d ms%n", took.toMillis());
      assertThat(took).isLessThan(Duration.ofSeconds(8));
      for (RawWatcher watcher : watchers) {
        assertThat(watcher.awaitEnd()).as("ended properly").isTrue();
        assertThat(watcher.blocks().getLast()).matches("retry: \\d{4,5}");
        assertThat(watcher.events()).noneMatch(RawWatcher.Event::isFinal);
      }
      assertThat(stopping.log()).doesNotContain("\tat ");
      stuck.close();
    } finally {
      for (RawWatcher watcher : watchers) {
        watcher.close();
      }
      stopping.close();
    }
  }

  private static String preface(RawWatcher watcher) {
    String emitter =
        watcher
            .head()
            .lines()
            .filter(line -> line.startsWith("X-Waybill-Emitter: "))
            .findFirst()
            .orElseThrow()
            .substring("X-Waybill-Emitter: ".length());
    return PREFACE.replace("{emitter}", emitter);
  }
}
