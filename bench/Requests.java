import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Sends requests one after the other on one connection. Prints the duration of each request in
 * microseconds.
 */
class Requests {

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    String key = arguments.length > 2 ? "X-Api-Key: " + arguments[2] + "\r\n" : "";
    byte[] request =
        ("HEAD /api/products?sku=none HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + key + "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setTcpNoDelay(true);
      long start = System.nanoTime();
      run(socket, request, count);
      System.out.printf("%.1f%n", (System.nanoTime() - start) / 1e3 / count);
    }
  }

  private static void run(Socket socket, byte[] request, int count) throws Exception {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    for (int i = 0; i < count; i++) {
      socket.getOutputStream().write(request);
      int read = 0;
      // The answer to a HEAD request consists only of a head, which ends with an empty line.
      while (read < 4 || buffer[read - 1] != '\n' || buffer[read - 3] != '\n') {
        int more = in.read(buffer, read, buffer.length - read);
        if (more < 0) {
          throw new IllegalStateException("the server closed the connection");
        }
        read += more;
      }
    }
  }
}
