package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The drainer runs when the test says so, on the test's thread. */
class ClientStreamTest {

  private static final Duration BEAT = Duration.ofSeconds(15);

  private final AtomicLong now = new AtomicLong();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ArrayDeque<Runnable> drainers = new ArrayDeque<>();
  private final List<ClientStream> retired = new ArrayList<>();
  private final List<ClientStream> forgotten = new ArrayList<>();
  private final RecordingConnection connection = new RecordingConnection();
  private final ClientStream client =
      new ClientStream(
          "s",
          "address:127.0.0.1",
          Transport.EMITTER,
          new Surroundings(
              TestSurroundings.limits(1000),
              now::get,
              InstantSource.system(),
              new Drainers() {
                @Override
                public void start(Runnable drainer) {
                  drainers.add(drainer);
                }

                @Override
                public void startIn(long nanos, Runnable round) {
                  throw new AssertionError("a client waits for nothing");
                }
              },
              new StreamMetrics(meters),
              retired::add,
              forgotten::add));

  @Test
  void sendsTheMissedThenTheLiveEachOnceInOneWrite() {
    client.deliver(frame(2, SampleTypes.REJECTED, "b"));
    client.deliver(frame(3, SampleTypes.REJECTED, "c"));
    client.connected(connection);
    assertThat(drainers).isEmpty();
    client.goLive(
        List.of(frame(1, SampleTypes.SNAPSHOT, "a"), frame(2, SampleTypes.REJECTED, "b")));
    drain();
    assertThat(connection.writes)
        .containsExactly(
            preface()
                + "id: 1-1\nevent: snapshot\ndata: a\n\n"
                + "id: 1-2\nevent: rejected\ndata: b\n\n"
                + "id: 1-3\nevent: rejected\ndata: c\n\n");
  }

  @Test
  void aLateEventIsNotDeliveredWhenEverythingMissedIsOutOfDate() {
    client.connected(connection);
    client.openAt("s", 200);
    client.goLive(List.of(frame(5, SampleTypes.PROGRESS, 100, "p")));
    client.deliver(frame(4, SampleTypes.REJECTED, "a"));
    client.deliver(frame(6, SampleTypes.REJECTED, "b"));
    client.wake();
    drain();
    assertThat(connection.writes)
        .containsExactly(preface() + "id: 1-6\nevent: rejected\ndata: b\n\n");
  }

  @Test
  void aLateEventIsNotDeliveredAgainToAClientThatMissedNothing() {
    client.deliver(frame(2, SampleTypes.REJECTED, "b"));
    client.connected(connection);
    client.startAfter("s", new EventId(1, 3));
    client.goLive(List.of());
    client.deliver(frame(3, SampleTypes.REJECTED, "c"));
    client.deliver(frame(4, SampleTypes.REJECTED, "d"));
    drain();
    assertThat(connection.writes)
        .containsExactly(preface() + "id: 1-4\nevent: rejected\ndata: d\n\n");
  }

  @Test
  void productsOfAnySizeWhileConnectingSendNobodyAway() {
    client.connected(connection);
    client.deliver(frame(2, SampleTypes.ROWS, "x".repeat(2000)));
    client.deliver(frame(3, SampleTypes.PROGRESS, "p3"));
    client.deliver(frame(4, SampleTypes.ROWS, "y".repeat(2000)));
    client.deliver(frame(5, SampleTypes.PROGRESS, "p5"));
    client.goLive(List.of(frame(1, SampleTypes.SNAPSHOT, "a")));
    drain();
    assertThat(connection.writes)
        .containsExactly(
            preface()
                + "id: 1-1\nevent: snapshot\ndata: a\n\n"
                + "id: 1-5\nevent: progress\ndata: p5\n\n");
    assertThat(connection.ends).isZero();
  }

  @Test
  @Shows("event.progress.latest-wins")
  void oneDrainerTakesAllThatWaits() {
    live();
    client.deliver(frame(2, SampleTypes.PROGRESS, "p2"));
    client.deliver(frame(3, SampleTypes.PROGRESS, "p3"));
    assertThat(drainers).isEmpty();
    client.wake();
    client.deliver(frame(4, SampleTypes.REJECTED, "r4"));
    client.wake();
    assertThat(drainers).hasSize(1);
    drain();
    assertThat(connection.writes)
        .containsExactly(
            "id: 1-3\nevent: progress\ndata: p3\n\nid: 1-4\nevent: rejected\ndata: r4\n\n");
    assertThat(count("waybill.events.replaced")).isEqualTo(1);
    assertThat(count("waybill.events.sent")).isEqualTo(3);
  }

  @Test
  void aFullWriteDoesNotWaitToBeWoken() {
    live();
    client.deliver(frame(2, SampleTypes.REJECTED, "x".repeat(ClientStream.BATCH_BYTES)));
    assertThat(drainers).hasSize(1);
  }

  @Test
  @Shows("event.id.rising")
  void dropsWhatIsNotNewer() {
    live();
    client.deliver(frame(5, SampleTypes.REJECTED, "five"));
    client.deliver(frame(5, SampleTypes.REJECTED, "again"));
    client.deliver(frame(4, SampleTypes.REJECTED, "four"));
    drain();
    assertThat(connection.writes).containsExactly("id: 1-5\nevent: rejected\ndata: five\n\n");
  }

  @Test
  void dropsAStateBehindTheOneShown() {
    live();
    client.deliver(frame(2, SampleTypes.PROGRESS, 200, "at 200"));
    drain();
    client.deliver(frame(3, SampleTypes.PROGRESS, 100, "at 100"));
    client.deliver(frame(4, SampleTypes.REJECTED, 100, "rejected"));
    client.deliver(frame(5, SampleTypes.PROGRESS, 200, "again at 200"));
    drain();
    assertThat(String.join("", connection.writes))
        .contains("at 200", "rejected", "again at 200")
        .doesNotContain("at 100");
    assertThat(count("waybill.events.dropped")).isEqualTo(1);
  }

  @Test
  @Shows("event.final")
  void theFinalEventEndsTheResponse() {
    live();
    client.deliver(frame(2, SampleTypes.COMPLETE, "done"));
    client.deliver(frame(3, SampleTypes.PROGRESS, "late"));
    drain();
    assertThat(connection.writes).containsExactly("id: 1-2\nevent: complete\ndata: done\n\n");
    assertThat(connection.ends).isEqualTo(1);
    assertThat(forgotten).contains(client);
  }

  @Test
  void aSnapshotThatFillsAGapDoesNotCloseTheClient() {
    live();
    client.deliver(frame(2, SampleTypes.REJECTED, "x"));
    client.deliver(frame(3, SampleTypes.SNAPSHOT, "s".repeat(1_000_000)));
    client.deliver(frame(4, SampleTypes.REJECTED, "y"));
    drain();
    assertThat(count("waybill.slow.clients.closed")).isZero();
    assertThat(String.join("", connection.writes))
        .endsWith("data: y\n\n")
        .hasSizeGreaterThan(1_000_000);
  }

  @Test
  @Shows({"setting.stream.outbox-size", "stream.slow-client"})
  void whatMustNotBeLostAndFindsNoRoomClosesTheClient() {
    live();
    client.deliver(frame(2, SampleTypes.REJECTED, "x".repeat(900)));
    client.deliver(frame(3, SampleTypes.REJECTED, "y".repeat(900)));
    assertThat(count("waybill.slow.clients.closed")).isEqualTo(1);
    assertThat(retired).containsExactly(client);
    assertThat(forgotten).isEmpty();
    client.deliver(frame(4, SampleTypes.REJECTED, "z"));
    drain();
    assertThat(forgotten).containsExactly(client);
    assertThat(connection.writes).isEmpty();
    assertThat(connection.ends).isEqualTo(1);
  }

  @Test
  void whatWasMissedIsNoOverflow() {
    client.connected(connection);
    client.goLive(
        List.of(
            frame(2, SampleTypes.REJECTED, "x".repeat(900)),
            frame(3, SampleTypes.REJECTED, "y".repeat(900))));
    drain();
    assertThat(String.join("", connection.writes)).contains("xx", "yy");
    assertThat(count("waybill.slow.clients.closed")).isZero();
  }

  @Test
  void tooMuchWhileConnectingSendsTheClientAwayWithARetry() {
    client.deliver(frame(2, SampleTypes.REJECTED, "x".repeat(900)));
    client.deliver(frame(3, SampleTypes.REJECTED, "y".repeat(900)));
    client.goLive(List.of());
    client.connected(connection);
    drain();
    assertThat(String.join("", connection.writes))
        .containsPattern("retry: \\d+\n")
        .doesNotContain("xx");
    assertThat(count("waybill.slow.clients.closed")).isZero();
    assertThat(connection.ends).isEqualTo(1);
  }

  @Test
  void aClientThatConnectsForTooLongIsSentAwayWithARetryAndIsNotSlow() {
    now.addAndGet(Duration.ofSeconds(11).toNanos());
    client.closeIfStalled();
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    client.closeIfStalled();
    client.connected(connection);
    client.closeIfStalled();
    drain();
    assertThat(String.join("", connection.writes))
        .startsWith(preface())
        .containsPattern("retry: \\d+\n\n$");
    assertThat(count("waybill.slow.clients.closed")).isZero();
    assertThat(connection.ends).isEqualTo(1);
  }

  @Test
  void aClientThatDoesNotReadAfterALongTimeOfConnectingIsSlow() {
    now.addAndGet(Duration.ofSeconds(9).toNanos());
    client.connected(connection);
    client.goLive(List.of(frame(1, SampleTypes.SNAPSHOT, "a")));
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    client.closeIfStalled();
    assertThat(retired).isEmpty();
    now.addAndGet(1);
    client.closeIfStalled();
    assertThat(retired).containsExactly(client);
  }

  @Test
  void aSampleForThisConnectionAloneThatIsLeftOutIsNoFailure() {
    live();
    StreamEvent sample = new StreamEvent("s", new EventId(1, 2), SampleTypes.ROWS, "x", 0);
    assertThat(client.send(sample)).isTrue();
    assertThat(client.send(sample)).isTrue();
    drain();
    assertThat(connection.writes).containsExactly("event: rows\ndata: x\n\n");
  }

  @Test
  @Shows({"setting.stream.max-stall", "stream.slow-client"})
  void aFrameThatWaitsTooLongClosesTheClient() {
    live();
    client.deliver(frame(2, SampleTypes.REJECTED, "waits"));
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    client.closeIfStalled();
    assertThat(retired).isEmpty();
    now.addAndGet(1);
    client.closeIfStalled();
    client.closeIfStalled();
    assertThat(retired).containsExactly(client);
    assertThat(count("waybill.slow.clients.closed")).isEqualTo(1);
  }

  @Test
  void aWriteThatHangsClosesTheClientAndOnlyTheDrainerEndsIt() {
    live();
    connection.duringWrite =
        () -> {
          now.addAndGet(Duration.ofSeconds(11).toNanos());
          client.closeIfStalled();
          assertThat(retired).containsExactly(client);
          assertThat(forgotten).as("its place is taken as long as the write hangs").isEmpty();
          assertThat(connection.ends).isZero();
        };
    client.deliver(frame(2, SampleTypes.REJECTED, "hangs"));
    drain();
    assertThat(forgotten).containsExactly(client);
    assertThat(connection.ends).isEqualTo(1);
    assertThat(drainers).isEmpty();
  }

  @Test
  void aClientThatHasLeftIsForgottenAndNotTouchedAgain() {
    live();
    connection.failure = new IOException("Broken pipe");
    client.deliver(frame(2, SampleTypes.REJECTED, "x"));
    drain();
    client.deliver(frame(3, SampleTypes.COMPLETE, "x"));
    assertThat(drainers).isEmpty();
    assertThat(connection.ends).isZero();
    assertThat(forgotten).containsExactly(client);
  }

  @Test
  void aContainerThatDropsTheConnectionIsNotCalledBack() {
    live();
    client.deliver(frame(2, SampleTypes.REJECTED, "x"));
    client.gone();
    drain();
    assertThat(connection.writes).isEmpty();
    assertThat(connection.ends).isZero();
  }

  @Test
  @Shows("stream.heartbeat")
  void heartbeatsComeOncePerInterval() {
    live();
    now.set(BEAT.toNanos() - 1);
    client.heartbeat(EncodedFrame.heartbeat(now.get()), BEAT);
    assertThat(drainers).isEmpty();
    now.set(BEAT.toNanos() + 5);
    client.heartbeat(EncodedFrame.heartbeat(now.get()), BEAT);
    client.heartbeat(EncodedFrame.heartbeat(now.get()), BEAT);
    drain();
    now.set(2 * BEAT.toNanos());
    client.heartbeat(EncodedFrame.heartbeat(now.get()), BEAT);
    drain();
    assertThat(connection.writes).containsExactly(": heartbeat\n\n", ": heartbeat\n\n");
  }

  @Test
  void sentAwayItStillGetsWhatWaits() {
    live();
    client.deliver(frame(2, SampleTypes.REJECTED, "x"));
    client.endWith(EncodedFrame.goodbye(4711, 0), EndReason.SHUTDOWN);
    client.deliver(frame(3, SampleTypes.REJECTED, "y"));
    drain();
    assertThat(connection.writes)
        .containsExactly("id: 1-2\nevent: rejected\ndata: x\n\nretry: 4711\n\n");
    assertThat(connection.ends).isEqualTo(1);
  }

  private void live() {
    client.connected(connection);
    client.goLive(List.of(frame(1, SampleTypes.SNAPSHOT, "a")));
    drain();
    connection.writes.clear();
  }

  private void drain() {
    client.wake();
    while (!drainers.isEmpty()) {
      drainers.remove().run();
    }
  }

  private double count(String name) {
    return meters.get(name).counter().count();
  }

  private EncodedFrame frame(long sequence, EventType type, String data) {
    return frame(sequence, type, 0, data);
  }

  private EncodedFrame frame(long sequence, EventType type, long position, String data) {
    EventId id = new EventId(1, sequence);
    return EncodedFrame.of(new StreamEvent("s", id, type, data, position), now.get());
  }

  private static final class RecordingConnection implements Connection {

    final List<String> writes = new ArrayList<>();
    int ends;
    Runnable duringWrite = () -> {};
    IOException failure;

    @Override
    public void write(byte[] bytes) throws IOException {
      if (failure != null) {
        throw failure;
      }
      duringWrite.run();
      writes.add(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void end(Ending ending) {
      ends++;
    }
  }

  private String preface() {
    return "retry: 3000\n: waybill " + client.id() + "\n\n";
  }
}
