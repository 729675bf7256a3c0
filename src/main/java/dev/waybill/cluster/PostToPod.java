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
 * Sends a signed request to another pod. Blocks for at most about 2 s, or about 4 s if it retries.
 * Retries at most one time.
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
   * Sends a body. Retries one time after an I/O error that is not a timeout. Such an error can
   * occur because the other pod has just closed an idle connection that this pod uses again.
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
      throw e; // a retry would take the same time again
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
      // Waits with a timeout here, because the timeout of the HTTP request does not include the
      // time for the body of the answer.
      return answer.get(TIMEOUT.toMillis() + 100, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new HttpTimeoutException("the answer does not end");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }
}
