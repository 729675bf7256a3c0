package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.waybill.stream.WebSocketAsSse;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Connects, leaves, is cut off, returns and misbehaves, as its random numbers decide. */
final class StressWatcher {

  private static final int TIMEOUT_MILLIS = 40_000;
  private static final String UPGRADE =
      """
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      """;
  private static final List<String> WRONG_IDS =
      List.of(
          "", "x", "1", "-", "1-", "0-0", "999999-1", "1-99999999999999999999", "-1-1", "\u00e9");

  /** Counts what all watchers did. */
  record Tally(LongAdder connections, LongAdder resumed, LongAdder events, LongAdder ends) {
    Tally() {
      this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  /**
   * The head of a response.
   *
   * @param length of its body, or -1 if the body comes in chunks
   * @param emitter the ID of the connection, empty where it has none
   */
  private record Head(int status, int length, String emitter) {

    static Head read(InputStream in) throws IOException {
      int status = Integer.parseInt(line(in).substring(9, 12));
      int length = -1;
      String emitter = "";
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        if (line.startsWith("Content-Length: ")) {
          length = Integer.parseInt(line.substring("Content-Length: ".length()));
        } else if (line.startsWith("X-Waybill-Emitter: ")) {
          emitter = line.substring("X-Waybill-Emitter: ".length());
        }
      }
      return new Head(status, length, emitter);
    }
  }

  private enum Style {
    TO_THE_END,
    CUT,
    SLOW
  }

  private final int port;
  private final Random random;
  private final Tally tally;

  StressWatcher(int port, Random random, Tally tally) {
    this.port = port;
    this.random = random;
    this.tally = tally;
  }

  /** Watches one job, on a few connections or to its end. */
  void watch(KnownJob job) throws IOException {
    if (random.nextInt(8) == 0) {
      misbehave(job);
      return;
    }
    StressedStream seen = new StressedStream(job);
    for (int left = 1 + random.nextInt(6); left > 0; left--) {
      if (connect(seen)) {
        requireNoReturn(seen);
        return;
      }
    }
  }

  /** Uses one connection; returns whether the final event came. */
  private boolean connect(StressedStream seen) throws IOException {
    boolean wrongId = random.nextInt(10) == 0;
    boolean resumes = !wrongId && seen.lastId() != null;
    String sent = wrongId ? WRONG_IDS.get(random.nextInt(WRONG_IDS.size())) : seen.lastId();
    Style style = Style.values()[random.nextInt(Style.values().length)];
    seen.connect(resumes);
    tally.connections().increment();
    if (resumes) {
      tally.resumed().increment();
    }
    try (Socket socket = new Socket()) {
      boolean upgrade = random.nextInt(3) == 0;
      InputStream in = open(socket, seen.job(), sent, style, upgrade ? UPGRADE : "");
      Head head = Head.read(in);
      if (head.status() == 101 && upgrade && !head.emitter().isEmpty()) {
        readMessages(new WebSocketAsSse(in, socket.getOutputStream(), head.emitter()), seen, style);
      } else if (head.status() != 200) {
        throw new AssertionError("job " + seen.job().id() + " after " + sent + ": " + head);
      } else if (head.length() >= 0) {
        throw new AssertionError("job " + seen.job().id() + " after " + sent + ": refused");
      } else {
        read(in, seen, style);
      }
    }
    tally.events().add(seen.events());
    return seen.hasEnded();
  }

  private void readMessages(WebSocketAsSse in, StressedStream seen, Style style)
      throws IOException {
    int most = style == Style.CUT ? random.nextInt(12) : Integer.MAX_VALUE;
    long slowUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(3_000));
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    try {
      int before = 0;
      for (int next; (next = in.read()) >= 0; before = next) {
        block.write(next);
        if (next != '\n' || before != '\n') {
          continue;
        }
        seen.take(block.toByteArray());
        block.reset();
        if (style == Style.SLOW) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(300)));
        }
        boolean enough = seen.events() >= most || System.nanoTime() - slowUntil > 0;
        if (style != Style.TO_THE_END && enough && !seen.hasEnded()) {
          return;
        }
      }
      if (in.closeCode() != 1000) {
        throw new AssertionError("job " + seen.job().id() + ": closed with " + in.closeCode());
      }
      seen.end();
      tally.ends().increment();
    } catch (SocketTimeoutException e) {
      throw new AssertionError("job " + seen.job().id() + ": silence after " + seen.lastId(), e);
    } catch (EOFException | SocketException e) {
      throw new AssertionError("job " + seen.job().id() + ": cut after " + seen.lastId(), e);
    }
  }

  private void read(InputStream in, StressedStream seen, Style style) throws IOException {
    int most = style == Style.CUT ? random.nextInt(12) : Integer.MAX_VALUE;
    long slowUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(3_000));
    try {
      for (int length; (length = Integer.parseInt(line(in), 16)) > 0; line(in)) {
        byte[] part = in.readNBytes(length);
        if (part.length < length) {
          throw new EOFException("within a chunk");
        }
        seen.take(part);
        if (style == Style.SLOW) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(300)));
          if (System.nanoTime() - slowUntil > 0 && !seen.hasEnded()) {
            return;
          }
        }
        if (seen.events() >= most && !seen.hasEnded()) {
          return;
        }
      }
      seen.end();
      tally.ends().increment();
    } catch (SocketTimeoutException e) {
      throw new AssertionError("job " + seen.job().id() + ": silence after " + seen.lastId(), e);
    } catch (EOFException | SocketException e) {
      throw new AssertionError("job " + seen.job().id() + ": cut after " + seen.lastId(), e);
    }
  }

  /** A client that has seen the final event gets 204 from then on. */
  private void requireNoReturn(StressedStream seen) throws IOException {
    try (Socket socket = new Socket()) {
      Head head = Head.read(open(socket, seen.job(), seen.lastId(), Style.CUT, ""));
      if (head.status() != 204) {
        throw new AssertionError("job " + seen.job().id() + " after its end: " + head);
      }
    }
  }

  private InputStream open(
      Socket socket, KnownJob job, @Nullable String lastId, Style style, String upgrade)
      throws IOException {
    if (style == Style.SLOW) {
      socket.setReceiveBufferSize(4_096);
    }
    socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    String path =
        switch (random.nextInt(3)) {
          case 0 -> "/api/jobs/" + job.id() + "/events";
          case 1 -> "/api/upload/sse/" + job.id();
          default -> "/sse/stream?transactionId=" + job.id();
        };
    String header = "";
    if (lastId != null && lastId.matches("[0-9x-]+") && random.nextInt(3) == 0) {
      path += (path.contains("?") ? "&" : "?") + "lastEventId=" + lastId;
    } else if (lastId != null) {
      header = "Last-Event-ID: " + lastId + "\r\n";
    }
    send(socket, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + upgrade + header + "\r\n");
    return new BufferedInputStream(socket.getInputStream());
  }

  private void misbehave(KnownJob job) throws IOException {
    byte[] request = random.nextInt(3) == 0 ? rudeSocket(job) : oddRequest(job);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
      socket.setSoTimeout(1 + random.nextInt(500));
      socket.getOutputStream().write(request);
      socket.getInputStream().readNBytes(random.nextInt(2_000));
    } catch (SocketTimeoutException | SocketException e) {
      // Nothing is promised to such a client.
    }
  }

  private byte[] oddRequest(KnownJob job) {
    return new OddRequest(random, job.id()).next();
  }

  /** A WebSocket that sends what is not allowed, or sends pings and does not read the answers. */
  private byte[] rudeSocket(KnownJob job) {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    String head =
        "GET /api/jobs/" + job.id() + "/events HTTP/1.1\r\nHost: 127.0.0.1\r\n" + UPGRADE + "\r\n";
    sent.writeBytes(head.getBytes(ISO_8859_1));
    for (int left = random.nextInt(50); left > 0; left--) {
      byte[] payload = new byte[random.nextInt(random.nextInt(5) == 0 ? 5_000 : 126)];
      sent.writeBytes(WebSocketAsSse.masked(random.nextInt(256), payload));
    }
    return sent.toByteArray();
  }

  private static void send(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next; (next = in.read()) != '\n'; ) {
      if (next < 0) {
        throw new EOFException("within a line");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
