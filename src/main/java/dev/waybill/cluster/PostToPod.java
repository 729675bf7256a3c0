package dev.waybill.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Sends a signed request to another pod. Blocks for about 2 s at most, or 4 s with its one retry.
 */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class PostToPod {

  /** The time from the start of the request to the last byte of the answer's body. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final int ANSWER_BYTES = 1024 * 1024;

  private final HttpClient http;
  private final SignRequest signRequest;

  /**
   * Sends a body. Retries once after an I/O error that is not a timeout, because the other pod may
   * have just closed an idle connection that is used again here.
   *
   * @return the body of the answer
   * @throws IOException if the pod cannot be reached, or its answer is not 200 or does not arrive
   *     in time
   */
  byte[] post(String podId, URI url, String contentType, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer;
    try {
      answer = postOnce(podId, url, contentType, body);
    } catch (HttpTimeoutException e) {
      throw e; // a retry would take as long again
    } catch (IOException e) {
      answer = postOnce(podId, url, contentType, body);
    }
    if (answer.statusCode() != 200) {
      throw new IOException("answered " + answer.statusCode());
    }
    return answer.body();
  }

  private HttpResponse<byte[]> postOnce(String podId, URI url, String contentType, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofByteArray(body));
    signRequest.headersFor(podId, body).forEach(request::header);
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES));
    try {
      // The timeout of the request itself does not cover the body of the answer.
      return answer.get(TIMEOUT.toMillis() + 100, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new HttpTimeoutException("the answer does not end");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }
}
