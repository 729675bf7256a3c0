package dev.waybill.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.outgoing.CallFailedException;
import dev.waybill.outgoing.OpenCall;
import dev.waybill.outgoing.OutgoingHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/** Makes one attempt to post a delivery to its receiver. Thread-safe. */
@Slf4j
@RequiredArgsConstructor
class PostDelivery {

  static final Duration MOST_TIME = Duration.ofSeconds(15);

  private static final int MOST_ANSWER_BYTES = 64 * 1024;

  private final OutgoingHttp http;
  private final Duration mostTime;

  /**
   * The answer of the receiver.
   *
   * @param status the HTTP status; null if there was no answer
   * @param error the reason for the failure; null if the receiver has accepted the delivery
   */
  record Outcome(@Nullable Integer status, @Nullable String error) {

    boolean isAccepted() {
      return error == null;
    }
  }

  Outcome post(Delivery delivery, String text, List<String> secrets, Instant now) {
    byte[] body = text.getBytes(UTF_8);
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/json",
            "webhook-id",
            delivery.messageId(),
            "webhook-timestamp",
            Long.toString(now.getEpochSecond()),
            "webhook-signature",
            SignWebhook.sign(secrets, delivery.messageId(), now, body));
    OutgoingHttp.Call call =
        new OutgoingHttp.Call(
            URI.create(delivery.url()), headers, new OutgoingHttp.Body(body), mostTime, mostTime);
    Executor atTheEnd =
        CompletableFuture.delayedExecutor(mostTime.toMillis(), TimeUnit.MILLISECONDS);
    try (OpenCall open = http.prepare(call)) {
      CompletableFuture<Void> limit = CompletableFuture.runAsync(open::abort, atTheEnd);
      try {
        int status = open.send();
        readSome(open);
        return new Outcome(
            status, status / 100 == 2 ? null : status / 100 == 3 ? "redirect" : "status");
      } finally {
        limit.cancel(false);
      }
    } catch (CallFailedException e) {
      log.debug("Job {}: its end could not be posted", delivery.jobId(), e);
      return new Outcome(null, e.code());
    }
  }

  /**
   * Reads a part of the answer's body, so that the receiver can finish sending the body. This
   * method ignores the content, because only the status decides whether the receiver has accepted
   * the delivery.
   */
  private static void readSome(OpenCall open) {
    try {
      InputStream in = open.body();
      byte[] buffer = new byte[8 * 1024];
      int left = MOST_ANSWER_BYTES;
      int read;
      while (left > 0 && (read = in.read(buffer, 0, Math.min(left, buffer.length))) >= 0) {
        left -= read;
      }
    } catch (IOException e) {
      log.debug("The answer of a receiver broke off after its status", e);
    }
  }
}
