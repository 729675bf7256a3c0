package dev.waybill.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real nginx with the configuration of the repository, all of it in one folder. */
final class NginxProcess implements AutoCloseable {

  /** Debian installs it where only root's PATH looks. */
  private static final String PATH = System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin";

  private final Process process;
  private final Path folder;
  private final int port;
  private final int tlsPort;

  private NginxProcess(Process process, Path folder, int port, int tlsPort) {
    this.process = process;
    this.folder = folder;
    this.port = port;
    this.tlsPort = tlsPort;
  }

  /** Starts it on free ports and waits until it takes connections. */
  static NginxProcess start(Path folder, int podPort, Map<String, String> settings)
      throws IOException, InterruptedException {
    int port = freePort();
    int tlsPort = freePort();
    Path prepareLog = folder.resolveSibling(folder.getFileName() + "-prepare.log");
    ProcessBuilder prepare =
        new ProcessBuilder("nginx/prepare", folder.toString(), "127.0.0.1:" + podPort)
            .redirectErrorStream(true)
            .redirectOutput(prepareLog.toFile());
    prepare.environment().putAll(settings);
    prepare.environment().put("HTTP_LISTEN", "127.0.0.1:" + port);
    prepare.environment().put("HTTPS_LISTEN", "127.0.0.1:" + tlsPort);
    if (prepare.start().waitFor() != 0) {
      throw new IllegalStateException(Files.readString(prepareLog));
    }
    ProcessBuilder nginx =
        new ProcessBuilder(
                "env",
                "nginx",
                "-p",
                folder.toString(),
                "-c",
                folder.resolve("nginx.conf").toString(),
                "-g",
                "daemon off;")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("error.log").toFile());
    nginx.environment().put("PATH", PATH);
    NginxProcess started = new NginxProcess(nginx.start(), folder, port, tlsPort);
    Awaitility.await("nginx takes connections")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !started.process.isAlive() || started.takesConnections());
    if (!started.process.isAlive()) {
      throw new IllegalStateException("nginx did not start:\n" + started.log());
    }
    return started;
  }

  int port() {
    return port;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  URI tlsUri(String path) {
    return URI.create("https://localhost:" + tlsPort + path);
  }

  Path certificate() {
    return folder.resolve("tls/certificate.pem");
  }

  /** What nginx had to say, from warnings up. */
  String log() {
    try {
      return Files.readString(folder.resolve("error.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whatever it has put into temporary files and not removed. */
  Stream<Path> temporaryFiles() throws IOException {
    return Files.walk(folder.resolve("temp")).filter(Files::isRegularFile);
  }

  private boolean takesConnections() {
    try (Socket ignored = new Socket(InetAddress.getLoopbackAddress(), tlsPort)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy(); // ends its workers, too, which a forcible end would orphan
    process.onExit().join();
  }
}
