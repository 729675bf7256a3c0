import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishes events of 200 bytes and prints a table row in Markdown. Each publisher has its own
 * connection and its own stream. It publishes the next event as soon as the previous event is
 * answered.
 *
 * <p>{@code PublishLoad.java NAME waybill|nchan|redis PUBLISHERS SECONDS PORT...}
 */
final class PublishLoad {

  private static final int MOST = 4_000_000;

  private final String mode;
  private final int[] ports;
  private final long[] nanos = new long[MOST];
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean counting;
  private volatile boolean stopping;
  private volatile IOException failure;

  private PublishLoad(String mode, int[] ports) {
    this.mode = mode;
    this.ports = ports;
  }

  public static void main(String[] arguments) throws Exception {
    int publishers = Integer.parseInt(arguments[2]);
    int seconds = Integer.parseInt(arguments[3]);
    int[] ports = Arrays.stream(arguments).skip(4).mapToInt(Integer::parseInt).toArray();
    new PublishLoad(arguments[1], ports).run(arguments[0], publishers, seconds);
  }

  private void run(String name, int publishers, int seconds) throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < publishers; i++) {
      int number = i;
      threads.add(Thread.ofVirtual().start(() -> publish(number)));
    }
    TimeUnit.SECONDS.sleep(seconds); // warms up
    counting = true;
    long start = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    counting = false;
    double took = (System.nanoTime() - start) / 1e9;
    int count = Math.min(answered.get(), MOST);
    stopping = true;
    for (Thread thread : threads) {
      thread.join(5000);
    }
    if (failure != null) {
      throw failure;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %,.0f | %.2f | %.2f |%n",
        name,
        publishers,
        count / took,
        sorted[count / 2] / 1e6,
        sorted[count * 99 / 100] / 1e6);
  }

  private void publish(int number) {
    byte[] request = request(number);
    try (Socket socket = new Socket("127.0.0.1", ports[number % ports.length])) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (!stopping) {
        long before = System.nanoTime();
        socket.getOutputStream().write(request);
        if (mode.equals("redis")) {
          readRedis(in);
        } else {
          readHttp(in);
        }
        long took = System.nanoTime() - before;
        if (counting) {
          int at = answered.getAndIncrement();
          if (at < MOST) {
            nanos[at] = took;
          }
        }
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private byte[] request(int number) {
    String data = "x".repeat(180);
    if (mode.equals("redis")) {
      return command("XADD", "bench-" + number, "MAXLEN", "~", "1000", "*", "data", data);
    }
    String path =
        mode.equals("nchan") ? "/publish/" + number : "/api/streams/bench-" + number + "/events";
    String body = mode.equals("nchan") ? data : "{\"data\":\"" + data + "\"}";
    return ("POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] command(String... words) {
    StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      command.append("$").append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return command.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void readRedis(InputStream in) throws IOException {
    String answer = line(in);
    if (!answer.startsWith("$")) {
      throw new IOException(answer);
    }
    line(in);
  }

  private static void readHttp(InputStream in) throws IOException {
    String status = line(in);
    if (!status.matches("HTTP/1.1 20[0-2].*")) {
      throw new IOException(status);
    }
    int length = -1;
    boolean chunked = false;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      }
      chunked |= lower.equals("transfer-encoding: chunked");
    }
    if (chunked) {
      for (int chunk = Integer.parseInt(line(in), 16); ; chunk = Integer.parseInt(line(in), 16)) {
        in.skipNBytes(chunk + 2L);
        if (chunk == 0) {
          return;
        }
      }
    }
    in.skipNBytes(Math.max(0, length));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
