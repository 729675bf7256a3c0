package dev.waybill.harden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * All kinds of watchers on all kinds of jobs, while the service is frozen and its database locked
 * for short times. Runs for some seconds, or for hours by {@code scripts/stress-streams}. {@code
 * -Dwaybill.seed} determines what the watchers do; the machine determines when.
 */
class StreamStressIT {

  private static final long SEED = Long.getLong("waybill.seed", 20_261_121);
  private static final Duration LENGTH =
      Duration.ofSeconds(Long.getLong("waybill.stress.seconds", 10));

  /** Often enough that a third of the measurements is meaningful. */
  private static final Duration REPORT_INTERVAL =
      Duration.ofSeconds(Math.min(30, LENGTH.toSeconds() / 10));

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int WATCHERS = 40;
  private static final int JOBS_AT_ONCE = 3;

  /** How much more than at the start is allowed at the end, without watchers at both times. */
  private static final Footprint MORE_IN_ALL = new Footprint(24 << 20, 24, 24, 0);

  /** How much more than in the first third is allowed in the last third, with all watchers. */
  private static final Footprint MORE_LATE = new Footprint(16 << 20, 12, 40, 64 << 10);

  private static final long LOG_BYTES_A_CONNECTION = 100;

  /** Both, or the one that {@code -Dwaybill.stress.transport} names. */
  static List<String> transports() {
    String one = System.getProperty("waybill.stress.transport", "");
    return one.isEmpty() ? List.of("emitter", "socket") : List.of(one);
  }

  @TempDir private Path folder;
  private final List<KnownJob> jobs = new CopyOnWriteArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final StressWatcher.Tally tally = new StressWatcher.Tally();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Footprint> taken = new ArrayList<>();
  private final long start = System.nanoTime();

  @ParameterizedTest
  @MethodSource("transports")
  void everyConnectionGetsWhatTheContractPromises(String transport) throws Exception {
    System.out.printf("StreamStressIT: %s, -Dwaybill.seed=%d%n", transport, SEED);
    try (ServiceUnderStress service =
        ServiceUnderStress.start(
            folder.resolve("data"),
            ServiceUnderStress.NOTHING,
            List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
            "--waybill.stream.transport=" + transport,
            "--waybill.import.chunk-rows=5",
            // Misbehaving clients also upload.
            "--waybill.upload.max-queued-jobs=100000",
            "--waybill.events.log-size=64",
            // Shorter than a third of the shortest run, so that the log is full early.
            "--waybill.events.retention=2s",
            "--waybill.stream.heartbeat=1s")) {
      upload(service, new Random(SEED));
      service.awaitEnd(jobs.getFirst().id(), PATIENCE);
      Footprint before = Footprint.of(service);
      ConstantFaults faults = new ConstantFaults(service, folder.resolve("data"), new Random(SEED));

      List<Thread> workers = new ArrayList<>();
      workers.add(Thread.ofVirtual().start(() -> keepUploading(service)));
      workers.add(Thread.ofVirtual().start(() -> keepFailing(faults)));
      for (int i = 1; i <= WATCHERS; i++) {
        Random random = new Random(SEED * 1_000 + i);
        workers.add(Thread.ofVirtual().start(() -> keepWatching(service, random)));
      }
      runAndReport(service);
      over.set(true);
      for (Thread worker : workers) {
        assertThat(worker.join(PATIENCE)).as("every watcher comes to an end").isTrue();
      }

      report(service);
      System.out.println("StreamStressIT: " + faults);
      assertThat(failures).as("with -Dwaybill.seed=" + SEED).isEmpty();
      assertThat(tally.ends().sum()).isPositive();
      assertThat(tally.resumed().sum()).isPositive();
      service.awaitReadiness(200);
      Footprint.assertFlat(taken, MORE_LATE);
      Awaitility.await("resources are released")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> Footprint.of(service).assertAtMost(before, MORE_IN_ALL));
      assertThat(service.logBytes() - before.logBytes())
          .isLessThan(LOG_BYTES_A_CONNECTION * tally.connections().sum());
    }
  }

  private void runAndReport(ServiceUnderStress service) throws Exception {
    long end = System.nanoTime() + LENGTH.toNanos();
    while (System.nanoTime() - end < 0 && failures.isEmpty()) {
      taken.add(report(service));
      long left = Math.min(end - System.nanoTime(), REPORT_INTERVAL.toNanos());
      LockSupport.parkNanos(Math.max(0, left));
    }
  }

  private Footprint report(ServiceUnderStress service) throws IOException, InterruptedException {
    Footprint now = Footprint.of(service);
    System.out.printf(
        "StreamStressIT: %4d s: %s; %d jobs, %d connections (%d resumed), %d events, %d ends"
            + " seen%n",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
        now,
        jobs.size(),
        tally.connections().sum(),
        tally.resumed().sum(),
        tally.events().sum(),
        tally.ends().sum());
    return now;
  }

  private void keepFailing(ConstantFaults faults) {
    try {
      faults.run(over::get);
    } catch (Exception e) {
      failures.add(e);
    }
  }

  private void keepUploading(ServiceUnderStress service) {
    Random random = new Random(SEED);
    List<KnownJob> running = new ArrayList<>(jobs);
    try {
      while (!over.get() || !running.isEmpty()) {
        for (KnownJob job : List.copyOf(running)) {
          JsonNode now = JsonMapper.shared().readTree(service.get("/api/jobs/" + job.id()).body());
          if (!now.get("finishedAt").isNull()) {
            running.remove(job);
          } else if (random.nextInt(100) == 0) {
            service.delete("/api/jobs/" + job.id());
          }
        }
        if (!over.get() && running.size() < JOBS_AT_ONCE) {
          upload(service, random);
          running.add(jobs.getLast());
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    } catch (Exception | AssertionError e) {
      failures.add(e);
    }
  }

  private void upload(ServiceUnderStress service, Random random) throws Exception {
    KnownJob.Upload upload = KnownJob.Upload.random(random);
    jobs.add(upload.as(service.upload(upload.csv())));
  }

  /** Watches mostly the newest jobs, because they still run. */
  private void keepWatching(ServiceUnderStress service, Random random) {
    StressWatcher watcher = new StressWatcher(service.port(), random, tally);
    try {
      while (!over.get() && failures.isEmpty()) {
        int size = jobs.size();
        int back = random.nextInt(random.nextInt(4) == 0 ? 20 : JOBS_AT_ONCE);
        watcher.watch(jobs.get(Math.max(0, size - 1 - back)));
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      failures.add(e);
    }
  }
}
