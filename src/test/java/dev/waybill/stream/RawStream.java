package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/1 exchange on its own socket. The body is read byte by byte. */
public final class RawStream implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 10_000;

  public final int status;
  public final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Socket socket;
  private InputStream in;
  private int chunkLeft;
  private int plainLeft = -1;
  private boolean atEnd;

  public static RawStream open(
      int port, String method, String path, int receiveBuffer, String... headers)
      throws IOException {
    return open(port, method, path, "HTTP/1.1", receiveBuffer, headers);
  }

  /**
   * Sends the request of an old client, for which the end of the connection is the end of the body.
   */
  static RawStream openByHttp10(int port, String path) throws IOException {
    return open(port, "GET", path, "HTTP/1.0", 0);
  }

  private static RawStream open(
      int port, String method, String path, String version, int receiveBuffer, String... headers)
      throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String request =
        method
            + " "
            + path
            + " "
            + version
            + "\r\nHost: localhost\r\n"
            + String.join("\r\n", headers)
            + (headers.length > 0 ? "\r\n\r\n" : "\r\n");
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return new RawStream(socket);
  }

  private RawStream(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 1024);
    status = Integer.parseInt(headLine().split(" ")[1]);
    for (String line = headLine(); !line.isEmpty(); line = headLine()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    if (status == 101) {
      in = new WebSocketAsSse(in, socket.getOutputStream(), headers.get("X-Waybill-Emitter"));
    }
  }

  /** The code with which the server has closed a WebSocket; 0 before that. */
  public int closeCode() {
    return in instanceof WebSocketAsSse socket ? socket.closeCode() : 0;
  }

  /** Opens a WebSocket. Its messages are read as if they were SSE. */
  public static RawStream openWebSocket(int port, String path, int receiveBuffer, String... headers)
      throws IOException {
    String[] all = Arrays.copyOf(headers, headers.length + 4);
    all[headers.length] = "Connection: keep-alive, Upgrade";
    all[headers.length + 1] = "Upgrade: WebSocket";
    all[headers.length + 2] = "Sec-WebSocket-Version: 13";
    all[headers.length + 3] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    return open(port, "GET", path, receiveBuffer, all);
  }

  /** Sends a frame as a WebSocket client does. */
  public void sendFrame(int firstByte, byte[] payload) throws IOException {
    sendBytes(WebSocketAsSse.masked(firstByte, payload));
  }

  public void sendBytes(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Makes {@link #close} reset the connection, as if the client was killed. */
  void resetOnClose() throws IOException {
    socket.setSoLinger(true, 0);
  }

  /** Signals the server that nothing more will be sent. */
  void endSending() throws IOException {
    socket.shutdownOutput();
  }

  /**
   * Reads exactly as many bytes as the expected text has, and compares. In the text, {@code
   * {emitter}} stands for the emitter's ID as the head names it.
   */
  public RawStream expect(String text) throws IOException {
    String expected = text.replace("{emitter}", headers.getOrDefault("X-Waybill-Emitter", ""));
    byte[] bytes = expected.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream actual = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i++) {
      int next = read();
      if (next < 0) {
        break;
      }
      actual.write(next);
    }
    assertThat(actual.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
    return this;
  }

  /** Reads up to and with the next blank line; empty at the end of the stream. */
  public String block() throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    int before = 0;
    for (int next = read(); next >= 0; next = read()) {
      block.write(next);
      if (next == '\n' && before == '\n') {
        break;
      }
      before = next;
    }
    return block.toString(StandardCharsets.UTF_8);
  }

  public void expectEnd() throws IOException {
    assertThat(block()).isEmpty();
  }

  /** The whole rest, until the server ends it. */
  public String rest() throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    for (int next = read(); next >= 0; next = read()) {
      rest.write(next);
    }
    return rest.toString(StandardCharsets.UTF_8);
  }

  /** Reads until the connection is closed, whether it ended regularly or was cut. */
  public void readUntilGone() {
    try {
      rest();
    } catch (IOException e) {
      assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  private int read() throws IOException {
    if (atEnd) {
      return -1;
    }
    if (!"chunked".equals(headers.get("Transfer-Encoding"))) {
      return headers.containsKey("Content-Length") ? readPlain() : in.read();
    }
    if (chunkLeft == 0) {
      chunkLeft = Integer.parseInt(headLine(), 16);
      if (chunkLeft == 0) {
        atEnd = true;
        return -1;
      }
    }
    int next = in.read();
    if (next < 0) {
      throw new EOFException("cut off within a chunk");
    }
    if (--chunkLeft == 0) {
      headLine();
    }
    return next;
  }

  private int readPlain() throws IOException {
    if (plainLeft < 0) {
      plainLeft = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
    }
    if (plainLeft == 0) {
      return -1;
    }
    plainLeft--;
    return in.read();
  }

  private String headLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("cut off after: " + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
