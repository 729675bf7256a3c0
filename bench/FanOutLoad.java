import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Watches one stream with many clients while the server publishes to it, and measures the CPU time
 * and the memory of the server.
 *
 * <pre>
 * events PORT PATH nchan|self PIDS WATCHERS PER_SECOND WARM_SECONDS SECONDS
 *   prints: events/s that arrived, share of events that arrived, CPU µs per event, p50 ms, p99 ms,
 *   CPU of the server and of this process in % of one core, load average
 * idle PORT PATH sse|websocket PIDS WATCHERS SECONDS
 *   prints: KB per watcher of RSS, RSS before and after in MB, KB per watcher of the live heap (NaN
 *   if a server has no heap of Java)
 * </pre>
 *
 * PIDS are process IDs, separated by commas. In the mode {@code self}, the server itself publishes
 * the events on request.
 */
final class FanOutLoad {

  /** Clock ticks per second in /proc. USER_HZ is 100 on every Linux on which Java runs. */
  private static final double TICKS_PER_SECOND = 100;

  /** The size of the heap's objects. The size of the metaspace comes later in the output. */
  private static final Pattern HEAP_USED = Pattern.compile("\\bused (\\d+)K");

  private final int port;
  private final String path;
  private final List<Path> processes = new ArrayList<>();

  private FanOutLoad(int port, String path, String pids) {
    this.port = port;
    this.path = path;
    for (String pid : pids.split(",")) {
      processes.add(Path.of("/proc", pid));
    }
  }

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[1]);
    if (arguments[0].equals("events")) {
      new FanOutLoad(port, arguments[2], arguments[4])
          .events(
              arguments[3].equals("nchan"),
              Integer.parseInt(arguments[5]),
              Double.parseDouble(arguments[6]),
              Integer.parseInt(arguments[7]),
              Integer.parseInt(arguments[8]));
    } else {
      new FanOutLoad(port, arguments[2], arguments[4])
          .idle(
              arguments[3].equals("websocket"),
              Integer.parseInt(arguments[5]),
              Integer.parseInt(arguments[6]));
    }
  }

  private void events(boolean nchan, int count, double perSecond, int warm, int seconds)
      throws IOException {
    long published = (long) (perSecond * (warm + seconds));
    long measuredFrom = (long) (perSecond * warm);
    Tally tally = new Tally(measuredFrom);
    try (Watchers watchers = new Watchers(address(), path, tally)) {
      watchers.connect(count);
      if (nchan) {
        Thread.ofPlatform().daemon().start(() -> postEach(perSecond, published));
      } else {
        signalToPublish(perSecond, published);
      }
      turnUntil(watchers, tally, System.nanoTime() + warm * 1_000_000_000L, Long.MAX_VALUE);

      long begin = System.nanoTime();
      double cpu = cpuSeconds(processes);
      double own = cpuSeconds(List.of(Path.of("/proc/self")));
      long arrived = tally.arrived();
      turnUntil(watchers, tally, begin + seconds * 1_000_000_000L, Long.MAX_VALUE);
      double elapsed = (System.nanoTime() - begin) / 1e9;
      cpu = cpuSeconds(processes) - cpu;
      own = cpuSeconds(List.of(Path.of("/proc/self"))) - own;
      arrived = tally.arrived() - arrived;

      // Waits a limited time for events that are still on their way. If the server has fallen
      // behind, this time is not enough to deliver all its events.
      long all = published * count;
      turnUntil(watchers, tally, System.nanoTime() + 2_000_000_000L, all);
      System.out.printf(
          Locale.ROOT,
          "%.0f %.5f %.2f %.2f %.2f %.0f %.0f %s%n",
          arrived / elapsed,
          (double) (tally.arrived() - tally.outOfOrder()) / all,
          cpu * 1e6 / arrived,
          tally.latencyMillis(0.5),
          tally.latencyMillis(0.99),
          cpu / elapsed * 100,
          own / elapsed * 100,
          loadAverage());
      if (watchers.broken() > 0) {
        System.err.println(watchers.broken() + " watchers were cut off");
      }
    }
    System.exit(0);
  }

  private void idle(boolean webSocket, int count, int seconds) throws IOException {
    Tally tally = new Tally(0);
    double liveBefore = liveHeapKilobytes();
    long before = residentKilobytes();
    try (Watchers watchers =
        webSocket
            ? Watchers.byWebSocket(address(), path, tally)
            : new Watchers(address(), path, tally)) {
      watchers.connect(count);
      turnUntil(watchers, tally, System.nanoTime() + seconds * 1_000_000_000L, Long.MAX_VALUE);
      long after = residentKilobytes();
      if (watchers.broken() > 0) {
        throw new IOException(watchers.broken() + " watchers were cut off");
      }
      System.out.printf(
          Locale.ROOT,
          "%.1f %.0f %.0f %.1f%n",
          (double) (after - before) / count,
          before / 1024.0,
          after / 1024.0,
          (liveHeapKilobytes() - liveBefore) / count);
    }
  }

  private InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", port);
  }

  private static void turnUntil(Watchers watchers, Tally tally, long deadline, long arrived)
      throws IOException {
    for (long left = deadline - System.nanoTime();
        left > 0 && tally.arrived() < arrived;
        left = deadline - System.nanoTime()) {
      watchers.turn(Math.max(1, Math.min(100, left / 1_000_000)));
    }
  }

  private void signalToPublish(double perSecond, long count) throws IOException {
    HttpURLConnection post =
        (HttpURLConnection)
            URI.create(
                    "http://127.0.0.1:%d/publish?perSecond=%s&count=%d"
                        .formatted(port, perSecond, count))
                .toURL()
                .openConnection();
    post.setRequestMethod("POST");
    if (post.getResponseCode() >= 300) {
      throw new IOException("the server does not publish: " + post.getResponseCode());
    }
  }

  /** Sends one request for each event, without waiting for the answer to the previous one. */
  private void postEach(double perSecond, long count) {
    try {
      // The socket is never closed. If it were closed, the server would drop requests that are not
      // answered yet.
      Socket socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      InputStream answers = socket.getInputStream();
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try {
                  answers.transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      OutputStream requests = socket.getOutputStream();
      SteadyEvents.publish(
          perSecond,
          count,
          data -> {
            String request =
                """
                POST /publish HTTP/1.1\r
                Host: localhost\r
                X-EventSource-Event: rejected\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                %s\
                """
                    .formatted(data.length(), data);
            try {
              requests.write(request.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The CPU time of these processes in seconds, user and system time together. */
  static double cpuSeconds(List<Path> processes) throws IOException {
    long ticks = 0;
    for (Path process : processes) {
      String stat = Files.readString(process.resolve("stat"));
      // The second field, the process name in parentheses, may contain spaces, so the line is split
      // after it. Fields 14 and 15 are the user time and the system time.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  private long residentKilobytes() throws IOException {
    long kilobytes = 0;
    for (Path process : processes) {
      for (String line : Files.readAllLines(process.resolve("status"))) {
        if (line.startsWith("VmRSS:")) {
          kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    }
    return kilobytes;
  }

  /**
   * The size of the objects that are left in the heaps after a full garbage collection. NaN if a
   * process is no JVM.
   */
  private double liveHeapKilobytes() throws IOException {
    double kilobytes = 0;
    for (Path process : processes) {
      // For any other process, the signal that jcmd sends means that it shall end.
      if (!process.resolve("exe").toRealPath().endsWith("java")) {
        return Double.NaN;
      }
      jcmd(process, "GC.run");
      Matcher used = HEAP_USED.matcher(jcmd(process, "GC.heap_info"));
      kilobytes += used.find() ? Double.parseDouble(used.group(1)) : Double.NaN;
    }
    return kilobytes;
  }

  private static String jcmd(Path process, String command) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/jcmd",
                process.getFileName().toString(),
                command)
            .redirectErrorStream(true)
            .start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  static String loadAverage() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }
}
