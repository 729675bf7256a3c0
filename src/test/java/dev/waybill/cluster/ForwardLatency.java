package dev.waybill.cluster;

import dev.waybill.event.SampleTypes;
import dev.waybill.stream.FakeJobs;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures in one run how long an event takes to a watcher on the publishing pod, and to a watcher
 * on another pod. {@code bench/forward} starts it. Prints Markdown.
 */
final class ForwardLatency {

  private static final int SECONDS = 20;
  private static final int[] RATES = {100, 1000};

  private ForwardLatency() {}

  public static void main(String[] arguments) throws Exception {
    FakeJobs jobs = new FakeJobs();
    try (TestRedis redis = new TestRedis();
        TestPod here = new TestPod(redis.port, jobs, "--waybill.stream.heartbeat=15s");
        TestPod there = new TestPod(redis.port, jobs, "--waybill.stream.heartbeat=15s")) {
      run(jobs, here, there, "warm-up", 1000);
      System.out.println("| events/s | watcher | p50 ms | p99 ms | ratio of p99 |");
      System.out.println("|---|---|---|---|---|");
      for (int rate : RATES) {
        long[][] nanos = run(jobs, here, there, "job-" + rate, rate);
        double local = millis(nanos[0], 0.99);
        print(rate, "same pod", nanos[0], local);
        print(rate, "other pod", nanos[1], local);
      }
    }
  }

  private static void print(int rate, String watcher, long[] nanos, double localP99) {
    double p99 = millis(nanos, 0.99);
    System.out.printf(
        "| %d | %s | %.2f | %.2f | %.2f |%n",
        rate, watcher, millis(nanos, 0.5), p99, p99 / localP99);
  }

  private static long[][] run(FakeJobs jobs, TestPod here, TestPod there, String job, int rate)
      throws Exception {
    int events = rate * SECONDS;
    jobs.running(job, 1, 0);
    here.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}", 0);
    try (Watcher local = here.watch(job);
        Watcher remote = there.watch(job)) {
      CompletableFuture<long[]> localNanos = reading(local, events);
      CompletableFuture<long[]> remoteNanos = reading(remote, events);
      long start = System.nanoTime();
      for (int i = 0; i < events; i++) {
        LockSupport.parkNanos(start + i * 1_000_000_000L / rate - System.nanoTime());
        // Events of this type are never left out for a slow client.
        here.publish(job, "1-" + (i + 2), SampleTypes.REJECTED, "" + System.nanoTime(), 0);
      }
      return new long[][] {
        localNanos.get(30, TimeUnit.SECONDS), remoteNanos.get(30, TimeUnit.SECONDS)
      };
    }
  }

  /** Starts a thread that records the age of each event when it arrives. */
  private static CompletableFuture<long[]> reading(Watcher watcher, int events) throws IOException {
    watcher.next();
    CompletableFuture<long[]> ages = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                long[] nanos = new long[events];
                for (int i = 0; i < events; i++) {
                  String event = watcher.next();
                  nanos[i] =
                      System.nanoTime()
                          - Long.parseLong(event.substring(event.lastIndexOf(' ') + 1));
                }
                ages.complete(nanos);
              } catch (IOException | RuntimeException | AssertionError e) {
                ages.completeExceptionally(e);
              }
            });
    return ages;
  }

  private static double millis(long[] nanos, double quantile) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * quantile))] / 1e6;
  }
}
