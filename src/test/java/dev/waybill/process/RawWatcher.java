package dev.waybill.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * Watches a stream on a plain socket, so that every byte is seen. Only the chunked encoding of
 * HTTP/1.1 is removed.
 */
final class RawWatcher implements AutoCloseable {

  private static final Pattern EVENT =
      Pattern.compile("id: (\\d+-\\d+)\nevent: ([a-z]+)\ndata: ([^\r\n\0]*)");
  private static final Pattern CONTROL = Pattern.compile("(retry: \\d+\n)?: .*|retry: \\d+");

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

  /** An event as it was received. */
  record Event(String id, String name, JsonNode data) {

    int attempt() {
      return Integer.parseInt(id.substring(0, id.indexOf('-')));
    }

    long sequence() {
      return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    boolean isFinal() {
      return List.of("complete", "error", "cancelled").contains(name);
    }

    boolean isAfter(Event other) {
      return attempt() > other.attempt()
          || attempt() == other.attempt() && sequence() > other.sequence();
    }
  }

  private final Socket socket;
  private final String head;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(); // synchronizes itself
  private volatile boolean ended;
  private volatile boolean endedCleanly;

  private RawWatcher(Socket socket, InputStream in) throws IOException {
    this.socket = socket;
    this.head = readHead(in);
    Thread.ofVirtual().start(() -> read(in));
  }

  /** Watches a job. The given header lines are added to the request. */
  static RawWatcher of(int port, String jobId, String... headerLines) throws IOException {
    return at(port, "/api/jobs/" + jobId + "/events", headerLines);
  }

  static RawWatcher at(int port, String path, String... headerLines) throws IOException {
    Socket socket = new Socket();
    try {
      request(socket, port, path, headerLines);
      return new RawWatcher(socket, new BufferedInputStream(socket.getInputStream()));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Requests a stream and reads nothing of it; the caller closes the socket. */
  static Socket thatReadsNothing(int port, String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    request(socket, port, path, "Connection: close");
    return socket;
  }

  private static void request(Socket socket, int port, String path, String... headerLines)
      throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
    StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (String line : headerLines) {
      request.append(line).append("\r\n");
    }
    socket.getOutputStream().write(request.append("\r\n").toString().getBytes(UTF_8));
  }

  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("no answer");
      }
      head.write(next);
    }
    return head.toString(US_ASCII);
  }

  private void read(InputStream in) {
    try {
      if (head.contains("Transfer-Encoding: chunked")) {
        for (int length; (length = chunkLength(in)) > 0; readLine(in)) {
          copy(in, length);
        }
        endedCleanly = true;
        return;
      }
      Matcher length = LENGTH.matcher(head);
      if (length.find()) {
        copy(in, Integer.parseInt(length.group(1))); // a refused stream has a length
        endedCleanly = true;
      }
    } catch (IOException e) {
      // The connection was cut, so endedCleanly stays false.
    } finally {
      ended = true;
    }
  }

  private static int chunkLength(InputStream in) throws IOException {
    return Integer.parseInt(readLine(in), 16);
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c; (c = in.read()) != '\n'; ) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private void copy(InputStream in, int length) throws IOException {
    byte[] part = in.readNBytes(length);
    body.write(part);
    if (part.length < length) {
      throw new EOFException();
    }
  }

  int status() {
    return Integer.parseInt(head.substring(9, 12));
  }

  /** The status line and the headers. */
  String head() {
    return head;
  }

  /** The body so far. */
  String body() {
    return body.toString(UTF_8);
  }

  /** Every complete block of the body. Each one must be an event, a comment or a retry. */
  List<String> blocks() {
    String text = body();
    List<String> blocks = new ArrayList<>();
    int from = 0;
    for (int to; (to = text.indexOf("\n\n", from)) >= 0; from = to + 2) {
      String block = text.substring(from, to);
      assertThat(EVENT.matcher(block).matches() || CONTROL.matcher(block).matches())
          .as("block <%s>", block)
          .isTrue();
      blocks.add(block);
    }
    return blocks;
  }

  List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (String block : blocks()) {
      Matcher event = EVENT.matcher(block);
      if (event.matches()) {
        events.add(new Event(event.group(1), event.group(2), WaybillClient.json(event.group(3))));
      }
    }
    return events;
  }

  List<String> names() {
    return events().stream().map(Event::name).toList();
  }

  List<String> ids() {
    return events().stream().map(Event::id).toList();
  }

  Event await(Predicate<Event> wanted) {
    return Awaitility.await("event")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> events().stream().filter(wanted).findFirst(), found -> found.isPresent())
        .orElseThrow();
  }

  /** Waits until the server has ended the response, and returns whether it ended completely. */
  boolean awaitEnd() {
    Awaitility.await("end of the stream")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> ended);
    return endedCleanly;
  }

  /** Asserts that the IDs increase, as they must on every connection. */
  void assertIdsRise() {
    List<Event> events = events();
    for (int i = 1; i < events.size(); i++) {
      assertThat(events.get(i).isAfter(events.get(i - 1))).as("order of %s", ids()).isTrue();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
