package dev.waybill.faults;

import dev.waybill.faults.pod.FaultPoint;
import dev.waybill.faults.pod.FaultPoints;
import dev.waybill.process.PackagedService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Three pods, nginx, Redis and PostgreSQL as {@code scripts/cluster} starts them, on free ports.
 * They have a folder of their own, which is deleted at the end. A part is {@code "1"} to {@code
 * "3"}, {@code "nginx"}, {@code "redis"} or {@code "postgres"}.
 */
final class Cluster implements AutoCloseable {

  static final List<String> PODS = List.of("1", "2", "3");

  private final Path state;
  private final Thread closeAtExit = new Thread(this::wipe);
  private int httpPort;
  private List<Integer> podPorts = List.of();

  private Cluster(Path state) {
    this.state = state;
  }

  static Cluster up(String... podArguments) {
    return up("off", podArguments);
  }

  /** The same, but calls need a credential, as with {@code docker-compose.yml}. */
  static Cluster upWithAccess(String... podArguments) {
    return up("on", podArguments);
  }

  private static Cluster up(String access, String... podArguments) {
    try {
      Path state = Files.createTempDirectory("waybill-faults");
      // If this process runs as root, PostgreSQL runs as another user.
      Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
      Cluster cluster = new Cluster(state);
      Runtime.getRuntime().addShutdownHook(cluster.closeAtExit);
      cluster.run(
          Map.of(
              "CLUSTER_HTTP_PORT", "0",
              "CLUSTER_HTTPS_PORT", "0",
              "CLUSTER_REDIS_PORT", "0",
              "CLUSTER_POSTGRES_PORT", "0",
              "CLUSTER_POD_PORTS", "0 0 0",
              "CLUSTER_ACCESS", access,
              "CLUSTER_POD_ARGS", String.join(" ", cluster.withFaultPoints(podArguments))),
          "up");
      cluster.httpPort = Integer.parseInt(cluster.setting("CLUSTER_HTTP_PORT"));
      cluster.podPorts =
          Stream.of(cluster.setting("CLUSTER_POD_PORTS").split(" ")).map(Integer::valueOf).toList();
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int nginxPort() {
    return httpPort;
  }

  int nginxTlsPort() {
    return Integer.parseInt(setting("CLUSTER_HTTPS_PORT"));
  }

  /** The certificate that nginx has signed itself. */
  Path certificate() {
    return state.resolve("nginx/tls/certificate.pem");
  }

  /** The first API key, which has all scopes. There is none without access. */
  String firstKey() {
    return read("secrets/key");
  }

  int podPort(String pod) {
    return podPorts.get(Integer.parseInt(pod) - 1);
  }

  /** Where a watcher may connect: the pods, then nginx. */
  List<Integer> entries() {
    return Stream.concat(podPorts.stream(), Stream.of(httpPort)).toList();
  }

  void kill(String part) {
    run("kill", part);
  }

  /** Freezes a pod immediately. */
  void freeze(String pod) {
    signal("-STOP", "pod" + pod);
  }

  void thaw(String pod) {
    signal("-CONT", "pod" + pod);
  }

  void start(String part) {
    run("start", part);
  }

  void stop(String part) {
    run("stop", part);
  }

  /**
   * Makes the upload folder unavailable, like a shared file system that is not mounted for a while.
   */
  void takeUploadFolderAway() {
    move("uploads", "uploads.away");
  }

  void bringUploadFolderBack() {
    move("uploads.away", "uploads");
  }

  private void move(String from, String to) {
    try {
      Files.move(state.resolve("shared").resolve(from), state.resolve("shared").resolve(to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isReady(String pod) {
    try {
      URI readiness =
          URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(podPort(pod)));
      HttpURLConnection connection = (HttpURLConnection) readiness.toURL().openConnection();
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  int redisPort() {
    return Integer.parseInt(setting("CLUSTER_REDIS_PORT"));
  }

  String redisPassword() {
    return read("secrets/redis");
  }

  private List<String> withFaultPoints(String... podArguments) throws IOException {
    Files.createDirectory(armed());
    // Pods must be able to delete files here, whatever user runs them.
    Files.setPosixFilePermissions(armed(), PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> all = new ArrayList<>(List.of(podArguments));
    all.add("--spring.main.sources=" + FaultPoints.class.getName());
    all.add("--%s=%s".formatted(FaultPoints.FOLDER, armed()));
    return all;
  }

  private Path armed() {
    return state.resolve("armed");
  }

  /** The first pod that reaches this point freezes there until it is thawed. */
  void arm(FaultPoint point) {
    put(point.name());
  }

  /** Slows imports down from now on. */
  void slowDown() {
    put(FaultPoints.SLOWLY);
  }

  private void put(String file) {
    try {
      Files.createFile(armed().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets imports run at full speed again, and disarms all points. */
  void disarm() {
    try (Stream<Path> files = Files.list(armed())) {
      for (Path each : (Iterable<Path>) files::iterator) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The frozen pods. */
  List<String> frozen() {
    return PODS.stream()
        .filter(pod -> Files.exists(pidFile(pod)))
        .filter(pod -> stateOf(read("pod" + pod + ".pid")) == 'T')
        .toList();
  }

  /** The state of the process in the kernel: R is running, T is stopped. */
  private static char stateOf(String pid) {
    try {
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return 'X'; // the process has ended
    }
  }

  private Path pidFile(String pod) {
    return state.resolve("pod" + pod + ".pid");
  }

  /** Everything that nginx logged, about itself and about requests. */
  String nginxLogs() {
    String requests = Files.exists(state.resolve("nginx/pods.log")) ? read("nginx/pods.log") : "";
    return read("nginx.log") + requests;
  }

  boolean isRunning(String pod) {
    return Files.exists(Path.of("/proc", read("pod" + pod + ".pid")));
  }

  long logBytes(String pod) {
    try {
      return Files.size(state.resolve("pod" + pod + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes nginx reload its configuration. New processes start; old ones serve open connections. */
  void reloadNginx() {
    signal("-HUP", "nginx");
  }

  private void signal(String signal, String process) {
    execute(new ProcessBuilder("kill", signal, read(process + ".pid")));
  }

  /**
   * Disarms all points, thaws frozen parts, starts parts that do not run, and waits until all pods
   * are ready.
   */
  void heal() {
    disarm();
    PODS.stream().filter(pod -> Files.exists(pidFile(pod))).forEach(this::thaw);
    run("up");
  }

  /** The pod that imports a job at the moment. */
  Optional<String> importing(String jobId) {
    return workingOn("scheduled_tasks", jobId);
  }

  /** The pod that runs a task of this table of db-scheduler at the moment. */
  Optional<String> workingOn(String table, String instance) {
    return podNamed(
        "SELECT picked_by FROM %s WHERE picked AND task_instance = ?".formatted(table), instance);
  }

  /** The pod whose name is the first column of a query's first row. */
  Optional<String> podNamed(String sql, String parameter) {
    List<String> names = query(sql, parameter);
    return names.isEmpty()
        ? Optional.empty()
        : PODS.stream().filter(pod -> read("pod" + pod + ".name").equals(names.get(0))).findAny();
  }

  /** The first column of each row of a query's result. */
  List<String> query(String sql, String parameter) {
    String url =
        "jdbc:postgresql://127.0.0.1:%s/waybill".formatted(setting("CLUSTER_POSTGRES_PORT"));
    try (Connection connection =
            DriverManager.getConnection(url, "waybill", read("secrets/postgres"));
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      List<String> answers = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          answers.add(rows.getString(1));
        }
      }
      return answers;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String setting(String name) {
    return read("settings/" + name);
  }

  private String read(String file) {
    try {
      return Files.readString(state.resolve(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(String... command) {
    run(Map.of(), command);
  }

  private void run(Map<String, String> settings, String... command) {
    List<String> line = new ArrayList<>(List.of("scripts/cluster"));
    line.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("CLUSTER_DIR", state.toString());
    // Outside of a Maven run, the script chooses from its default range.
    String ports = System.getProperty("waybill.cluster.ports", "");
    builder.environment().put("CLUSTER_FREE_PORTS", ports);
    PackagedService service = ServiceWithFaultPoints.SERVICE;
    builder.environment().put("CLUSTER_JAR", service.jar().toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_TOOL_OPTIONS", String.join(" ", service.options()));
    builder.environment().putAll(settings);
    execute(builder);
  }

  private void execute(ProcessBuilder builder) {
    try {
      Path output = state.resolve("script.log");
      Process process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start();
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            builder.command() + " failed:\n" + Files.readString(output));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(closeAtExit);
    wipe();
  }

  private void wipe() {
    if (Files.exists(state.resolve("settings"))) {
      run("down", "--wipe");
    }
  }
}
