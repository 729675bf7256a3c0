package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged service as a process of its own, started under limits and looked at from outside.
 */
final class ServiceUnderStress implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
  private static final Pattern READY = Pattern.compile("Started WaybillApplication in");

  /** What the shell does before it becomes the service; {@code $0} is the data folder. */
  static final String NOTHING = "true";

  private final Process process;
  private final Path log;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private int port;

  private ServiceUnderStress(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it and waits until it takes requests, or has ended.
   *
   * @param shell runs before it in the same process; can set limits
   * @param machine options of the virtual machine
   */
  static ServiceUnderStress start(
      Path dataDir, String shell, List<String> machine, String... settings) throws IOException {
    return launch(dataDir, List.of("sh"), shell, machine, settings);
  }

  /** As {@link #start}, with file systems that only it sees and that vanish with it. */
  static ServiceUnderStress startInOwnMounts(
      Path dataDir, String shell, List<String> machine, String... settings) throws IOException {
    List<String> launcher = List.of("unshare", "--map-root-user", "--mount", "sh");
    return launch(dataDir, launcher, shell, machine, settings);
  }

  private static ServiceUnderStress launch(
      Path dataDir, List<String> launcher, String shell, List<String> machine, String... settings)
      throws IOException {
    Files.createDirectories(dataDir);
    Path log = dataDir.resolveSibling(dataDir.getFileName() + ".log");
    List<String> command = new ArrayList<>(launcher);
    command.addAll(List.of("-c", shell + " && exec \"$@\"", dataDir.toString()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(machine);
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-jar", System.getProperty("waybill.jar")));
    command.addAll(List.of("--server.port=0", "--waybill.data-dir=" + dataDir));
    command.addAll(List.of(settings));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    ServiceUnderStress service = new ServiceUnderStress(process, log);
    Awaitility.await("service started, see " + log)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !process.isAlive() || READY.matcher(service.log()).find());
    Matcher started = STARTED.matcher(service.log());
    service.port = started.find() ? Integer.parseInt(started.group(1)) : 0;
    return service;
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() {
    return process.exitValue();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A path as the service sees it, with its own mounts. */
  Path inside(Path path) {
    return Path.of("/proc", Long.toString(process.pid()), "root").resolve("." + path);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(to(path).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return http.send(to(path).DELETE().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String csv) throws IOException, InterruptedException {
    return http.send(
        to("/api/upload/csv")
            .header("Content-Type", "text/csv")
            .POST(BodyPublishers.ofString(csv))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  /** Uploads a file that must be accepted; the answer is the job's ID. */
  String upload(String csv) throws IOException, InterruptedException {
    HttpResponse<String> answer = post(csv);
    if (answer.statusCode() != 202) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body()).get("transactionId").asString();
  }

  /** A question may itself fail by the trouble that the test makes; it is asked again then. */
  JsonNode awaitJob(String id, Duration patience, Predicate<JsonNode> state) {
    return Awaitility.await("job " + id)
        .ignoreExceptions()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> JSON.readTree(get("/api/jobs/" + id).body()), state);
  }

  JsonNode awaitEnd(String id, Duration patience) {
    return awaitJob(id, patience, job -> !job.get("finishedAt").isNull());
  }

  /** Waits until readiness has this status. */
  void awaitReadiness(int status) {
    Awaitility.await("readiness " + status)
        .ignoreExceptions()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> get("/actuator/health/readiness").statusCode() == status);
  }

  /** How many platform threads it has. */
  long threads() throws IOException {
    return number(Files.readString(proc("status")), "Threads:\\s+(\\d+)");
  }

  /** How many files and sockets it has open. */
  long fileHandles() throws IOException {
    try (Stream<Path> handles = Files.list(proc("fd"))) {
      return handles.count();
    }
  }

  /** The bytes of heap that are left alive by a full collection, which this asks for. */
  long liveHeap() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String pid = Long.toString(process.pid());
    run(jcmd.toString(), pid, "GC.run");
    // Such as "garbage-first heap   total reserved 262144K, committed 67584K, used 18941K"
    return 1024 * number(run(jcmd.toString(), pid, "GC.heap_info"), "used (\\d+)K");
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }

  private Path proc(String name) {
    return Path.of("/proc", Long.toString(process.pid()), name);
  }

  private static long number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in:\n" + text);
    }
    return Long.parseLong(matcher.group(1));
  }

  @Override
  public void close() throws InterruptedException {
    http.close();
    process.destroyForcibly().waitFor();
  }
}
