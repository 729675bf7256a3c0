package dev.waybill.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A proxy that forwards bytes to a server immediately, but delays each of its answers. */
final class SlowProxy implements AutoCloseable {

  final int port;
  private final ServerSocket server;
  private final int target;
  private final Duration delay;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor();

  SlowProxy(int target, Duration delay) throws IOException {
    this.target = target;
    this.delay = delay;
    server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    port = server.getLocalPort();
    Thread.startVirtualThread(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket redis = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(redis);
        Thread.startVirtualThread(() -> pass(client, redis, Duration.ZERO));
        Thread.startVirtualThread(() -> pass(redis, client, delay));
      }
    } catch (IOException e) {
      // The proxy was closed.
    }
  }

  private void pass(Socket from, Socket to, Duration after) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[65_536];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        byte[] bytes = Arrays.copyOf(buffer, read);
        late.schedule(() -> write(out, bytes), after.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      // One of the two connections was closed.
    }
  }

  private static void write(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      // The client has closed the connection.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : sockets) {
      each.close();
    }
    late.shutdownNow();
  }
}
