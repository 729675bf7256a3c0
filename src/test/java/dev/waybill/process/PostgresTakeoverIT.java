package dev.waybill.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.storage.PostgresServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two pods that share PostgreSQL and a folder. The one that imports is killed. */
class PostgresTakeoverIT {

  private static final int ROWS = 400_000;

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  @Shows("job.next-attempt")
  void anotherPodGoesOnWithin15SecondsAndNothingIsLostOrDoubled() throws Exception {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    String url = PostgresServer.newDatabase();
    String[] arguments = {
      "--spring.profiles.active=postgres",
      "--spring.datasource.url=" + url,
      "--spring.datasource.username=" + PostgresServer.USER,
      "--waybill.import.chunk-rows=500"
    };
    try (WaybillProcess one = WaybillProcess.start(shared, arguments);
        WaybillProcess other = WaybillProcess.start(shared, arguments)) {
      String id = upload(one, file());
      await().until(() -> job(one, id).at("/counts/rows").asInt() > 0);
      WaybillProcess importing =
          ask(url, "SELECT picked_by FROM scheduled_tasks").equals(name(one)) ? one : other;
      WaybillProcess survivor = importing == one ? other : one;

      importing.kill();

      JsonNode killed = job(survivor, id);
      assertThat(killed.get("status").asString()).isEqualTo("RUNNING");
      await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> job(survivor, id).get("attempt").asInt() == 2);
      JsonNode completed =
          await()
              .atMost(Duration.ofSeconds(60))
              .until(
                  () -> job(survivor, id), job -> job.get("status").asString().equals("COMPLETED"));
      assertThat(completed.at("/counts/rows").asInt()).isEqualTo(ROWS);
      assertThat(completed.at("/counts/created").asInt()).isEqualTo(ROWS);
      assertThat(ask(url, "SELECT count(*) FROM product")).isEqualTo("" + ROWS);
    }
  }

  private Path file() throws IOException {
    StringBuilder csv = new StringBuilder("sku,name,description\n");
    for (int row = 0; row < ROWS; row++) {
      csv.append("S").append(row).append(",Chair,").append("x".repeat(100)).append('\n');
    }
    return Files.writeString(folder.resolve("products.csv"), csv, UTF_8);
  }

  private String upload(WaybillProcess pod, Path file) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(pod.uri("/api/upload/csv"))
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofFile(file))
            .build();
    return json(request).get("transactionId").asString();
  }

  private JsonNode job(WaybillProcess pod, String id) throws Exception {
    return json(HttpRequest.newBuilder(pod.uri("/api/jobs/" + id)).build());
  }

  private JsonNode json(HttpRequest request) throws Exception {
    return JsonMapper.shared()
        .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  /** The name of a pod, which db-scheduler's table has, too. */
  private String name(WaybillProcess pod) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(pod.uri("/api/jobs")).build();
    return http.send(request, HttpResponse.BodyHandlers.discarding())
        .headers()
        .firstValue("X-Waybill-Pod")
        .orElseThrow();
  }

  private static String ask(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, PostgresServer.USER, "");
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      return answer.getString(1);
    }
  }
}
