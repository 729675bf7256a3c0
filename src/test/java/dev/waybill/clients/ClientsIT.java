package dev.waybill.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;
import static org.awaitility.Awaitility.await;

import dev.waybill.process.WaybillProcess;
import dev.waybill.proxy.NginxProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Real clients with the code that their users write, on both transports. Each client watches a job,
 * loses its connection, resumes, gets the final event once, and stops. {@code docs/clients.md}
 * shows the same code.
 */
class ClientsIT {

  /**
   * One transaction per row makes the job so slow that the test can cut off all clients before its
   * end.
   */
  private static final String SLOW = "--waybill.import.chunk-rows=1";

  private static final int ROWS = 400_000;
  private static final int EVENTS_BETWEEN = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;

  /** A client, its connection that the test can cut, and the events that it has received. */
  private record Watcher(String name, Line line, Watched watched, CompletableFuture<Void> end) {}

  @BeforeAll
  static void fetchPackages() throws Exception {
    if (!Files.exists(ProgramWatch.FOLDER.resolve("node_modules"))) {
      Process npm =
          new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
              .directory(ProgramWatch.FOLDER.toFile())
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(npm.waitFor()).as("npm ci in " + ProgramWatch.FOLDER).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"emitter", "socket"})
  void eachClientResumesAndGetsTheFinalEventOnce(String transport) throws Exception {
    List<Watcher> watchers = new ArrayList<>();
    try (WaybillProcess service =
            WaybillProcess.start(
                folder.resolve("data"), SLOW, "--waybill.stream.transport=" + transport);
        NginxProcess nginx = NginxProcess.start(folder.resolve("nginx"), service.port(), Map.of());
        HttpClient http = HttpClient.newHttpClient()) {
      String job = startJob(http, service);
      clients().forEach((name, client) -> watchers.add(watch(name, client, service, nginx, job)));

      awaitEach(watchers, watcher -> watcher.watched().size() >= EVENTS_BETWEEN);
      Map<String, Integer> before =
          watchers.stream().collect(Collectors.toMap(Watcher::name, w -> w.watched().size()));
      watchers.forEach(watcher -> watcher.line().cut());
      awaitEach(
          watchers,
          watcher -> watcher.watched().size() >= before.get(watcher.name()) + EVENTS_BETWEEN);
      send(http, HttpRequest.newBuilder(service.uri("/api/jobs/" + job)).DELETE());
      awaitEach(watchers, watcher -> watcher.end().isDone());

      assertSoftly(
          softly ->
              watchers.forEach(
                  watcher -> {
                    Watched watched = watcher.watched();
                    softly.assertThat(watcher.end()).as(watcher.name()).isCompleted();
                    softly.assertThat(watched.outOfOrder()).as(watcher.name()).isEmpty();
                    // A second snapshot would mean that the client started again instead of
                    // resuming.
                    softly
                        .assertThat(watched.names())
                        .as(watcher.name())
                        .startsWith("snapshot")
                        .endsWith("cancelled")
                        .containsOnlyOnce("snapshot", "cancelled");
                    softly.assertThat(watcher.line().connections()).isGreaterThan(1);
                  }));
    } finally {
      for (Watcher watcher : watchers) {
        watcher.line().close();
      }
    }
  }

  private static Map<String, SseClient> clients() {
    Map<String, SseClient> clients = new LinkedHashMap<>();
    clients.put("eventsource", ProgramWatch.node("eventsource.js"));
    clients.put("undici", ProgramWatch.node("undici.js"));
    clients.put("fetch-event-source", new ChromiumWatch());
    clients.put("okhttp-sse", new OkHttpClientWatch());
    clients.put("WebClient", new WebClientWatch());
    clients.put("Jersey", new JerseyWatch());
    clients.put("JDK", new JdkWatch());
    clients.put("Python", ProgramWatch.python("watch.py"));
    clients.put("curl, HTTP/1.0", ProgramWatch.curl("--http1.0"));
    clients.put("curl, HTTP/1.1", ProgramWatch.curl("--http1.1"));
    clients.put("curl, HTTP/2 through nginx", ProgramWatch.curl("--http2", "--insecure"));
    return clients;
  }

  private static Watcher watch(
      String name, SseClient client, WaybillProcess service, NginxProcess nginx, String job) {
    try {
      boolean tls = name.contains("nginx");
      Line line = new Line(tls ? nginx.tlsUri("/").getPort() : service.port());
      URI events =
          URI.create(
              (tls ? "https" : "http")
                  + "://localhost:%d/api/jobs/%s/events".formatted(line.port(), job));
      Watched watched = new Watched();
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.watch(events, watched::add);
                } catch (Exception e) {
                  throw new IllegalStateException(name, e);
                }
              },
              task -> Thread.ofPlatform().daemon().start(task));
      return new Watcher(name, line, watched, end);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String startJob(HttpClient http, WaybillProcess service) throws Exception {
    String csv =
        IntStream.range(0, ROWS)
            .mapToObj(row -> "CLIENT-" + row + ",Mug\n")
            .collect(Collectors.joining("", "sku,name\n", ""));
    String answer =
        send(
            http,
            HttpRequest.newBuilder(service.uri("/api/upload/csv"))
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv)));
    String job = new JsonMapper().readTree(answer).get("transactionId").asString();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                send(http, HttpRequest.newBuilder(service.uri("/api/jobs/" + job)))
                    .contains("\"RUNNING\""));
    return job;
  }

  private static String send(HttpClient http, HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString()).body();
  }

  private static void awaitEach(List<Watcher> watchers, Predicate<Watcher> reached) {
    try {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  watchers.stream()
                      .allMatch(w -> w.end().isCompletedExceptionally() || reached.test(w)));
    } finally {
      watchers.stream()
          .filter(watcher -> !reached.test(watcher))
          .forEach(
              watcher -> System.out.println(watcher.name() + " " + watcher.watched().events()));
    }
  }
}
