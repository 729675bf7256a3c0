package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Transport.class)
class StreamHttpTest {

  private static final String PREFACE = "retry: 3000\n: waybill {emitter}\n\n";
  private static StreamServer server;

  private final String job = UUID.randomUUID().toString();
  private final String events = "/api/jobs/" + job + "/events";

  @Parameter Transport transport;

  @BeforeParameterizedClassInvocation
  static void start(Transport transport) {
    server = new StreamServer(transport);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    server.close();
  }

  @BeforeEach
  void noHook() {
    server.jobs.onRead = () -> {};
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/jobs/%s/events", "/api/upload/sse/%s", "/sse/stream?transactionId=%s"})
  @Shows({
    "call.events",
    "stream.preface",
    "stream.frame",
    "event.snapshot.first",
    "event.id.queued",
    "event.final"
  })
  void anEarlyWatcherSeesEverythingAtEachAddress(String path) throws IOException {
    server.jobs.queued(job);
    try (RawStream stream = server.get(path.formatted(job))) {
      stream.expect(PREFACE + frame("0-1", "snapshot", "{\"status\":\"QUEUED\"}"));
      server.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}");
      stream.expect(frame("1-1", "snapshot", "{}"));
      server.publish(job, "1-2", SampleTypes.PROGRESS, "{\"percent\":10}", 10);
      stream.expect(frame("1-2", "progress", "{\"percent\":10}"));
      server.publish(job, "1-3", SampleTypes.REJECTED, "{\"rejections\":[]}", 10);
      stream.expect(frame("1-3", "rejected", "{\"rejections\":[]}"));
      server.publish(job, "1-4", SampleTypes.ROWS, "{\"products\":[]}", 10);
      stream.expect(frame("1-4", "rows", "{\"products\":[]}"));
      server.publish(server.jobs.finished(job, new EventId(1, 5), 20));
      stream.expect(frame("1-5", "complete", "{\"status\":\"COMPLETED\",\"rows\":20}"));
      stream.expectEnd();
      if (transport == Transport.WEBSOCKET) {
        assertThat(stream.closeCode()).isEqualTo(1000);
      }
    }
    await().until(() -> server.registry.clientsOf(job) == 0);
  }

  @Test
  @Shows({"event.id.snapshot", "event.snapshot.first"})
  void aLateWatcherGetsASnapshotUnderTheLogsEnd() throws IOException {
    run("1-1", "1-2", "1-3");
    server.jobs.running(job, 1, 300);
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + frame("1-3", "snapshot", "{\"status\":\"RUNNING\",\"rows\":300}"));
      server.publish(job, "1-4", SampleTypes.PROGRESS, "behind", 200);
      server.publish(job, "1-5", SampleTypes.PROGRESS, "ahead", 400);
      stream.expect(frame("1-5", "progress", "ahead"));
    }
  }

  @Test
  void withoutALogTheSnapshotIsTheAttemptsFirst() throws IOException {
    server.jobs.running(job, 3, 7);
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + frame("3-1", "snapshot", "{\"status\":\"RUNNING\",\"rows\":7}"));
    }
  }

  @Test
  @Shows("event.id.snapshot")
  void withoutALogAClientsIdDoesNotFall() throws IOException {
    server.jobs.running(job, 3, 7);
    try (RawStream stream = server.get(events, "Last-Event-ID: 3-9")) {
      stream.expect(PREFACE + frame("3-9", "snapshot", "{\"status\":\"RUNNING\",\"rows\":7}"));
    }
  }

  @Test
  void twoWatchersGetTheSame() throws IOException {
    run("1-1");
    try (RawStream one = server.get(events);
        RawStream two = server.get(events)) {
      String snapshot = PREFACE + frame("1-1", "snapshot", "{\"status\":\"RUNNING\",\"rows\":0}");
      one.expect(snapshot);
      two.expect(snapshot);
      server.publish(job, "1-2", SampleTypes.REJECTED, "r");
      one.expect(frame("1-2", "rejected", "r"));
      two.expect(frame("1-2", "rejected", "r"));
    }
  }

  @Test
  @Shows("event.resume")
  void resumesWhereTheClientWas() throws IOException {
    run("1-1", "1-2", "1-3", "1-4");
    try (RawStream stream = server.get(events, "Last-Event-ID: 1-2")) {
      stream.expect(PREFACE + frame("1-3", "rejected", "1-3") + frame("1-4", "rejected", "1-4"));
      server.publish(job, "1-5", SampleTypes.REJECTED, "live");
      stream.expect(frame("1-5", "rejected", "live"));
    }
  }

  @Test
  @Shows({"event.resume", "event.snapshot.first"})
  void resumesAtTheEndOfTheLogWithoutASnapshot() throws IOException {
    run("1-1", "1-2");
    try (RawStream stream = server.get(events, "Last-Event-ID: 1-2")) {
      stream.expect(PREFACE);
      server.publish(job, "1-3", SampleTypes.REJECTED, "live");
      stream.expect(frame("1-3", "rejected", "live"));
    }
  }

  @Test
  @Shows("event.resume.query")
  void resumesByTheQueryAsPolyfillsDo() throws IOException {
    run("1-1", "1-2");
    try (RawStream stream = server.get(events + "?lastEventId=1-1")) {
      stream.expect(PREFACE + frame("1-2", "rejected", "1-2"));
    }
    try (RawStream stream = server.get(events + "?lastEventId=1-2", "Last-Event-ID: 1-1")) {
      stream.expect(PREFACE + frame("1-2", "rejected", "1-2"));
    }
    try (RawStream stream = server.get(events + "?lastEventId=1-1", "Last-Event-ID: undefined")) {
      stream.expect(PREFACE + frame("1-2", "rejected", "1-2"));
    }
  }

  /**
   * The job may commit after the last ID of the log was read and before the job is read. The
   * snapshot is then newer than its ID says, and an event that is logged next is older than the
   * snapshot.
   */
  @Test
  void aClientThatReconnectsAfterASnapshotAheadOfTheLogDoesNotSeeTheCountersFall()
      throws IOException {
    run("1-1", "1-2");
    server.jobs.running(job, 1, 200);
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + frame("1-2", "snapshot", "{\"status\":\"RUNNING\",\"rows\":200}"));
    }
    server.publish(job, "1-3", SampleTypes.PROGRESS, "100", 100);
    try (RawStream stream = server.get(events, "Last-Event-ID: 1-2")) {
      server.publish(job, "1-4", SampleTypes.PROGRESS, "200", 200);
      stream.expect(PREFACE + frame("1-4", "progress", "200"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0-1", "1-99", "7-1", "nonsense", "1-2-3", "-1", "1-99999999999999999999"})
  @Shows({"event.resume.gap", "event.resume.malformed"})
  void anOldFutureOrMalformedIdGetsASnapshot(String id) throws IOException {
    run("1-1", "1-2");
    try (RawStream stream = server.get(events, "Last-Event-ID: " + id)) {
      stream.expect(PREFACE + frame("1-2", "snapshot", "{\"status\":\"RUNNING\",\"rows\":0}"));
    }
  }

  @Test
  @Shows({"event.finished", "event.final"})
  void aFinishedJobGetsItsSnapshotAndItsFinalEvent() throws IOException {
    server.jobs.finished(job, new EventId(2, 17), 5);
    String data = "{\"status\":\"COMPLETED\",\"rows\":5}";
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + frame("2-16", "snapshot", data) + frame("2-17", "complete", data));
      stream.expectEnd();
    }
    try (RawStream stream = server.get(events, "Last-Event-ID: 2-18")) {
      stream.expect(PREFACE + frame("2-16", "snapshot", data) + frame("2-17", "complete", data));
      stream.expectEnd();
    }
  }

  @Test
  void cutBetweenSnapshotAndFinalItGetsJustTheFinal() throws IOException {
    server.jobs.finished(job, new EventId(1, 2), 5);
    try (RawStream stream = server.get(events, "Last-Event-ID: 1-1")) {
      stream.expect(PREFACE + frame("1-2", "complete", "{\"status\":\"COMPLETED\",\"rows\":5}"));
      stream.expectEnd();
    }
  }

  @Test
  void theRestOfAFinishedJobIsReplayed() throws IOException {
    run("1-1", "1-2", "1-3");
    StreamEvent end = server.jobs.finished(job, new EventId(1, 4), 5);
    String rest =
        frame("1-3", "rejected", "1-3")
            + frame("1-4", "complete", "{\"status\":\"COMPLETED\",\"rows\":5}");
    try (RawStream stream = server.get(events, "Last-Event-ID: 1-2")) {
      stream.expect(PREFACE + rest);
      stream.expectEnd();
    }
    server.publish(end);
    try (RawStream stream = server.get(events, "Last-Event-ID: 1-2")) {
      stream.expect(PREFACE + rest);
      stream.expectEnd();
    }
  }

  @Test
  @Shows({"event.resume.seen-the-end", "stream.websocket.codes"})
  void aClientThatHasSeenTheFinalEventIsStopped() throws IOException {
    server.jobs.finished(job, new EventId(2, 17), 5);
    try (RawStream answer = server.get(events, "Last-Event-ID: 2-17")) {
      assertIsStopped(answer);
    }
    try (RawStream answer = server.get(events + "?lastEventId=2-17")) {
      assertIsStopped(answer);
    }
    assertThat(server.registry.clientsOf(job)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accept: */*", "Accept: text/event-stream"})
  @Shows({"stream.unknown", "problem.job-unknown"})
  void anUnknownJobIsAProblem(String accept) throws IOException {
    try (RawStream answer = server.get(events, accept)) {
      assertThat(answer.status).isEqualTo(404);
      assertThat(answer.headers).containsEntry("Content-Type", "application/problem+json");
      assertThat(answer.rest()).contains("\"type\":\"urn:waybill:problem:job-unknown\"");
    }
    assertThat(server.registry.clientsOf(job)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/sse/stream", "/sse/stream?transactionId="})
  void aMissingTransactionIdIsAProblem(String path) throws IOException {
    try (RawStream answer = server.get(path, "Accept: text/event-stream")) {
      assertThat(answer.status).isEqualTo(400);
      assertThat(answer.rest()).contains("\"type\":\"urn:waybill:problem:parameter\"");
    }
  }

  @Test
  void headSendsTheHeadersAndOpensNothing() throws IOException {
    run("1-1");
    try (RawStream answer = server.head(events)) {
      assertThat(answer.status).isEqualTo(200);
      assertThat(answer.headers)
          .containsEntry("Content-Type", "text/event-stream;charset=UTF-8")
          .containsEntry("Cache-Control", "no-store")
          .containsEntry("X-Accel-Buffering", "no");
    }
    try (RawStream answer = server.head("/api/jobs/unknown/events")) {
      assertThat(answer.status).isEqualTo(404);
    }
    assertThat(server.registry.clientsOf(job)).isZero();
  }

  @Test
  void whatIsPublishedWhileConnectingFollowsTheSnapshot() throws IOException {
    run("1-1");
    AtomicInteger reads = new AtomicInteger();
    // The first read finds out whether there is such a stream; the client is registered after it.
    server.jobs.onRead =
        () -> {
          if (reads.incrementAndGet() == 2) {
            server.publish(job, "1-2", SampleTypes.REJECTED, "meanwhile");
          }
        };
    try (RawStream stream = server.get(events)) {
      stream.expect(
          PREFACE
              + frame("1-1", "snapshot", "{\"status\":\"RUNNING\",\"rows\":0}")
              + frame("1-2", "rejected", "meanwhile"));
    }
  }

  @Test
  @Shows({"event.snapshot.lost", "event.id.snapshot"})
  void aMissingNumberInMidStreamIsReplacedByASnapshot() throws IOException {
    run("1-1");
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + frame("1-1", "snapshot", "{\"status\":\"RUNNING\",\"rows\":0}"));
      server.jobs.running(job, 1, 90);
      server.publish(job, "1-3", SampleTypes.REJECTED, "after the gap", 90);
      stream.expect(frame("1-3", "snapshot", "{\"status\":\"RUNNING\",\"rows\":90}"));
      server.publish(job, "1-4", SampleTypes.REJECTED, "on", 90);
      stream.expect(frame("1-4", "rejected", "on"));
    }
  }

  @Test
  void anEventLostOnTheWayIsReadFromTheLog() throws IOException {
    run("1-1");
    MemoryEventLog log = server.context.getBean(MemoryEventLog.class);
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + frame("1-1", "snapshot", "{\"status\":\"RUNNING\",\"rows\":0}"));
      log.append(new StreamEvent(job, new EventId(1, 2), SampleTypes.REJECTED, "lost", 0));
      server.publish(job, "1-3", SampleTypes.REJECTED, "came", 0);
      stream.expect(frame("1-2", "rejected", "lost") + frame("1-3", "rejected", "came"));
      log.append(new StreamEvent(job, new EventId(1, 4), SampleTypes.REJECTED, "lost too", 0));
      server.registry.catchUp(job);
      stream.expect(frame("1-4", "rejected", "lost too"));
    }
  }

  @Test
  void anEventIsMissedAlsoIfTheLogWasEmptyWhenTheClientCame() throws IOException {
    server.jobs.running(job, new EventId(1, 2));
    MemoryEventLog log = server.context.getBean(MemoryEventLog.class);
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + frame("1-2", "snapshot", "{\"covered\":\"1-2\"}"));
      log.append(new StreamEvent(job, new EventId(1, 2), SampleTypes.REJECTED, "covered", 0));
      log.append(new StreamEvent(job, new EventId(1, 3), SampleTypes.REJECTED, "lost", 0));
      server.publish(job, "1-4", SampleTypes.REJECTED, "came", 0);
      stream.expect(frame("1-3", "rejected", "lost") + frame("1-4", "rejected", "came"));
    }
  }

  @Test
  void anEventIsMissedAlsoIfNeitherLogNorStateSayWhereTheClientStarts() throws IOException {
    server.jobs.running(job, 1, 0);
    MemoryEventLog log = server.context.getBean(MemoryEventLog.class);
    try (RawStream stream = server.get(events)) {
      stream.expect(PREFACE + frame("1-1", "snapshot", "{\"status\":\"RUNNING\",\"rows\":0}"));
      log.append(new StreamEvent(job, new EventId(1, 2), SampleTypes.REJECTED, "lost", 0));
      server.publish(job, "1-3", SampleTypes.REJECTED, "came", 0);
      stream.expect(frame("1-2", "rejected", "lost") + frame("1-3", "rejected", "came"));
    }
  }

  @Test
  void anEarlierAttemptIsFenced() throws IOException {
    run("1-1", "2-1");
    try (RawStream stream = server.get(events, "Last-Event-ID: 2-1")) {
      stream.expect(PREFACE);
      assertThat(server.publish(job, "1-2", SampleTypes.REJECTED, "old"))
          .isEqualTo(Published.FENCED);
      assertThat(server.publish(job, "2-2", SampleTypes.REJECTED, "new"))
          .isEqualTo(Published.DELIVERED);
      stream.expect(frame("2-2", "rejected", "new"));
    }
  }

  private void assertIsStopped(RawStream answer) throws IOException {
    if (transport == Transport.WEBSOCKET) {
      assertThat(answer.rest()).isEmpty();
      assertThat(answer.closeCode()).isEqualTo(4204);
    } else {
      assertThat(answer.status).isEqualTo(204);
    }
  }

  /** Makes the job run and publishes these events. */
  private void run(String... ids) {
    server.jobs.running(job, 1, 0);
    for (String id : ids) {
      server.publish(job, id, id.endsWith("-1") ? SampleTypes.SNAPSHOT : SampleTypes.REJECTED, id);
    }
  }

  private static String frame(String id, String event, String data) {
    return "id: %s\nevent: %s\ndata: %s\n\n".formatted(id, event, data);
  }
}
