package dev.waybill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.WaybillApplication;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One whole pod in this process. */
final class KafkaPod implements AutoCloseable {

  final ConfigurableApplicationContext context;
  final JdbcClient database;
  private final HttpClient http = HttpClient.newHttpClient();

  KafkaPod(Path folder, List<String> arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--server.shutdown=immediate",
                "--spring.main.banner-mode=off",
                "--logging.level.kafka=error",
                "--logging.level.state.change.logger=error",
                "--waybill.data-dir=" + folder));
    all.addAll(arguments);
    context =
        new SpringApplicationBuilder(WaybillApplication.class)
            .registerShutdownHook(false)
            .run(all.toArray(String[]::new));
    database = context.getBean(JdbcClient.class);
  }

  int port() {
    return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  /** Creates a job of a worker. Returns it with its ID and the token of its worker. */
  JsonNode createJob() throws Exception {
    return JsonMapper.shared()
        .readTree(
            post(
                "/api/jobs",
                "application/json",
                "{\"kind\":\"parcel\",\"title\":\"A parcel\"}",
                null));
  }

  /** Sends a report of the job's worker. */
  void report(JsonNode job, String report) throws Exception {
    post(
        "/api/jobs/%s/events".formatted(job.get("transactionId").asString()),
        "application/json",
        report,
        job.get("workerToken").asString());
  }

  /** Posts a body, which must be accepted. Returns the body of the answer. */
  String post(String path, String type, String body, @Nullable String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
    return answer.body();
  }

  /** The body of an answer, whatever its status is. */
  String get(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /** The value of a metric, such as {@code waybill.kafka.records} with its result. */
  double count(String metric, String result) {
    return context.getBean(MeterRegistry.class).get(metric).tag("result", result).counter().count();
  }

  /** The data of all events of a stream, in order. */
  List<String> history(String stream) {
    return database
        .sql("SELECT data FROM stream_event WHERE name = ? ORDER BY epoch, sequence")
        .param(stream)
        .query(String.class)
        .list();
  }

  int events(String prefix) {
    return database
        .sql("SELECT COUNT(*) FROM stream_event WHERE name LIKE ?")
        .param(prefix + "%")
        .query(Integer.class)
        .single();
  }

  @Override
  public void close() {
    http.close();
    context.close();
  }
}
