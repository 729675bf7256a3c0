package dev.waybill.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Listens at a port that was closed until now, and passes all bytes on to another port. When it is
 * closed, it also ends all connections.
 */
final class PortForward implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  PortForward(int port, int target) throws IOException {
    server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    Thread.startVirtualThread(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        sockets.add(client);
        Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.startVirtualThread(() -> pass(client, broker));
        Thread.startVirtualThread(() -> pass(broker, client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one of the two is closed
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket client : sockets) {
      client.close();
    }
  }
}
