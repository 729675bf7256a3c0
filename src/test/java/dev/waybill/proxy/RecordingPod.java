package dev.waybill.proxy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Takes the place of a pod in tests of what nginx sends, and of what it does without an answer.
 * Keeps the head of each request, and answers only when the test says so.
 */
final class RecordingPod implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

  RecordingPod() throws IOException {
    Thread.startVirtualThread(this::acceptAll);
  }

  int port() {
    return server.getLocalPort();
  }

  /** The next request, which waits for its answer. */
  Asked next() throws InterruptedException {
    Asked next = asked.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no request came through");
    }
    return next;
  }

  /** Whether a request has arrived that {@link #next} has not returned. */
  boolean wasAsked() {
    return !asked.isEmpty();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.startVirtualThread(() -> readHead(socket));
      }
    } catch (SocketException e) {
      // closed at the end of the test
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void readHead(Socket socket) {
    try {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      List<String> head = new ArrayList<>();
      for (String line = reader.readLine();
          line != null && !line.isEmpty();
          line = reader.readLine()) {
        head.add(line);
      }
      if (!head.isEmpty()) {
        asked.add(new Asked(head, socket));
      }
    } catch (IOException e) {
      // a connection that only checked whether something listens
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Asked left : asked) {
      left.socket.close();
    }
  }

  /**
   * @param head request line and header lines
   */
  record Asked(List<String> head, Socket socket) {

    /** Breaks the connection, like a process that dies. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Starts an answer and breaks off. */
    void answerHalf() throws IOException {
      String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.close();
    }

    void answer(String status, String body) throws IOException {
      String response =
          "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(status, body.length(), body);
      socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
      socket.close();
    }
  }
}
