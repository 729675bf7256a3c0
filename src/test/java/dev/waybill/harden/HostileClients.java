package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Many connections to one port. Each sends the start of a request and then single bytes, and never
 * reads.
 */
final class HostileClients implements AutoCloseable {

  private final int port;
  private final String source;
  private final List<SocketChannel> open = new ArrayList<>(); // guarded by itself
  private final ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();

  /**
   * @param source the loopback address that they come from
   */
  HostileClients(int port, String source) {
    this.port = port;
    this.source = source;
  }

  /**
   * Opens this number of further connections and sends the start on each; fewer if the server
   * refuses some.
   */
  void open(int count, String start) {
    for (int i = 0; i < count; i++) {
      try {
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(source, 0));
        channel.socket().connect(new InetSocketAddress("127.0.0.1", port), 2_000);
        channel.configureBlocking(false);
        channel.write(ByteBuffer.wrap(start.getBytes(ISO_8859_1)));
        synchronized (open) {
          open.add(channel);
        }
      } catch (IOException e) {
        // The server, or the operating system, accepts no more connections at the moment.
      }
    }
  }

  /** Sends this to each connection that is still open, again and again. */
  void trickle(String bytes, long millis) {
    trickle.scheduleWithFixedDelay(() -> sendToAll(bytes), millis, millis, TimeUnit.MILLISECONDS);
  }

  private void sendToAll(String bytes) {
    synchronized (open) {
      for (SocketChannel channel : List.copyOf(open)) {
        try {
          channel.write(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
        } catch (IOException e) {
          close(channel);
          open.remove(channel);
        }
      }
    }
  }

  /** How many connections the server has not closed. Reads and drops what it sent. */
  int stillOpen() {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    synchronized (open) {
      for (SocketChannel channel : List.copyOf(open)) {
        try {
          int read;
          do {
            buffer.clear();
            read = channel.read(buffer);
          } while (read > 0);
          if (read < 0) {
            close(channel);
            open.remove(channel);
          }
        } catch (IOException e) {
          close(channel);
          open.remove(channel);
        }
      }
      return open.size();
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // The connection is closed anyway.
    }
  }

  @Override
  public void close() {
    trickle.shutdownNow();
    synchronized (open) {
      open.forEach(HostileClients::close);
      open.clear();
    }
  }
}
