package dev.waybill.cluster;

import dev.waybill.platform.OutageLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Sends a batch of events to another pod. Blocks; each pod has a sending thread of its own. */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class SendEvents {

  /** From the first byte sent to the last byte of the answer's body. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final int ANSWER_BYTES = 1024 * 1024;

  private final HttpClient http;
  private final SignRequest signRequest;
  private final PodAddresses addresses;
  private final Directory directory;
  private final LastOwners lastOwners;
  private final JsonMapper json;
  private final ClusterMetrics metrics;
  private final OutageLog outages;

  /**
   * Sends a batch. Events that do not arrive are dropped and counted.
   *
   * @return false if the pod is dead
   */
  boolean send(String podId, List<OutgoingEvent> batch) {
    switch (addresses.find(podId)) {
      case PodAddresses.Lookup.At(URI url) -> sendTo(podId, url, batch);
      case PodAddresses.Lookup.Unknown() -> metrics.forwardFailed(batch.size());
      case PodAddresses.Lookup.Dead() -> {
        metrics.forwardFailed(batch.size());
        directory.buryIfDead(
            podId, batch.stream().map(OutgoingEvent::streamId).collect(Collectors.toSet()));
        return false;
      }
    }
    return true;
  }

  private void sendTo(String podId, URI url, List<OutgoingEvent> batch) {
    byte[] body = join(batch);
    try {
      HttpResponse<byte[]> answer = postTwice(podId, url.resolve(ForwardController.PATH), body);
      if (answer.statusCode() != 200) {
        throw new IOException("answered " + answer.statusCode());
      }
      metrics.forwarded(batch.size());
      json.readValue(answer.body(), ForwardController.Receipt.class)
          .notHeld()
          .forEach(streamId -> lastOwners.drop(streamId, podId));
    } catch (IOException | JacksonException e) {
      metrics.forwardFailed(batch.size());
      outages.report(
          "forward", "Cannot forward events (pod %s, %s): %s".formatted(podId, url, e), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] join(List<OutgoingEvent> batch) {
    ByteArrayOutputStream body =
        new ByteArrayOutputStream(batch.stream().mapToInt(OutgoingEvent::size).sum());
    for (OutgoingEvent event : batch) {
      body.writeBytes(event.line());
      body.write('\n');
    }
    return body.toByteArray();
  }

  /** The other side may just have closed a kept connection. Then it retries on a new one. */
  private HttpResponse<byte[]> postTwice(String podId, URI url, byte[] body)
      throws IOException, InterruptedException {
    try {
      return post(podId, url, body);
    } catch (HttpTimeoutException e) {
      throw e; // a retry would take as long again
    } catch (IOException e) {
      return post(podId, url, body);
    }
  }

  private HttpResponse<byte[]> post(String podId, URI url, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", MediaType.APPLICATION_NDJSON_VALUE)
            .POST(BodyPublishers.ofByteArray(body));
    signRequest.headersFor(podId, body).forEach(request::header);
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES));
    try {
      // The request's own timeout does not cover the answer's body.
      return answer.get(TIMEOUT.toMillis() + 100, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new HttpTimeoutException("the answer does not end");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }
}
