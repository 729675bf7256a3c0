package dev.waybill.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to a running service as any HTTP client would. */
final class WaybillClient implements AutoCloseable {

  static final String NDJSON = "application/x-ndjson";

  private static final JsonMapper JSON = new JsonMapper();

  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  WaybillClient(WaybillProcess service) {
    this.port = service.port();
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A GET, with header names and values in turn. */
  HttpResponse<String> get(String path, String... headers) throws IOException {
    HttpRequest.Builder request = to(path);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<String> delete(String jobId) throws IOException {
    return send(to("/api/jobs/" + jobId).DELETE());
  }

  HttpResponse<String> post(String query, byte[] csv) throws IOException {
    return post(query, BodyPublishers.ofByteArray(csv));
  }

  private HttpResponse<String> post(String query, HttpRequest.BodyPublisher body)
      throws IOException {
    return send(to("/api/upload/csv" + query).header("Content-Type", "text/csv").POST(body));
  }

  /** Uploads a file that must be accepted; the answer is the job's ID. */
  String upload(String query, byte[] csv) throws IOException {
    return accepted(post(query, csv));
  }

  String upload(String query, String csv) throws IOException {
    return upload(query, csv.getBytes(UTF_8));
  }

  /** Like {@link #upload(String, byte[])}, for a file that need not be in memory. */
  String upload(String query, Supplier<InputStream> csv) throws IOException {
    return accepted(post(query, BodyPublishers.ofInputStream(csv)));
  }

  private static String accepted(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return id(json(response));
  }

  JsonNode job(String id) throws IOException {
    HttpResponse<String> response = get("/api/jobs/" + id);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json(response);
  }

  JsonNode awaitJob(String id, Predicate<JsonNode> state) {
    return Awaitility.await("job " + id)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> job(id), state);
  }

  JsonNode awaitEnd(String id) {
    return awaitJob(id, job -> !job.get("finishedAt").isNull());
  }

  /** Uploads a file and waits for the job's end. */
  JsonNode imported(String query, String csv) throws IOException {
    return awaitEnd(upload(query, csv));
  }

  /** Reads all items of a paged address, page by page. */
  List<JsonNode> pages(String path, int limit) throws IOException {
    List<JsonNode> items = new ArrayList<>();
    String after = "";
    while (true) {
      HttpResponse<String> response = get(path + "?limit=" + limit + after);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      JsonNode page = json(response);
      page.get("items").forEach(items::add);
      if (page.get("next").isNull()) {
        return items;
      }
      assertThat(page.get("items").size()).isEqualTo(limit);
      after = "&after=" + page.get("next").asString();
    }
  }

  /** A list of a job as a whole, such as {@code /products}, in a given form. */
  String text(String jobId, String list, String accept) throws IOException {
    HttpResponse<String> response = get("/api/jobs/" + jobId + list, "Accept", accept);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  /** Saves what an address answers in a given form. */
  Path download(String path, String accept, Path to) throws IOException {
    try {
      HttpResponse<Path> response =
          http.send(to(path).header("Accept", accept).build(), BodyHandlers.ofFile(to));
      assertThat(response.statusCode()).isEqualTo(200);
      return to;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The value of a metric, named with its tags as Prometheus writes it; 0 if there is none. */
  double metric(String name) throws IOException {
    return get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  static String id(JsonNode job) {
    return job.get("transactionId").asString();
  }

  /** A header of an answer, or null if it has none. */
  static @Nullable String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  static JsonNode json(HttpResponse<String> response) {
    return json(response.body());
  }

  static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  /** Asserts that an answer is this problem. */
  static JsonNode assertProblem(HttpResponse<String> response, int status, String name) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = json(response);
    assertThat(problem.get("type").asString()).isEqualTo("urn:waybill:problem:" + name);
    assertThat(problem.get("title").asString()).isNotBlank();
    assertThat(problem.get("detail").asString()).isNotBlank();
    return problem;
  }

  static void assertCounts(
      JsonNode job, long rows, long created, long updated, long unchanged, long rejected) {
    assertThat(job.get("counts").toString())
        .as(job.toString())
        .isEqualTo(
            ("{\"rows\":%d,\"created\":%d,\"updated\":%d,\"unchanged\":%d,\"rejected\":%d,"
                    + "\"products\":%d,\"merged\":0,\"skipped\":0}")
                .formatted(
                    rows, created, updated, unchanged, rejected, created + updated + unchanged));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
