import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Many watchers of one stream on one thread. Each thousand watchers use another local address.
 * There are two reasons: the server limits the number of connections from one address, and an
 * address has a limited number of ports.
 */
final class Watchers implements AutoCloseable {

  private static final int PER_ADDRESS = 1000;

  /**
   * The number of watchers that connect at the same time. With a higher number, the server's
   * backlog would overflow.
   */
  private static final int CONNECTING_AT_ONCE = 200;

  /** All watchers send the same key, because nobody compares keys. */
  private static final String WEB_SOCKET =
      """
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\
      """;

  private final InetSocketAddress server;
  private final ByteBuffer request;
  private final Tally tally;
  private final Selector selector = Selector.open();
  private final List<Watcher> all = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
  private final byte[] bytes = new byte[256 * 1024];
  private int open;
  private int broken;
  private long received;

  Watchers(InetSocketAddress server, String path, Tally tally) throws IOException {
    this(server, path, "Accept: text/event-stream", tally);
  }

  /** Watchers that use WebSockets instead of server-sent events. */
  static Watchers byWebSocket(InetSocketAddress server, String path, Tally tally)
      throws IOException {
    return new Watchers(server, path, WEB_SOCKET, tally);
  }

  private Watchers(InetSocketAddress server, String path, String headers, Tally tally)
      throws IOException {
    this.server = server;
    this.tally = tally;
    this.request =
        ByteBuffer.wrap(
            """
            GET %s HTTP/1.1\r
            Host: %s:%d\r
            %s\r
            \r
            """
                .formatted(path, server.getHostString(), server.getPort(), headers)
                .getBytes(StandardCharsets.US_ASCII));
  }

  /** Connects watchers. Returns when every stream has started. */
  void connect(int count) throws IOException {
    long deadline = System.nanoTime() + 120_000_000_000L;
    while (open < count) {
      while (all.size() < count && all.size() - open < CONNECTING_AT_ONCE) {
        begin(all.size());
      }
      turn(100);
      if (broken > 0) {
        throw new IOException(broken + " watchers were turned away");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("only " + open + " of " + count + " watchers got through");
      }
    }
  }

  private void begin(int index) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.bind(new InetSocketAddress("127.0.0." + (2 + index / PER_ADDRESS), 0));
    Watcher watcher = new Watcher(channel, tally);
    all.add(watcher);
    channel.register(selector, SelectionKey.OP_CONNECT, watcher);
    channel.connect(server);
  }

  /** Reads the bytes that have arrived. If there are none, waits for some. */
  void turn(long millis) throws IOException {
    selector.select(this::ready, millis);
  }

  /**
   * The number of watchers that have lost their connection, including watchers whose stream the
   * server has ended.
   */
  int broken() {
    return broken;
  }

  /** The number of bytes that all watchers together have received. */
  long bytes() {
    return received;
  }

  private void ready(SelectionKey key) {
    Watcher watcher = (Watcher) key.attachment();
    try {
      if (key.isConnectable()) {
        watcher.channel.finishConnect();
        watcher.channel.write(request.duplicate());
        key.interestOps(SelectionKey.OP_READ);
        return;
      }
      buffer.clear();
      int length = watcher.channel.read(buffer);
      if (length < 0) {
        throw new IOException("the stream has ended");
      }
      received += length;
      buffer.flip();
      buffer.get(bytes, 0, length);
      boolean wasOpen = watcher.isOpen();
      watcher.take(bytes, length);
      if (!wasOpen && watcher.isOpen()) {
        open++;
      }
    } catch (IOException e) {
      key.cancel();
      broken++;
      try {
        watcher.channel.close();
      } catch (IOException ignored) {
        // The watcher is already counted as broken.
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Watcher watcher : all) {
      watcher.channel.close();
    }
    selector.close();
  }
}
