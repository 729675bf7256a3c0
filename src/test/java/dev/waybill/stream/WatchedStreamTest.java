package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.event.EventId;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchedStreamTest {

  private final AtomicLong now = new AtomicLong();
  private final ManualDrainers drainers = new ManualDrainers();
  private long nanosPerWrite;
  private final WatchedStream stream = new WatchedStream("s", now::get, drainers);

  @Test
  void holdsWhatFollowsAGapUntilItIsFilled() {
    assertThat(stream.deliver(rejected(1))).isFalse();
    assertThat(stream.deliver(rejected(4))).isTrue();
    assertThat(stream.deliver(rejected(5))).isFalse();
    assertThat(stream.last()).contains(new EventId(1, 1));
    assertThat(stream.newest()).contains(new EventId(1, 5));
    assertThat(stream.fill(0, List.of(rejected(2)))).isFalse();
    assertThat(stream.last()).contains(new EventId(1, 2));
    assertThat(stream.fill(0, List.of(rejected(3)))).isTrue();
    assertThat(stream.last()).contains(new EventId(1, 5));
  }

  @Test
  void aSnapshotStandsInForWhatIsHeldUpToItsId() {
    stream.deliver(rejected(1));
    stream.deliver(rejected(3));
    stream.deliver(rejected(5));
    stream.deliver(rejected(6));
    StreamEvent snapshot = new StreamEvent("s", new EventId(1, 5), SampleTypes.SNAPSHOT, "{}", 0);
    assertThat(stream.replace(0, List.of(snapshot))).isTrue();
    assertThat(stream.last()).contains(new EventId(1, 6));
    assertThat(stream.deliver(rejected(7))).isFalse();
    assertThat(stream.last()).contains(new EventId(1, 7));
  }

  @Test
  void theNextAttemptBeginsWithItsSnapshotAndLeavesNoGap() {
    stream.startAt(new EventId(1, 9));
    StreamEvent snapshot = new StreamEvent("s", new EventId(2, 1), SampleTypes.SNAPSHOT, "{}", 0);
    assertThat(stream.deliver(snapshot)).isFalse();
    assertThat(stream.last()).contains(new EventId(2, 1));
  }

  @Test
  void withoutItsSnapshotTheNextAttemptLeavesAGap() {
    stream.startAt(new EventId(1, 9));
    StreamEvent second = new StreamEvent("s", new EventId(2, 2), SampleTypes.REJECTED, "{}", 0);
    assertThat(stream.deliver(second)).isTrue();
  }

  @Test
  void startsWhereTheFirstSaysAndNotLater() {
    stream.startAt(new EventId(1, 4));
    stream.startAt(new EventId(1, 9));
    assertThat(stream.last()).contains(new EventId(1, 4));
    assertThat(stream.deliver(rejected(3))).isFalse();
    assertThat(stream.last()).isEqualTo(Optional.of(new EventId(1, 4)));
  }

  @Test
  void whatWasReadBeforeARestartDoesNotFillTheStreamAfterIt() {
    stream.startAt(new EventId(1, 5));
    int before = stream.restarts();
    stream.restart();
    assertThat(stream.fill(before, List.of(rejected(6)))).isTrue();
    assertThat(stream.last()).isEmpty();
    assertThat(stream.deliver(rejected(2))).isFalse();
    assertThat(stream.last()).contains(new EventId(1, 2));
  }

  @Test
  void aSuspectedGapIsFilledOnce() {
    stream.deliver(rejected(1));
    assertThat(stream.suspectGap()).isTrue();
    assertThat(stream.suspectGap()).isFalse();
    stream.deliver(rejected(2));
    assertThat(stream.last()).contains(new EventId(1, 1));
    assertThat(stream.fill(0, List.of())).isTrue();
    assertThat(stream.last()).contains(new EventId(1, 2));
  }

  @Test
  void aStreamThatGotNoEventMayHaveMissedEverything() {
    assertThat(stream.suspectGap()).isTrue();
    assertThat(stream.deliver(rejected(7))).isFalse();
    assertThat(stream.last()).isEmpty();
    assertThat(stream.fill(0, List.of())).isTrue();
    assertThat(stream.last()).contains(new EventId(1, 7));
  }

  @Test
  void whileTheWritesOfARoundRunEventsAreGatheredForTheNext() {
    List<Writes> clients = watch(100);
    drainers.later = true;
    stream.deliver(rejected(1));
    drainers.runDrainers(99);
    now.addAndGet(1_000_000);
    stream.deliver(rejected(2));
    stream.deliver(rejected(3));
    assertThat(drainers.waits).containsExactly(WatchedStream.MAX_GATHER_NANOS - 1_000_000);
    now.addAndGet(1_000_000);
    drainers.runDrainers(1);
    assertThat(drainers.waits)
        .containsExactly(WatchedStream.MAX_GATHER_NANOS - 1_000_000, 1_000_000L);
    now.addAndGet(1_000_000);
    drainers.runLastRound();
    drainers.runDrainers(99);
    assertThat(clients).allSatisfy(client -> assertThat(client.all).hasSizeBetween(1, 2));
    assertThat(clients).allSatisfy(client -> assertThat(client.total()).isEqualTo(3));
  }

  @Test
  void whatComesAfterTheWritesHaveEndedLeavesAtOnce() {
    List<Writes> clients = watch(100);
    nanosPerWrite = 10_000;
    for (int sequence = 1; sequence <= 3; sequence++) {
      stream.deliver(rejected(sequence));
      now.addAndGet(500_000);
    }
    assertThat(drainers.waits).isEmpty();
    assertThat(clients).allSatisfy(client -> assertThat(client.events()).containsExactly(1, 1, 1));
  }

  @Test
  void afterItsWritesARoundLeavesTheMachineHalfAsLongToOthers() {
    List<Writes> clients = watch(100);
    nanosPerWrite = 10_000;
    stream.deliver(rejected(1));
    stream.deliver(rejected(2));
    stream.deliver(rejected(3));
    assertThat(drainers.waits).containsExactly(500_000L);
    now.addAndGet(500_000);
    drainers.runRounds();
    assertThat(clients).allSatisfy(client -> assertThat(client.events()).containsExactly(1, 2));
  }

  @Test
  void aClientThatDoesNotReadDelaysOneRoundOnly() {
    List<Writes> clients = watch(10);
    drainers.later = true;
    stream.deliver(rejected(1));
    drainers.runDrainers(9);
    stream.deliver(rejected(2));
    assertThat(drainers.waits).containsExactly(WatchedStream.MAX_GATHER_NANOS);
    now.addAndGet(WatchedStream.MAX_GATHER_NANOS);
    drainers.runRounds();
    Runnable blocked = drainers.removeOldest();
    drainers.runDrainers(9);
    for (int sequence = 3; sequence <= 5; sequence++) {
      stream.deliver(rejected(sequence));
      drainers.runDrainers(9);
    }
    assertThat(drainers.waits).isEmpty();
    blocked.run();
    assertThat(drainers.waits).isEmpty();
    assertThat(clients).allSatisfy(client -> assertThat(client.total()).isEqualTo(5));
  }

  @Test
  void ofProgressAThousandClientsGetLessButSoonerWhereSomethingElseLeaves() {
    List<Writes> clients = watch(1000);
    nanosPerWrite = 1_000;
    long writes = 1000 * nanosPerWrite;
    long forProgress = 1000 * WatchedStream.PROGRESS_NANOS_PER_CLIENT;
    stream.deliver(progress(1));
    stream.deliver(progress(2));
    stream.deliver(progress(3));
    assertThat(drainers.waits).containsExactly(forProgress - writes);
    now.addAndGet(forProgress - writes);
    drainers.runRounds();
    assertThat(clients.getFirst().all.getLast()).startsWith("id: 1-3\n");
    assertThat(clients).allSatisfy(client -> assertThat(client.events()).containsExactly(1, 1));
    stream.deliver(progress(4));
    stream.deliver(rejected(5));
    assertThat(drainers.waits).containsExactly(forProgress - writes, writes / 2);
    now.addAndGet(writes / 2);
    drainers.runLastRound();
    assertThat(clients).allSatisfy(client -> assertThat(client.events()).containsExactly(1, 1, 2));
    stream.deliver(progress(6));
    drainers.runFirstRound();
    assertThat(clients).allSatisfy(client -> assertThat(client.events()).hasSize(3));
    drainers.runRounds();
    assertThat(clients).allSatisfy(client -> assertThat(client.events()).hasSize(4));
  }

  @Test
  void progressDoesNotLeaveSoonerBecauseTheWritesOfARoundHaveEnded() {
    watch(1000);
    drainers.later = true;
    stream.deliver(progress(1));
    stream.deliver(progress(2));
    drainers.runDrainers(1000);
    assertThat(drainers.waits).containsExactly(1000 * WatchedStream.PROGRESS_NANOS_PER_CLIENT);
  }

  @Test
  void howeverLongTheWritesTakeNobodyWaitsLongForTheNextRound() {
    watch(5000);
    nanosPerWrite = 1_000_000;
    stream.deliver(rejected(1));
    nanosPerWrite = 0;
    now.set(1);
    stream.deliver(progress(2));
    stream.deliver(rejected(3));
    assertThat(drainers.waits)
        .containsExactly(WatchedStream.MAX_PROGRESS_NANOS - 1, WatchedStream.MAX_GATHER_NANOS - 1);
  }

  private List<Writes> watch(int count) {
    List<Writes> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ClientStream client =
          new ClientStream(
              "s",
              "address:127.0.0.1",
              Transport.EMITTER,
              new Surroundings(
                  TestSurroundings.limits(1000),
                  now::get,
                  InstantSource.system(),
                  drainers,
                  new StreamMetrics(new SimpleMeterRegistry()),
                  retired -> {},
                  forgotten -> {}));
      Writes writes = new Writes();
      client.connected(writes);
      client.goLive(List.of());
      writes.all.clear();
      stream.clients().add(client);
      all.add(writes);
    }
    return all;
  }

  /** Drains immediately or when the test says so, and runs rounds when the test says so. */
  private static final class ManualDrainers implements Drainers {

    boolean later;
    final List<Long> waits = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final List<Runnable> rounds = new ArrayList<>();

    @Override
    public void start(Runnable drainer) {
      if (later) {
        waiting.add(drainer);
      } else {
        drainer.run();
      }
    }

    void runDrainers(int count) {
      for (int i = 0; i < count; i++) {
        removeOldest().run();
      }
    }

    Runnable removeOldest() {
      return waiting.removeFirst();
    }

    @Override
    public void startIn(long nanos, Runnable round) {
      waits.add(nanos);
      rounds.add(round);
    }

    void runRounds() {
      while (!rounds.isEmpty()) {
        runFirstRound();
      }
    }

    void runFirstRound() {
      waits.removeFirst();
      rounds.removeFirst().run();
    }

    void runLastRound() {
      waits.removeLast();
      rounds.removeLast().run();
    }
  }

  private final class Writes implements Connection {

    final List<String> all = new ArrayList<>();

    @Override
    public void write(byte[] bytes) {
      all.add(new String(bytes, StandardCharsets.UTF_8));
      now.addAndGet(nanosPerWrite);
    }

    @Override
    public void end(Ending ending) {}

    /** How many events each write contained. */
    List<Integer> events() {
      return all.stream().map(write -> write.split("event: ", -1).length - 1).toList();
    }

    int total() {
      return events().stream().mapToInt(Integer::intValue).sum();
    }
  }

  private static StreamEvent progress(long sequence) {
    return new StreamEvent("s", new EventId(1, sequence), SampleTypes.PROGRESS, "{}", sequence);
  }

  private static StreamEvent rejected(long sequence) {
    return new StreamEvent("s", new EventId(1, sequence), SampleTypes.REJECTED, "{}", 0);
  }
}
