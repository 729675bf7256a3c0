package dev.waybill.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The packaged service as a separate process, which tests start and kill like an operator. */
public final class WaybillProcess implements AutoCloseable {

  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
  private static final Pattern READY = Pattern.compile("Started WaybillApplication in");

  private final Process process;
  private final Path log;
  private final int port;

  private WaybillProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts the service on a free port and waits until it accepts requests. */
  public static WaybillProcess start(Path dataDir, String... arguments) {
    return startAt(0, dataDir, arguments);
  }

  /** Starts it on a given port, as after a restart; 0 for a free one. */
  public static WaybillProcess startAt(int port, Path dataDir, String... arguments) {
    Path log = dataDir.resolveSibling(dataDir.getFileName() + "-" + System.nanoTime() + ".log");
    Process process = launch(port, dataDir, log, arguments);
    try {
      // Long, because on a machine that also builds, the start takes ten times as long.
      Awaitility.await("service started, see " + log)
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !process.isAlive() || READY.matcher(read(log)).find());
    } catch (ConditionTimeoutException e) {
      process.destroyForcibly();
      throw e;
    }
    Matcher started = PORT.matcher(read(log));
    if (!started.find()) {
      throw new IllegalStateException("The service did not start:\n" + read(log));
    }
    return new WaybillProcess(process, log, Integer.parseInt(started.group(1)));
  }

  /**
   * Starts the service with settings that it must refuse, waits for its end, and returns its log.
   */
  public static String logOfRefusedStart(Path dataDir, String... arguments) throws Exception {
    Path log = dataDir.resolveSibling("refused-" + System.nanoTime() + ".log");
    Process process = launch(0, dataDir, log, arguments);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("The service should have refused to start:\n" + read(log));
    }
    return read(log);
  }

  private static Process launch(int port, Path dataDir, Path log, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(PackagedService.java());
    command.add("-Xmx256m");
    command.addAll(PackagedService.arguments());
    command.add("--server.port=" + port);
    command.add("--waybill.data-dir=" + dataDir);
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public String log() {
    return read(log);
  }

  /** The most memory that the process has ever held, in megabytes, as the kernel counts it. */
  public long peakMegabytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /** What the JVM's own tool {@code jcmd} says about the process. */
  public String diagnose(String command) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    return new String(jcmd.getInputStream().readAllBytes(), UTF_8);
  }

  /** As {@code kill -9}: no shutdown hook runs. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** As {@code kill}: an orderly shutdown; returns how long it took. */
  public Duration stop() throws InterruptedException {
    long start = System.nanoTime();
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("The service did not stop:\n" + read(log));
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String read(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
