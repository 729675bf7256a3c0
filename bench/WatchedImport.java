import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Imports a file while many clients watch, and measures the CPU time of the service and of the
 * watchers.
 *
 * <pre>
 * WatchedImport PORT PID FILE WATCHERS
 *   prints: rows, seconds from the job's start to its end, CPU seconds of the service and of this
 *   process in this time, MB that the watchers were sent, load average
 * </pre>
 *
 * The same file is first sent as a dry run, and the import waits behind the dry run in the queue.
 * So all watchers are already connected when the import starts, and the cost of connecting them is
 * not counted.
 */
final class WatchedImport {

  private static final Duration LET_THE_ENDS_ARRIVE = Duration.ofSeconds(10);

  private final int port;
  private final List<Path> service;
  private final List<Path> self = List.of(Path.of("/proc/self"));

  /** The CPU times of both processes: up to one moment, or between two moments. */
  private record Used(double service, double self) {

    Used since(Used before) {
      return new Used(service - before.service, self - before.self);
    }
  }

  private record Course(String job, Used used) {}

  private WatchedImport(int port, String pid) {
    this.port = port;
    this.service = List.of(Path.of("/proc", pid));
  }

  public static void main(String[] arguments) throws Exception {
    new WatchedImport(Integer.parseInt(arguments[0]), arguments[1])
        .run(Path.of(arguments[2]), Integer.parseInt(arguments[3]));
    System.exit(0);
  }

  private void run(Path file, int count) throws Exception {
    upload(file, "&dryRun=true");
    String id = upload(file, "");
    Tally tally = new Tally(0);
    try (Watchers watchers =
        new Watchers(
            new InetSocketAddress("127.0.0.1", port), "/api/jobs/" + id + "/events", tally)) {
      watchers.connect(count);
      if (!get("/api/jobs/" + id).contains("\"QUEUED\"")) {
        throw new IOException("the import began before all were watching; take a larger file");
      }
      FutureTask<Course> course = new FutureTask<>((Callable<Course>) () -> follow(id));
      Thread.ofPlatform().daemon().start(course);
      while (!course.isDone()) {
        watchers.turn(10);
      }
      Course done = course.get();
      long deadline = System.nanoTime() + LET_THE_ENDS_ARRIVE.toNanos();
      while (watchers.broken() < count && System.nanoTime() - deadline < 0) {
        watchers.turn(10);
      }
      if (watchers.broken() < count) {
        throw new IOException("only %d of %d streams ended".formatted(watchers.broken(), count));
      }
      System.out.printf(
          Locale.ROOT,
          "%s %.3f %.2f %.2f %.1f %s%n",
          find("\"rows\"\\s*:\\s*(\\d+)", done.job()),
          Duration.between(time("startedAt", done.job()), time("finishedAt", done.job())).toMillis()
              / 1e3,
          done.used().service(),
          done.used().self(),
          watchers.bytes() / 1e6,
          FanOutLoad.loadAverage());
    }
  }

  /**
   * Watches the job like any other watcher. Reads the CPU times of both processes at the start and
   * at the end of the job.
   */
  private Course follow(String id) throws IOException {
    Used begin = null;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                connect("/api/jobs/" + id + "/events").getInputStream(), StandardCharsets.UTF_8))) {
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          event = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          if (begin == null && line.contains("\"RUNNING\"")) {
            begin = used();
          }
          if (event.equals("complete") && begin != null) {
            return new Course(line, used().since(begin));
          }
        }
      }
    }
    throw new IOException("the stream ended before the import did");
  }

  private Used used() throws IOException {
    return new Used(FanOutLoad.cpuSeconds(service), FanOutLoad.cpuSeconds(self));
  }

  private String upload(Path file, String query) throws IOException {
    HttpURLConnection post = connect("/api/upload/csv?fileName=" + file.getFileName() + query);
    post.setRequestMethod("POST");
    post.setRequestProperty("Content-Type", "text/csv");
    post.setDoOutput(true);
    post.setFixedLengthStreamingMode(Files.size(file));
    try (OutputStream body = post.getOutputStream()) {
      Files.copy(file, body);
    }
    return find("\"transactionId\"\\s*:\\s*\"([^\"]+)\"", text(post));
  }

  private String get(String path) throws IOException {
    return text(connect(path));
  }

  private HttpURLConnection connect(String path) throws IOException {
    return (HttpURLConnection)
        URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
  }

  private static String text(HttpURLConnection answer) throws IOException {
    try (InputStream body = answer.getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Instant time(String name, String job) throws IOException {
    return Instant.parse(find("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"", job));
  }

  private static String find(String pattern, String text) throws IOException {
    Matcher found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) {
      throw new IOException("no " + pattern + " in " + text);
    }
    return found.group(1);
  }
}
