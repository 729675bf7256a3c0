package dev.waybill.faults;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One connection to a stream of events, read event by event as the caller asks for them. */
final class SseConnection implements AutoCloseable {

  /** Longer than the heartbeat of 15 s, so after such a silence the pod is frozen or dead. */
  private static final int SILENCE_MILLIS = 20_000;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Socket socket;
  private final InputStream in;
  private final int status;
  private boolean chunked;
  private int chunkLeft;
  private boolean ended;

  private SseConnection(Socket socket, String path, @Nullable String lastId) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 1024);
    String request = "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n".formatted(path);
    if (lastId != null) {
      request += "Last-Event-ID: " + lastId + "\r\n";
    }
    socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.UTF_8));
    this.status = Integer.parseInt(headLine().substring(9, 12));
    for (String header = headLine(); !header.isEmpty(); header = headLine()) {
      chunked |= header.equalsIgnoreCase("transfer-encoding: chunked");
    }
  }

  static SseConnection open(int port, String jobId, @Nullable String lastId) throws IOException {
    return openPath(port, "/api/jobs/" + jobId + "/events", lastId);
  }

  static SseConnection openPath(int port, String path, @Nullable String lastId) throws IOException {
    Socket socket = new Socket();
    try {
      // Small, so that the server detects a slow reader.
      socket.setReceiveBufferSize(16 * 1024);
      socket.setSoTimeout(SILENCE_MILLIS);
      socket.connect(new InetSocketAddress("127.0.0.1", port), 5000);
      return new SseConnection(socket, path, lastId);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  int status() {
    return status;
  }

  /** The next event, or null if the response has ended. Throws if the connection is cut. */
  @Nullable Event next() throws IOException {
    String id = "";
    String name = "";
    String data = "";
    for (String line = line(); line != null; line = line()) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (line.isEmpty() && !data.isEmpty()) {
        return new Event(id, name, JSON.readTree(data));
      }
    }
    return null;
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = read(); c != '\n'; c = read()) {
      if (c < 0) {
        return null;
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** The next byte of the body. */
  private int read() throws IOException {
    if (!chunked) {
      return in.read();
    }
    if (chunkLeft == 0 && !ended) {
      chunkLeft = Integer.parseInt(headLine(), 16);
      ended = chunkLeft == 0;
    }
    if (ended) {
      return -1;
    }
    int next = in.read();
    if (next < 0) {
      throw new EOFException("cut within a chunk");
    }
    if (--chunkLeft == 0) {
      headLine();
    }
    return next;
  }

  private String headLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c; (c = in.read()) != '\n'; ) {
      if (c < 0) {
        throw new EOFException("no more");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
