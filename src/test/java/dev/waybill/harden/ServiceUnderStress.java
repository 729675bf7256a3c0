package dev.waybill.harden;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.process.PackagedService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged service as a separate process that can start under limits and is measured from
 * outside.
 */
final class ServiceUnderStress implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
  private static final Pattern READY = Pattern.compile("Started WaybillApplication in");

  /** The shell command before the service starts; {@code $0} is the data folder. */
  static final String NOTHING = "true";

  /** Root can create mounts of its own. Other users need a user namespace, if that is allowed. */
  private static final String IN_OWN_MOUNTS =
      "if unshare --mount true 2>/dev/null; then exec unshare --mount \"$@\"; fi;"
          + " exec unshare --map-root-user --mount \"$@\"";

  /** Removes the right of root to write where permissions forbid it. */
  static final String AS_ANY_USER =
      "if [ $(id -u) = 0 ]; then"
          + " set -- setpriv --bounding-set=-dac_override,-dac_read_search \"$@\"; fi";

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
   * Starts it and waits until it serves requests or has ended.
   *
   * @param shell runs before it in the same process; can set limits
   * @param machine options of the virtual machine
   */
  static ServiceUnderStress start(
      Path dataDir, String shell, List<String> machine, String... settings) throws IOException {
    return launch(dataDir, List.of("sh"), shell, machine, settings);
  }

  /** Like {@link #start}, with file systems that only the service sees and that end with it. */
  static ServiceUnderStress startInOwnMounts(
      Path dataDir, String shell, List<String> machine, String... settings) throws IOException {
    return launch(dataDir, List.of("sh", "-c", IN_OWN_MOUNTS, "-", "sh"), shell, machine, settings);
  }

  private static ServiceUnderStress launch(
      Path dataDir, List<String> launcher, String shell, List<String> machine, String... settings)
      throws IOException {
    Files.createDirectories(dataDir);
    Path log = dataDir.resolveSibling(dataDir.getFileName() + ".log");
    List<String> command = new ArrayList<>(launcher);
    command.addAll(List.of("-c", shell + " && exec \"$@\"", dataDir.toString()));
    command.add(PackagedService.java());
    command.addAll(machine);
    command.addAll(PackagedService.arguments());
    command.addAll(List.of("--server.port=0", "--waybill.data-dir=" + dataDir));
    // As shipped, because it takes memory and time while the tests measure both.
    command.add("--waybill.warm-up=true");
    command.addAll(List.of(settings));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    ServiceUnderStress service = new ServiceUnderStress(process, log);
    try {
      Awaitility.await("service started, see " + log)
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !process.isAlive() || READY.matcher(service.log()).find());
    } catch (ConditionTimeoutException e) {
      process.destroyForcibly();
      throw e;
    }
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

  long logBytes() throws IOException {
    return Files.size(log);
  }

  /** Sends it a signal, such as {@code STOP}. */
  void signal(String name) throws IOException, InterruptedException {
    run("kill", "-" + name, Long.toString(process.pid()));
  }

  /** A path as the service sees it, with its own mounts. */
  Path inside(Path path) {
    return Path.of("/proc", Long.toString(process.pid()), "root").resolve("." + path);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(to(path).build(), BodyHandlers.ofString());
  }

  /** Sends a request on a new connection and returns the status of the answer. */
  int statusOnNewConnection(String path) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 20_000);
      socket.setSoTimeout(20_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }
  }

  /** Opens this number of connections at once; later requests use them. */
  void openConnections(int count) {
    Stream.generate(() -> http.sendAsync(to("/").build(), BodyHandlers.ofString()))
        .limit(count)
        .toList()
        .forEach(CompletableFuture::join);
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return http.send(to(path).DELETE().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String csv) throws IOException, InterruptedException {
    return http.send(request(csv), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> postAsync(String csv) {
    return http.sendAsync(request(csv), BodyHandlers.ofString());
  }

  private HttpRequest request(String csv) {
    return to("/api/upload/csv")
        .header("Content-Type", "text/csv")
        .POST(BodyPublishers.ofString(csv))
        .build();
  }

  JsonNode job(String id) throws IOException, InterruptedException {
    return JSON.readTree(get("/api/jobs/" + id).body());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60));
  }

  /** Uploads a file that must be accepted; the answer is the job's ID. */
  String upload(String csv) throws IOException, InterruptedException {
    HttpResponse<String> answer = post(csv);
    if (answer.statusCode() != 202) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body()).get("transactionId").asString();
  }

  /**
   * Waits until the job has this state. The fault that the test causes can make a query fail, too;
   * the query is then repeated.
   */
  JsonNode awaitJob(String id, Duration patience, Predicate<JsonNode> state) {
    return Awaitility.await("job " + id)
        .ignoreExceptions()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> job(id), state);
  }

  JsonNode awaitEnd(String id, Duration patience) {
    return awaitJob(id, patience, job -> !job.get("finishedAt").isNull());
  }

  /** Waits until readiness has this status. */
  void awaitReadiness(int status) {
    Awaitility.await("readiness " + status)
        .ignoreExceptions()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> get("/actuator/health/readiness").statusCode() == status);
  }

  void awaitLog(String text) {
    Awaitility.await("log: " + text)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> log().contains(text));
  }

  void awaitExit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("It has not ended:\n" + log());
    }
  }

  /** Like {@code kill}: an orderly stop. */
  void stop() throws InterruptedException {
    process.destroy();
    awaitExit();
  }

  /** Limits how many files and sockets it may open from now on; open ones stay open. */
  void limitFileHandles(long most) throws IOException, InterruptedException {
    // The limit applies to the numbers of new handles, whatever is closed.
    run("prlimit", "--pid", Long.toString(process.pid()), "--nofile=" + most + ":");
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

  /** Runs a full collection and returns the bytes of heap that are still alive. */
  long liveHeap() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String pid = Long.toString(process.pid());
    // In one command: between two, the service would allocate tens of megabytes.
    // The last line is such as "Total        254412       18941024".
    return number(run(jcmd.toString(), pid, "GC.class_histogram"), "Total +\\d+ +(\\d+)");
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
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
