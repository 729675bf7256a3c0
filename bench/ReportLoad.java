import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the time from a worker's report of a chunk to its arrival at a watcher, and prints a
 * table row in Markdown. Each job has one worker and one watcher. The worker reports chunks of some
 * 200 bytes at a steady rate, in one long NDJSON request.
 *
 * <p>{@code ReportLoad NAME JOBS PER_SECOND SECONDS WATCH_PORT REPORT_PORT}
 */
final class ReportLoad {

  private static final Pattern ID = Pattern.compile("\"transactionId\":\"([^\"]+)\"");
  private static final Pattern TOKEN = Pattern.compile("\"workerToken\":\"([^\"]+)\"");

  private final int watchPort;
  private final int reportPort;
  private final double perSecond;
  private final long count;
  private final long warmUp;

  private ReportLoad(double perSecond, int seconds, int watchPort, int reportPort) {
    this.perSecond = perSecond;
    this.watchPort = watchPort;
    this.reportPort = reportPort;
    warmUp = (long) (perSecond * seconds);
    count = 2 * warmUp;
  }

  public static void main(String[] arguments) throws Exception {
    int jobs = Integer.parseInt(arguments[1]);
    double perSecond = Double.parseDouble(arguments[2]);
    new ReportLoad(
            perSecond,
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            Integer.parseInt(arguments[5]))
        .run(arguments[0], jobs);
  }

  private void run(String name, int jobs) throws Exception {
    Tally all = new Tally(warmUp);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Tally>> tallies = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        tallies.add(threads.submit(this::reportAndWatch));
      }
      for (Future<Tally> tally : tallies) {
        all.add(tally.get());
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.0f | %.2f %% | %d | %.1f | %.1f |%n",
        name,
        jobs,
        jobs * perSecond,
        100.0 * all.arrived() / (count * jobs),
        all.outOfOrder(),
        all.latencyMillis(0.5),
        all.latencyMillis(0.99));
  }

  private Tally reportAndWatch() throws Exception {
    Tally tally = new Tally(warmUp);
    String job = create();
    String path = "/api/jobs/" + first(ID, job) + "/events";
    try (Watchers watchers =
        new Watchers(new InetSocketAddress("127.0.0.1", watchPort), path, tally)) {
      watchers.connect(1);
      Thread worker = Thread.ofVirtual().start(() -> report(path, first(TOKEN, job)));
      while (watchers.broken() == 0) {
        watchers.turn(50);
      }
      worker.join();
    }
    return tally;
  }

  private String create() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + reportPort + "/api/jobs"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"kind\":\"bench\",\"title\":\"An answer\"}"))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() != 202) {
        throw new IOException(answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    }
  }

  /** Reports all chunks in one request, which ends the job and so the stream of its watcher. */
  private void report(String path, String token) {
    try (Socket socket = new Socket("127.0.0.1", reportPort)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      write(
          out,
          """
          POST %s HTTP/1.1\r
          Host: 127.0.0.1:%d\r
          Authorization: Bearer %s\r
          Content-Type: application/x-ndjson\r
          Transfer-Encoding: chunked\r
          \r
          """
              .formatted(path, reportPort, token));
      long[] sequence = {0};
      SteadyEvents.publish(
          perSecond,
          count,
          data ->
              writeLine(
                  out,
                  "{\"event\":\"chunk\",\"sequence\":%d,\"text\":\"%s\"}"
                      .formatted(++sequence[0], data.replace("\"", "\\\""))));
      writeLine(out, "{\"event\":\"complete\",\"sequence\":%d}".formatted(sequence[0] + 1));
      write(out, "0\r\n\r\n");
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      String status = in.readLine();
      if (status == null || !status.startsWith("HTTP/1.1 200")) {
        throw new IOException("the server answered " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeLine(OutputStream out, String line) {
    try {
      write(out, Integer.toHexString(line.length() + 1) + "\r\n" + line + "\n\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in " + text);
    }
    return matcher.group(1);
  }
}
