import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Sends events to one emitter at a steady rate, and prints a table row in Markdown with the time
 * from the start of the request to the arrival of the event, and to the answer. One client watches
 * one stream. Each request is sent after the answer to the request before it.
 *
 * <p>{@code EmitterLoad NAME PER_SECOND SECONDS WATCH_PORT SEND_PORT}
 */
final class EmitterLoad {

  private static final String EMITTER = "x-waybill-emitter:";
  private static final String DATA = "data:";

  private final int count;
  private final int warmUp;
  private final AtomicLongArray sent;
  private final AtomicLongArray arrived;

  private EmitterLoad(int perSecond, int seconds) {
    warmUp = perSecond * seconds;
    count = 2 * warmUp;
    sent = new AtomicLongArray(count);
    arrived = new AtomicLongArray(count);
  }

  public static void main(String[] arguments) throws Exception {
    int perSecond = Integer.parseInt(arguments[1]);
    new EmitterLoad(perSecond, Integer.parseInt(arguments[2]))
        .run(
            arguments[0],
            perSecond,
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]));
  }

  private void run(String name, int perSecond, int watchPort, int sendPort) throws Exception {
    long[] answers = new long[count];
    try (Socket socket = new Socket("127.0.0.1", watchPort);
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      BufferedReader lines = watch(socket, watchPort);
      URI events =
          URI.create("http://127.0.0.1:%d/api/emitters/%s/events".formatted(sendPort, id(lines)));
      Thread reader = Thread.ofPlatform().start(() -> read(lines));
      long begin = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        sent.set(i, System.nanoTime());
        HttpResponse<String> answer =
            http.send(
                HttpRequest.newBuilder(events)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"event\":\"bench\",\"data\":\"" + i + "\"}"))
                    .build(),
                BodyHandlers.ofString());
        answers[i] = System.nanoTime() - sent.get(i);
        if (answer.statusCode() != 200) {
          throw new IOException(answer.statusCode() + " " + answer.body());
        }
      }
      reader.join(TimeUnit.SECONDS.toMillis(10));
    }
    print(name, answers);
  }

  private static BufferedReader watch(Socket socket, int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket
        .getOutputStream()
        .write(
            "GET /api/streams/bench-emitter/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n\r\n"
                .formatted(port)
                .getBytes(StandardCharsets.US_ASCII));
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Reads the head of the response. */
  private static String id(BufferedReader lines) throws IOException {
    String id = null;
    for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith(EMITTER)) {
        id = line.substring(EMITTER.length()).strip();
      }
    }
    if (id == null) {
      throw new IOException("the response names no emitter");
    }
    return id;
  }

  private void read(BufferedReader lines) {
    try {
      boolean bench = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event:")) {
          bench = line.endsWith("bench");
        } else if (bench && line.startsWith(DATA)) {
          int i = Integer.parseInt(line.substring(DATA.length()).replace("\"", "").strip());
          arrived.set(i, System.nanoTime());
          if (i == count - 1) {
            return;
          }
        }
      }
    } catch (IOException closed) {
      // The measurement has ended. Events that have not arrived are counted.
    }
  }

  private void print(String name, long[] answers) {
    long[] latencies =
        IntStream.range(warmUp, count)
            .filter(i -> arrived.get(i) != 0)
            .mapToLong(i -> arrived.get(i) - sent.get(i))
            .sorted()
            .toArray();
    int missing = count - warmUp - latencies.length;
    long perSecond = Math.round((count - warmUp) * 1e9 / (sent.get(count - 1) - sent.get(warmUp)));
    long[] measured = Arrays.copyOfRange(answers, warmUp, count);
    Arrays.sort(measured);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.1f | %.1f | %.1f | %.1f |%n",
        name,
        perSecond,
        missing,
        millis(latencies, 0.5),
        millis(latencies, 0.99),
        millis(measured, 0.5),
        millis(measured, 0.99));
  }

  private static double millis(long[] sorted, double share) {
    return sorted[(int) (share * (sorted.length - 1))] / 1e6;
  }
}
