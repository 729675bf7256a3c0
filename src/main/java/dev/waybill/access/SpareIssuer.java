package dev.waybill.access;

import dev.waybill.platform.ScopedLock;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import lombok.RequiredArgsConstructor;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Pauses between two questions to the issuer. Anybody can send a token that names an unknown key,
 * and each of them would ask the issuer for its keys. A token that comes in the pause cannot be
 * checked; one that is signed by a known key asks nothing. Thread-safe.
 */
@RequiredArgsConstructor
final class SpareIssuer implements ClientHttpRequestInterceptor {

  /** Counted from the last answer, so that nobody waits in a queue for an issuer that hangs. */
  static final long PAUSE_MILLIS = 1_000;

  private final Clock clock;

  private final ScopedLock lock = new ScopedLock();

  /** The few addresses of the issuer; guarded by {@link #lock}. */
  private final Map<URI, Long> lastAnswers = new HashMap<>();

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    try (var _ = lock.hold()) {
      Long last = lastAnswers.get(request.getURI());
      // A clock that was set back must not stop the questions.
      if (last != null && Math.abs(clock.millis() - last) < PAUSE_MILLIS) {
        throw new IOException("The issuer was asked a moment ago");
      }
    }
    try {
      return execution.execute(request, body);
    } finally {
      try (var _ = lock.hold()) {
        lastAnswers.put(request.getURI(), clock.millis());
      }
    }
  }
}
