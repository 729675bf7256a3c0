package dev.waybill.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code scripts/waybill} as a process, with the application in this process. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ShellClientTest {

  private static final Path SCRIPT = Path.of("scripts/waybill").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TOKEN = "wbk_0123456789abcdef";

  @TempDir static Path data;

  @LocalServerPort int port;
  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> started = new ArrayList<>();

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> data);
  }

  @AfterEach
  void stopWhatRuns() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    http.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({"0, no, 0", "1, yes, 0", "2, no, 1"})
  void theDocumentedImportShowsRejectionsOnlyIfThereAreSome(int result, String shows, int exit)
      throws Exception {
    String line =
        Files.readAllLines(Path.of("docs/clients.md")).stream()
            .filter(text -> text.startsWith("waybill import "))
            .findFirst()
            .orElseThrow();
    Process shell =
        new ProcessBuilder(
                "bash",
                "-c",
                "waybill() { return %d; }; less() { echo shown; }; %s".formatted(result, line))
            .redirectErrorStream(true)
            .start();

    String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(output).isEqualTo(shows.equals("yes") ? "shown\n" : "");
    assertThat(shell.waitFor()).isEqualTo(exit);
  }

  @Test
  void importsAFileAndSaysByItsExitCodeWhetherAllRowsWereAccepted() throws Exception {
    Path good = Files.writeString(folder.resolve("it's {good} ü.csv"), "sku,name\nA-1,Mug\n");
    Run accepted = waybill("import", good.toString());
    assertThat(accepted.exit()).as(accepted.errors()).isZero();
    assertThat(accepted.output()).startsWith("COMPLETED: 1 rows, 1 created");
    assertThat(newestJob().get("fileName").asString()).isEqualTo("it's {good} ü.csv");

    assertThat(accepted.output()).endsWith(" 0 rejected\n");
    assertThat(waybill("import", "--dry-run", good.toString()).output())
        .isEqualTo(
            "COMPLETED: 1 rows, 0 created, 0 updated, 1 unchanged, 0 rejected"
                + " (dry run, no product was stored)\n");

    Path rejections = folder.resolve("rejections.csv");
    Path mixed = Files.writeString(folder.resolve("mixed.csv"), "sku,name\nA-2,Mug\n,Lamp\n");
    Run rejected = waybill("import", "--rejections=" + rejections, mixed.toString());
    assertThat(rejected.exit()).as(rejected.errors()).isEqualTo(1);
    assertThat(rejections).content().contains(",Lamp,2,");

    Path refused = Files.writeString(folder.resolve("refused.csv"), "a,b\n1,2\n");
    Run failed = waybill("import", refused.toString());
    assertThat(failed.exit()).isEqualTo(2);
    assertThat(failed.errors()).contains("(422)");
    assertThat(waybill("import", "--dry-run", "--delimiter=semicolon", mixed.toString()).exit())
        .isEqualTo(2);
    assertThat(waybill("import", folder.resolve("none.csv").toString()).exit()).isEqualTo(2);
  }

  @Test
  void publishesJsonAndTextAndWatchesUntilTheEndOverALostConnection() throws Exception {
    try (Line line = new Line(port)) {
      Process watch = start(line.port(), "watch", "shell-orders");
      await().atMost(PATIENCE).until(() -> watchers("shell-orders") == 1);
      assertThat(waybill("publish", "shell-orders", "order", "{\"number\":1}").output())
          .startsWith("1-1");
      waybill("publish", "shell-orders", "a \"text\" of\ntwo lines \\ ü");
      await().atMost(PATIENCE).until(() -> outputOf(watch).lines().count() == 2);

      line.cut();
      waybill("publish", "--text", "shell-orders", "order", "{\"number\":2}");
      await().atMost(PATIENCE).until(() -> outputOf(watch).lines().count() == 3);
      send("DELETE", "/api/streams/shell-orders");

      assertThat(watch.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(watch.exitValue()).isZero();
      assertThat(outputOf(watch).lines().limit(3))
          .containsExactly(
              "order\t{\"number\":1}",
              "message\ta \"text\" of\\ntwo lines \\ ü",
              "order\t{\"number\":2}");
      assertThat(outputOf(watch).lines().skip(3))
          .singleElement()
          .asString()
          .startsWith("waybill.closed\t");
      assertThat(line.connections()).isGreaterThan(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"import, --help", "watch, --help", "publish, --help", "run, --help", "run, -h"})
  void eachCommandPrintsTheHelp(String command, String option) throws Exception {
    Run run = waybill(command, option);
    assertThat(run.exit()).as(run.errors()).isZero();
    assertThat(run.output()).startsWith("waybill import ").contains("waybill run ");
  }

  @Test
  void reportsTheLinesOfACommandAndItsExit() throws Exception {
    Run run =
        waybill(
            "run",
            "--title=Nightly \"backup\"",
            "--total=4",
            "--",
            "sh",
            "-c",
            "echo one; echo 'two \"ü\\' >&2; printf 'three\\n\\033[1mfour'; echo; exit 3");
    assertThat(run.exit()).as(run.errors()).isEqualTo(3);
    assertThat(run.output()).isEqualTo("one\nthree\n\u001b[1mfour\n");
    assertThat(run.errors()).contains("two \"ü\\");
    JsonNode job = newestJob();
    assertThat(job.get("title").asString()).isEqualTo("Nightly \"backup\"");
    assertThat(job.get("status").asString()).isEqualTo("FAILED");
    assertThat(job.get("error").get("code").asString()).isEqualTo("exit-3");
    assertThat(job.get("done").asInt()).isEqualTo(4);
    assertThat(job.get("percent").asDouble()).isEqualTo(100);

    assertThat(waybill("run", "--", "true").exit()).isZero();
    assertThat(newestJob().get("status").asString()).isEqualTo("COMPLETED");
    assertThat(waybill("run", "--", "/no/such/command").exit()).isEqualTo(127);
  }

  @Test
  void stopsTheCommandWhenTheJobIsCancelled() throws Exception {
    // A cancel of the job also stops processes that the command has started.
    Process run = start(port, "run", "--", "sh", "-c", "echo started; sleep 300 & wait");
    await()
        .atMost(PATIENCE)
        .until(() -> newestJob().path("message").asString("").equals("started"));
    List<ProcessHandle> below = run.descendants().toList();
    String id = newestJob().get("transactionId").asString();
    send("DELETE", "/api/jobs/" + id);

    assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).isEqualTo(143);
    assertThat(job(id).get("status").asString()).isEqualTo("CANCELLED");
    await().atMost(PATIENCE).until(() -> below.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(waybill("watch", id).exit()).isEqualTo(2);
  }

  @Test
  void passesASignalOnAndReportsTheCommandsEnd() throws Exception {
    Process run =
        start(
            port,
            "run",
            "--",
            "sh",
            "-c",
            "trap 'echo bye; exit 7' TERM; echo up; sleep 300 & wait");
    await().atMost(PATIENCE).until(() -> newestJob().path("message").asString("").equals("up"));
    run.destroy();

    assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).isEqualTo(7);
    JsonNode error = newestJob().get("error");
    assertThat(error.get("code").asString()).isEqualTo("exit-7");
    assertThat(error.get("detail").asString()).contains("SIGTERM").contains("bye");
  }

  @Test
  void showsTheTokenToTheServiceAndToNoListOfProcessesAndRepeatsWhatWasNotAnswered()
      throws Exception {
    List<String> credentials = new CopyOnWriteArrayList<>();
    List<String> bodies = new CopyOnWriteArrayList<>();
    List<String> commandLines = new CopyOnWriteArrayList<>();
    HttpServer service =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/",
        exchange -> {
          credentials.add(exchange.getRequestHeaders().getFirst("Authorization"));
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          ProcessHandle.allProcesses()
              .flatMap(process -> process.info().commandLine().stream())
              .forEach(commandLines::add);
          answer(exchange, bodies.size() == 1 ? 503 : 200);
        });
    service.start();
    try {
      Process publish = start(service.getAddress().getPort(), "publish", "orders", "42");
      assertThat(publish.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(publish.exitValue()).isZero();
    } finally {
      service.stop(0);
    }
    assertThat(credentials).hasSize(2).containsOnly("Bearer " + TOKEN);
    assertThat(bodies.getLast()).isEqualTo(bodies.getFirst()).contains("\"messageId\":");
    assertThat(commandLines).isNotEmpty().noneMatch(line -> line.contains(TOKEN));
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    byte[] body = "{\"ids\":[\"1-1\"],\"watchers\":0}".getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** What a command has printed, and its exit code. */
  private record Run(int exit, String output, String errors) {}

  private Run waybill(String... arguments) throws Exception {
    Process process = start(port, arguments);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(String.join(" ", arguments)).isTrue();
    return new Run(process.exitValue(), outputOf(process), Files.readString(file(process, "err")));
  }

  private Process start(int to, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    int number = started.size();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve(number + ".out").toFile())
            .redirectError(folder.resolve(number + ".err").toFile());
    builder.environment().put("WAYBILL_URL", "http://localhost:" + to);
    builder.environment().put("WAYBILL_PATIENCE", "30");
    if (to == port) {
      builder.environment().remove("WAYBILL_TOKEN");
    } else {
      builder.environment().put("WAYBILL_TOKEN", TOKEN);
    }
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String outputOf(Process process) throws IOException {
    return Files.readString(file(process, "out"));
  }

  private Path file(Process process, String ending) {
    return folder.resolve(started.indexOf(process) + "." + ending);
  }

  private int watchers(String stream) throws Exception {
    return JsonMapper.shared()
        .readTree(send("GET", "/api/emitters?stream=" + stream))
        .get("total")
        .asInt();
  }

  private JsonNode newestJob() throws Exception {
    JsonNode items = JsonMapper.shared().readTree(send("GET", "/api/jobs?limit=1")).get("items");
    return items.isEmpty() ? JsonMapper.shared().createObjectNode() : items.get(0);
  }

  private JsonNode job(String id) throws Exception {
    return JsonMapper.shared().readTree(send("GET", "/api/jobs/" + id));
  }

  private String send(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .method(method, BodyPublishers.noBody())
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }
}
