package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.access.LimitAtOnce;
import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.EventLog;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKind;
import dev.waybill.event.StreamKinds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** One publisher, some of whose events get lost, and watchers that connect, leave and resume. */
class ConcurrentWatchersTest {

  private static final String JOB = "j";
  private static final int EVENTS = 3000;
  private static final int WATCHERS = 16;
  private static final Pattern FRAME =
      Pattern.compile("id: 1-(\\d+)\nevent: (\\w+)\ndata: (.*)\n\n");

  private final Ticker ticker = System::nanoTime;
  private final FakeJobs jobs = new FakeJobs();
  private final StreamKinds kinds = new StreamKinds(provider(StreamKind.class, jobs));
  private final MemoryEventLog log =
      new MemoryEventLog(new EventsProperties(64, Duration.ofMinutes(10)), ticker, 1 << 20);
  private final StreamMetrics metrics = new StreamMetrics(new SimpleMeterRegistry());
  private final EmitterRegistry registry =
      new EmitterRegistry(
          new StreamLimits(1000, 1000, 1000, 64 << 20),
          LimitAtOnce.NONE,
          new FillGap(provider(EventLog.class, log), kinds, ticker),
          ticker,
          new VirtualDrainers(),
          metrics);
  private final OpenStream openStream =
      new OpenStream(log, kinds, registry, TestSurroundings.ampleBudget());

  /** An event as one watcher got it, over all of its connections. */
  private record Seen(long sequence, String type) {}

  @RepeatedTest(5)
  @Shows({"event.id.rising", "event.nothing-missed"})
  void idsIncreaseNothingIsMissedAndTheEndComesOnce(RepetitionInfo repetition) throws Exception {
    long seed = 20260101L + repetition.getCurrentRepetition();
    jobs.running(JOB, 1, 0);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<List<Seen>>> watchers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < WATCHERS; i++) {
        Random random = new Random(seed * 100 + i);
        Callable<List<Seen>> watcher =
            () -> {
              start.await();
              return watchUntilTheEnd(random);
            };
        watchers.add(threads.submit(watcher));
      }
      Future<?> publisher =
          threads.submit(
              () -> {
                start.await();
                publishAll(new Random(seed));
                return null;
              });
      start.countDown();
      publisher.get(30, TimeUnit.SECONDS);
      for (Future<List<Seen>> watcher : watchers) {
        check(watcher.get(30, TimeUnit.SECONDS), "seed " + seed);
      }
    }
    assertThat(registry.watched()).isEmpty();
  }

  private void publishAll(Random random) {
    for (int sequence = 1; sequence < EVENTS; sequence++) {
      EventType type = typeOf(sequence);
      jobs.running(JOB, 1, sequence);
      StreamEvent event = new StreamEvent(JOB, new EventId(1, sequence), type, "{}", sequence);
      assertThat(log.append(event)).isTrue();
      // One of fifty events is not delivered here. The next event reveals the gap.
      if (random.nextInt(50) != 0) {
        registry.deliver(event);
      }
      if (random.nextInt(20) == 0) {
        LockSupport.parkNanos(random.nextInt(1_000_000));
      }
    }
    StreamEvent end = jobs.finished(JOB, new EventId(1, EVENTS), EVENTS);
    log.append(end);
    registry.deliver(end);
    registry.deliver(end);
  }

  private static EventType typeOf(long sequence) {
    if (sequence == 1) {
      return SampleTypes.SNAPSHOT;
    }
    return switch ((int) (sequence % 4)) {
      case 0 -> SampleTypes.PROGRESS;
      case 1 -> SampleTypes.ROWS;
      default -> SampleTypes.REJECTED;
    };
  }

  private List<Seen> watchUntilTheEnd(Random random) throws Exception {
    List<Seen> seen = new ArrayList<>();
    while (seen.isEmpty() || !seen.getLast().type().equals("complete")) {
      Optional<EventId> cursor =
          seen.isEmpty()
              ? Optional.empty()
              : Optional.of(new EventId(1, seen.getLast().sequence()));
      BreakingConnection connection = new BreakingConnection(random.nextInt(1, 80));
      ClientStream client =
          new ClientStream(
              JOB,
              "address:127.0.0.1",
              Transport.EMITTER,
              TestSurroundings.of(registry, ticker, metrics, 1 << 20));
      assertThat(registry.register(client)).isTrue();
      if (!(openStream.open(JOB, cursor)
          instanceof Opening.Events(List<StreamEvent> missed, long position))) {
        throw new AssertionError("the end has not been seen yet: " + cursor);
      }
      client.connected(connection);
      client.openAt(JOB, position);
      if (missed.isEmpty()) {
        client.startAfter(JOB, cursor.orElseThrow());
        client.goLive(List.of());
      } else {
        client.goLive(
            missed.stream().map(event -> EncodedFrame.of(event, ticker.nanos())).toList());
      }
      assertThat(connection.over.await(30, TimeUnit.SECONDS)).isTrue();
      seen.addAll(connection.seen());
      client.gone();
    }
    return seen;
  }

  /** A rejected event may be missing only if a snapshot follows in its place. */
  private static void check(List<Seen> seen, String description) {
    assertThat(seen.stream().filter(event -> event.type().equals("complete")))
        .as(description)
        .hasSize(1);
    long before = 0;
    for (Seen event : seen) {
      assertThat(event.sequence()).as(description).isGreaterThan(before);
      if (!event.type().equals("snapshot")) {
        assertThat(LongStream.range(before + 1, event.sequence()))
            .as("%s: between %d and %s", description, before, event)
            .noneMatch(missing -> typeOf(missing) == SampleTypes.REJECTED);
      }
      before = event.sequence();
    }
  }

  private static <T> ObjectProvider<T> provider(Class<T> type, T bean) {
    StaticListableBeanFactory beans = new StaticListableBeanFactory();
    beans.addBean("bean", bean);
    return beans.getBeanProvider(type);
  }

  /**
   * Breaks after a number of writes. The client has received everything that was written before.
   */
  private static final class BreakingConnection implements Connection {

    final CountDownLatch over = new CountDownLatch(1);
    private final StringBuffer text = new StringBuffer();
    private int writesLeft;

    BreakingConnection(int writes) {
      writesLeft = writes;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      if (writesLeft-- == 0) {
        over.countDown();
        throw new IOException("Broken pipe");
      }
      text.append(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void end(Ending ending) {
      over.countDown();
    }

    List<Seen> seen() {
      List<Seen> seen = new ArrayList<>();
      for (Matcher frame = FRAME.matcher(text); frame.find(); ) {
        seen.add(new Seen(Long.parseLong(frame.group(1)), frame.group(2)));
      }
      return seen;
    }
  }
}
