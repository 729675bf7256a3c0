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
 * Keeps a pause between two requests to the issuer. Anyone can send a token that names an unknown
 * key. Without the pause, each of these tokens would cause a request for the issuer's keys. During
 * the pause, a token with an unknown key cannot be checked. A token that is signed with a known key
 * needs no request. Thread-safe.
 */
@RequiredArgsConstructor
final class SpareIssuer implements ClientHttpRequestInterceptor {

  /**
   * The pause, in milliseconds. The pause starts when a request to the issuer ends, and no thread
   * holds the lock during a request. So while the issuer hangs, no request waits for another
   * request.
   */
  static final long PAUSE_MILLIS = 1_000;

  private final Clock clock;

  private final ScopedLock lock = new ScopedLock();

  /**
   * The time of the last answer from each address of the issuer. The map stays small, because the
   * issuer has few addresses. Guarded by {@link #lock}.
   */
  private final Map<URI, Long> lastAnswers = new HashMap<>();

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    try (var _ = lock.hold()) {
      Long last = lastAnswers.get(request.getURI());
      // If the clock was set back, the last answer seems to lie in the future. Then the next
      // request is allowed.
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
