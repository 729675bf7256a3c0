import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Runs watchers of one stream, publishers to the same stream, and imports, all at the same time.
 * Prints a table in Markdown.
 *
 * <p>{@code MixedLoad HOST PORT WATCHERS PUBLISHERS EVENTS_PER_SECOND IMPORTS CSV SECONDS}
 */
final class MixedLoad {

  private static final String STREAM = "/api/streams/bench-load/events";

  private final URI service;
  private final InetSocketAddress address;
  private final int seconds;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicLong number = new AtomicLong();
  private final LongAdder refused = new LongAdder();
  private final AtomicInteger published = new AtomicInteger();
  private final LongAdder publishNanos = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final AtomicInteger imports = new AtomicInteger();

  private MixedLoad(String host, int port, int seconds) {
    service = URI.create("http://" + host + ":" + port);
    address = new InetSocketAddress(host, port);
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws Exception {
    new MixedLoad(arguments[0], Integer.parseInt(arguments[1]), Integer.parseInt(arguments[7]))
        .run(
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            Double.parseDouble(arguments[4]),
            Integer.parseInt(arguments[5]),
            Path.of(arguments[6]));
  }

  private void run(int watcherCount, int publishers, double perSecond, int importers, Path csv)
      throws Exception {
    Tally tally = new Tally(0);
    try (Watchers watchers = new Watchers(address, STREAM, tally);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      watchers.connect(watcherCount);
      long start = System.nanoTime();
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < publishers; i++) {
        tasks.add(threads.submit(() -> publish(perSecond / publishers)));
      }
      for (int i = 0; i < importers; i++) {
        tasks.add(threads.submit(() -> importAgain(csv)));
      }
      long end = start + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() < end || !tasks.stream().allMatch(Future::isDone)) {
        watchers.turn(50);
        if (System.nanoTime() >= end) {
          stopping.set(true);
        }
      }
      double took = (System.nanoTime() - start) / 1e9;
      // Waits for the last published events, which are still on their way.
      for (long last = System.nanoTime() + 2_000_000_000L; System.nanoTime() < last; ) {
        watchers.turn(50);
      }
      for (Future<?> task : tasks) {
        task.get();
      }
      print(watcherCount, publishers, importers, took, tally, watchers.broken());
    }
  }

  private Void publish(double perSecond) throws IOException, InterruptedException {
    for (long n = 0, begin = System.nanoTime(); !stopping.get(); n++) {
      long wait = begin + (long) (n * 1e9 / perSecond) - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
      long before = System.nanoTime();
      HttpRequest request =
          HttpRequest.newBuilder(service.resolve(STREAM))
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(30))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"data\":{\"at\":\"%s\",\"sku\":\"MUG-0001\",\"price\":12.9}}"
                          .formatted(stamp(before))))
              .build();
      HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
      if (answer.statusCode() == 200) {
        published.incrementAndGet();
        publishNanos.add(System.nanoTime() - before);
      } else {
        refused.increment();
      }
    }
    return null;
  }

  private String stamp(long now) {
    return String.format(
        Locale.ROOT,
        "%c%08d%019d",
        (char) SteadyEvents.MARK,
        number.getAndIncrement() % 100_000_000,
        now);
  }

  private Void importAgain(Path csv) throws IOException {
    while (!stopping.get()) {
      rows.add(new Upload(service).run(csv).rows());
      imports.incrementAndGet();
    }
    return null;
  }

  private void print(
      int watchers, int publishers, int importers, double took, Tally tally, int broken) {
    System.out.println(
        "| watchers | publishers | imports at once | seconds | events published/s | answered after"
            + " (mean), ms | events delivered/s | of those due | p50, ms | p99, ms | imports |"
            + " rows/s | refused | streams lost |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    long due = (long) published.get() * watchers;
    System.out.printf(
        Locale.ROOT,
        "| %d | %d | %d | %.1f | %.0f | %.1f | %.0f | %.2f %% | %.1f | %.1f | %d | %.0f | %d | %d"
            + " |%n",
        watchers,
        publishers,
        importers,
        took,
        published.get() / took,
        publishNanos.sum() / 1e6 / Math.max(1, published.get()),
        tally.arrived() / took,
        due == 0 ? 0 : 100.0 * tally.arrived() / due,
        tally.latencyMillis(0.5),
        tally.latencyMillis(0.99),
        imports.get(),
        rows.sum() / took,
        refused.sum(),
        broken);
  }
}
