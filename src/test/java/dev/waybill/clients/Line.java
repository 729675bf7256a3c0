package dev.waybill.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Forwards TCP connections to a port of this machine. A test can cut them, as a tunnel does with
 * the connections of a train.
 */
final class Line implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  Line(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** How many connections clients have made. */
  int connections() {
    return connections.get();
  }

  /** Resets all connections, in both directions. */
  void cut() {
    sockets.forEach(Line::reset);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        connections.incrementAndGet();
        Socket service = new Socket(InetAddress.getLoopbackAddress(), target);
        pass(client, service);
        pass(service, client);
      } catch (IOException e) {
        // The line was closed, or the service cannot be reached: the client sees a lost connection.
      }
    }
  }

  private void pass(Socket from, Socket to) {
    sockets.add(from);
    Thread.ofVirtual()
        .start(
            () -> {
              try (from;
                  to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[8192];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                  out.write(buffer, 0, n);
                }
              } catch (IOException e) {
                // One end has closed its connection, so the connection to the other end is closed,
                // too.
              } finally {
                sockets.remove(from);
              }
            });
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // The client or the service has closed it.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
