package dev.waybill.record;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lombok.RequiredArgsConstructor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads records from a server that returns them as JSON objects. Follows no redirect. */
@RequiredArgsConstructor
final class HttpSource implements RecordSource {

  private final HttpClient http;
  private final UrlTemplate url;
  private final Map<String, String> headers;
  private final JsonMapper json;

  @Override
  public Optional<JsonNode> read(String key) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.of(key)).timeout(TIMEOUT).header("Accept", "application/json");
    headers.forEach(request::setHeader);
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      // The timeout of the request covers only the time until the headers of the answer arrive. A
      // body could continue to arrive for ever. So the whole answer has a timeout, too.
      HttpResponse<byte[]> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return switch (response.statusCode()) {
        case 200 -> Optional.of(parse(response.body()));
        case 404, 410 -> Optional.empty();
        default -> throw new IOException("status " + response.statusCode());
      };
    } catch (TimeoutException e) {
      throw new IOException("no whole answer within " + TIMEOUT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(cause == null ? "failed" : cause.toString(), cause);
    } finally {
      answer.cancel(true);
    }
  }

  private JsonNode parse(byte[] body) throws IOException {
    try {
      JsonNode record = json.readTree(body);
      if (record.isObject()) {
        return record;
      }
    } catch (JacksonException e) {
      throw new IOException("the answer is not JSON", e);
    }
    throw new IOException("the answer is not a JSON object");
  }
}
