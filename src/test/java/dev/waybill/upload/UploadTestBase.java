package dev.waybill.upload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.waybill.file.FillableFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One running server for all tests of uploads. Jobs stay queued. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "waybill.upload.max-size=1MB",
      "waybill.upload.max-queued-jobs=3",
      "waybill.upload.max-open-per-caller=20",
      "waybill.cors.allowed-origins=https://shop.example",
      "waybill.access.hosts=waybill.example,[2001:db8::7]"
    })
@Import(FillableDisk.class)
public abstract class UploadTestBase {

  protected static final String CSV = "sku,name\nA1,Chair\n";

  @LocalServerPort protected int port;
  @Autowired protected FillableFiles files;
  @Autowired protected JdbcClient database;
  @Autowired private Scheduler scheduler;
  @Autowired private JsonMapper json;
  protected final HttpClient http = HttpClient.newHttpClient();

  @DynamicPropertySource
  static void dataFolder(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", UploadTestBase::temporaryFolder);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("waybill-upload");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void leaveJobsQueued() {
    scheduler.pause();
  }

  @AfterEach
  void forgetAll() throws IOException {
    files.fill(false);
    database.sql("DELETE FROM job").update();
    database.sql("DELETE FROM import_job").update();
    database.sql("DELETE FROM scheduled_tasks").update();
    database.sql("DELETE FROM idempotency_key").update();
    for (String name : files.names()) {
      files.delete(name);
    }
    http.close();
  }

  protected HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  protected HttpRequest.Builder csv(String query, byte[] body) {
    return to("/api/upload/csv" + query)
        .header("Content-Type", "text/csv")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  protected HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  protected HttpResponse<String> upload(String query, String body)
      throws IOException, InterruptedException {
    return send(csv(query, body.getBytes(UTF_8)));
  }

  protected HttpResponse<String> multipart(String query, byte[] body)
      throws IOException, InterruptedException {
    return send(
        to("/api/upload/csv" + query)
            .header("Content-Type", "multipart/form-data; boundary=cut")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** A socket on which the given text was sent. */
  protected Socket connected(String text) throws IOException {
    return connected("127.0.0.1", text);
  }

  /** Like {@link #connected(String)}, from another address of this machine, such as 127.0.0.2. */
  protected Socket connected(String from, String text) throws IOException {
    Socket socket =
        new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(from), 0);
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
    return socket;
  }

  protected JsonNode json(HttpResponse<String> response) {
    return json.readTree(response.body());
  }

  /** Asserts that the answer is this problem, and that nothing of the upload was kept. */
  protected JsonNode assertRefused(HttpResponse<String> response, int status, String name)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = json(response);
    assertThat(problem.get("type").asString()).isEqualTo("urn:waybill:problem:" + name);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("title").asString()).isNotBlank();
    assertThat(problem.get("detail").asString()).isNotBlank();
    assertThat(files.names()).isEmpty();
    assertThat(jobs()).isZero();
    return problem;
  }

  protected int jobs() {
    return database.sql("SELECT count(*) FROM job").query(Integer.class).single();
  }

  /** Returns the stored file of an accepted upload. */
  protected byte[] stored(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    try (var in = files.open(json(response).get("transactionId").asString(), 0)) {
      return in.readAllBytes();
    }
  }

  protected static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
