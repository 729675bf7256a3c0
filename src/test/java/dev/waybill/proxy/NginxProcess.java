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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real nginx with the configuration of the repository, with all its files in one folder. */
public final class NginxProcess implements AutoCloseable {

  /** Debian installs nginx in a folder that only root's PATH contains. */
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

  /** Starts nginx in front of one pod, on free ports, and waits until it accepts connections. */
  public static NginxProcess start(Path folder, int podPort, Map<String, String> settings)
      throws IOException, InterruptedException {
    return start(folder, List.of(podPort), settings);
  }

  /** Starts it in front of several pods. */
  static NginxProcess start(Path folder, List<Integer> podPorts, Map<String, String> settings)
      throws IOException, InterruptedException {
    int port = freePort();
    int tlsPort = freePort();
    Path prepareLog = folder.resolveSibling(folder.getFileName() + "-prepare.log");
    List<String> command = new ArrayList<>(List.of("nginx/prepare", folder.toString()));
    podPorts.forEach(podPort -> command.add("127.0.0.1:" + podPort));
    ProcessBuilder prepare =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(prepareLog.toFile());
    prepare.environment().putAll(settings);
    prepare.environment().put("HTTP_LISTEN", "127.0.0.1:" + port);
    prepare.environment().put("HTTPS_LISTEN", "127.0.0.1:" + tlsPort);
    if (prepare.start().waitFor() != 0) {
      throw new IllegalStateException(Files.readString(prepareLog));
    }
    return launch(folder, port, tlsPort);
  }

  /** Starts it with the content of a server block, which listens on a free port. */
  static NginxProcess startWith(Path folder, String server)
      throws IOException, InterruptedException {
    int port = freePort();
    Files.createDirectories(folder.resolve("temp"));
    StringBuilder paths = new StringBuilder();
    for (String use : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      paths.append(use).append("_temp_path temp/").append(use).append(";\n");
    }
    Files.writeString(
        folder.resolve("nginx.conf"),
        """
        pid nginx.pid;
        error_log stderr warn;
        events {}
        http {
        access_log off;
        %s
        server {
        listen 127.0.0.1:%d;
        %s
        }
        }
        """
            .formatted(paths, port, server));
    return launch(folder, port, port);
  }

  private static NginxProcess launch(Path folder, int port, int tlsPort)
      throws IOException, InterruptedException {
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

  public URI tlsUri(String path) {
    return URI.create("https://localhost:" + tlsPort + path);
  }

  Path certificate() {
    return folder.resolve("tls/certificate.pem");
  }

  int tlsPort() {
    return tlsPort;
  }

  /** Everything that nginx logged, about itself and about requests. */
  String logs() throws IOException {
    Path requests = folder.resolve("pods.log");
    return log() + (Files.exists(requests) ? Files.readString(requests) : "");
  }

  /** What nginx logged about itself. */
  String log() {
    try {
      return Files.readString(folder.resolve("error.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The temporary files that it wrote and did not remove. */
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
    process.destroy(); // also ends its workers; a forcible end would leave them running
    process.onExit().join();
  }
}
