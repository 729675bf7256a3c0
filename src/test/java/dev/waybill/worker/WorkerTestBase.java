package dev.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One running server, a worker that reports by HTTP, and watchers. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "waybill.external-jobs.max-open-per-caller=6")
abstract class WorkerTestBase {

  static final Duration PATIENCE = Duration.ofSeconds(20);

  @LocalServerPort int port;
  @Autowired JdbcClient database;
  final JsonMapper json = JsonMapper.shared();
  final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void forgetAll() {
    for (String table : List.of("external_output", "external_job", "job", "idempotency_key")) {
      database.sql("DELETE FROM " + table).update();
    }
    http.shutdownNow();
  }

  /** A job that was created, and the token of its worker. */
  record Created(String id, String token) {}

  Created create(String fields) {
    HttpResponse<String> answer =
        post("/api/jobs", "{\"kind\":\"typewriter\",\"title\":\"A letter\"" + fields + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode job = json.readTree(answer.body());
    return new Created(job.get("transactionId").asString(), job.get("workerToken").asString());
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        to(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  HttpResponse<String> report(Created job, String report) {
    return post(
        "/api/jobs/" + job.id() + "/events", report, "Authorization", "Bearer " + job.token());
  }

  HttpResponse<String> reportAll(Created job, String... reports) {
    return send(
        to("/api/jobs/" + job.id() + "/events")
            .header("Content-Type", "application/x-ndjson")
            .header("Authorization", "Bearer " + job.token())
            .POST(HttpRequest.BodyPublishers.ofString(String.join("\n", reports))));
  }

  JsonNode job(String id) {
    return json.readTree(send(to("/api/jobs/" + id)).body());
  }

  String status(String id) {
    return job(id).get("status").asString();
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String problem(HttpResponse<String> answer) {
    return answer.statusCode()
        + " "
        + JsonMapper.shared()
            .readTree(answer.body())
            .get("type")
            .asString()
            .replace("urn:waybill:problem:", "");
  }

  /** A watcher of a job, in the background, until its stream ends. */
  Watched watch(String id, String... headers) {
    HttpRequest.Builder request = to("/api/jobs/" + id + "/events");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return new Watched(request.build());
  }

  record Event(String id, String name, JsonNode data) {}

  /** The events that a watcher has got. */
  final class Watched implements AutoCloseable {

    final List<Event> events = new CopyOnWriteArrayList<>();
    final CompletableFuture<Integer> status = new CompletableFuture<>();
    final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile java.io.InputStream body;

    Watched(HttpRequest request) {
      Thread.startVirtualThread(() -> read(request));
    }

    private void read(HttpRequest request) {
      try {
        HttpResponse<java.io.InputStream> answer =
            http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        body = answer.body();
        status.complete(answer.statusCode());
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        String eventId = "";
        String name = "";
        for (String line; (line = lines.readLine()) != null; ) {
          if (line.startsWith("id: ")) {
            eventId = line.substring(4);
          } else if (line.startsWith("event: ")) {
            name = line.substring(7);
          } else if (line.startsWith("data: ")) {
            events.add(new Event(eventId, name, json.readTree(line.substring(6))));
          }
        }
        end.complete(null);
      } catch (Exception e) {
        status.completeExceptionally(e);
        end.completeExceptionally(e);
      }
    }

    Event await(Predicate<Event> wanted) {
      return org.awaitility.Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> events.stream().filter(wanted).findFirst(), java.util.Optional::isPresent)
          .orElseThrow();
    }

    Event await(String name) {
      return await(event -> event.name().equals(name));
    }

    /** The text as a page would have it: that of the last snapshot, and all chunks after it. */
    String text() {
      StringBuilder text = new StringBuilder();
      for (Event event : events) {
        if (event.name().equals("snapshot")) {
          text.setLength(0);
          text.append(event.data().get("output").asString());
        } else if (event.name().equals("chunk")) {
          text.append(event.data().get("text").asString());
        }
      }
      return text.toString();
    }

    List<String> names() {
      return events.stream().map(event -> event.id() + " " + event.name()).toList();
    }

    @Override
    public void close() throws IOException {
      if (body != null) {
        body.close();
      }
    }
  }

  /** A request whose body stays open. */
  final class LongBody implements AutoCloseable {

    private final Socket socket;

    LongBody(Created job) throws IOException {
      this(job, "");
    }

    /**
     * @param header a further line of the request's head, with its line end
     */
    LongBody(Created job, String header) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      send(
          """
          POST /api/jobs/%s/events HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/x-ndjson\r
          Authorization: Bearer %s\r
          Transfer-Encoding: chunked\r
          %s\r
          """
              .formatted(job.id(), job.token(), header));
    }

    private void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(String line) throws IOException {
      byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
      send(Integer.toHexString(bytes.length) + "\r\n" + line + "\n\r\n");
    }

    /** Waits for the next line that the server sends. */
    String readLine() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next; (next = socket.getInputStream().read()) != '\n'; ) {
        if (next < 0) {
          throw new IOException("no whole line: " + line);
        }
        line.append((char) next);
      }
      return line.toString().strip();
    }

    boolean hasAnswer() throws IOException {
      return socket.getInputStream().available() > 0;
    }

    /** Waits for the answer, without ending the body. */
    JsonNode answer() throws IOException {
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf("}") < 0) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          throw new IOException("no answer: " + answer);
        }
        answer.append((char) next);
      }
      return json.readTree(answer.substring(answer.indexOf("{")));
    }

    void end() throws IOException {
      send("0\r\n\r\n");
    }

    JsonNode finish() throws IOException {
      end();
      return answer();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  static void awaitTrue(java.util.concurrent.Callable<Boolean> condition) {
    await().atMost(PATIENCE).until(condition);
  }
}
