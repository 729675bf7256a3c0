package dev.waybill.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.stream.RawStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that publishes to streams, watches them and sends other requests over HTTP. */
public final class StreamClient {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final int port;

  public StreamClient(int port) {
    this.port = port;
  }

  /** The bytes with which every stream begins, for {@link RawStream#expect}. */
  public String preface() {
    return "retry: 3000\n: waybill {emitter}\n\n";
  }

  public String open(RawStream stream, String cursor) {
    return "id: %s\nevent: waybill.open\ndata: {\"emitterId\":\"%s\"}\n\n"
        .formatted(cursor, stream.headers.get("X-Waybill-Emitter"));
  }

  public RawStream watch(String name) throws IOException {
    return RawStream.open(port, "GET", "/api/streams/" + name + "/events", 0);
  }

  RawStream watchSeveral(String query, String... names) throws IOException {
    String streams =
        Arrays.stream(names).map(name -> "stream=" + name).collect(Collectors.joining("&"));
    return RawStream.open(port, "GET", "/api/events?" + streams + query, 0);
  }

  /** Publishes one event and returns its ID. */
  public String publish(String name, String event) throws Exception {
    HttpResponse<String> answer = send("POST", "/api/streams/" + name + "/events", event);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).get("ids").get(0).asString();
  }

  public HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  public JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** Sends the request and returns the status of the answer. */
  public int post(String path, String event) throws Exception {
    return send("POST", path, event).statusCode();
  }

  /** Sends the request and returns the status of the answer. */
  public int delete(String path) throws Exception {
    return send("DELETE", path, "").statusCode();
  }

  /** Imports a small file and returns the job's transaction ID. */
  String finishedJob() throws Exception {
    HttpRequest request =
        request("/api/upload/csv?dryRun=true")
            .header("Content-Type", "text/csv")
            .POST(BodyPublishers.ofString("sku,name\nA1,One\n"))
            .build();
    String job =
        JSON.readTree(HTTP.send(request, BodyHandlers.ofString()).body())
            .get("transactionId")
            .asString();
    await().until(() -> json("/api/jobs/" + job).get("status").asString().equals("COMPLETED"));
    return job;
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return HTTP.send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }
}
