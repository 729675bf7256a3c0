package dev.waybill.stream;

import dev.waybill.access.Lifetime;
import dev.waybill.platform.OutageLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Ends a client's stream when the client's credential expires or is revoked: the client gets a last
 * event {@code waybill.expired}, and the connection ends. The check runs every second. This pod
 * learns of a revocation within 2 s, so a revocation ends a stream within 5 s.
 */
@Component
@RequiredArgsConstructor
class ExpireStreams {

  private final Ticker ticker;
  private final OutageLog outages;

  private final Map<ClientStream, Lifetime> followed = new ConcurrentHashMap<>();

  /**
   * Watches the credential from now on, and ends the client's stream as soon as the credential is
   * no longer valid. When the connection has ended, this class releases its reference to the client
   * within about a second.
   */
  void follow(ClientStream client, Lifetime lifetime) {
    if (lifetime != Lifetime.ENDLESS) {
      followed.put(client, lifetime);
    }
  }

  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void endWhatHasExpired() {
    followed.forEach(
        (client, lifetime) -> {
          if (client.isEnding()) {
            followed.remove(client);
          } else if (hasEnded(lifetime)) {
            client.endWith(EncodedFrame.expired(ticker.nanos()), EndReason.EXPIRED);
            followed.remove(client);
          }
        });
  }

  /**
   * Whether a credential is no longer valid. Does not throw: if one credential cannot be checked
   * now, the streams of other credentials must still be ended.
   */
  private boolean hasEnded(Lifetime lifetime) {
    try {
      return lifetime.hasEnded();
    } catch (RuntimeException e) {
      outages.report("credential", "cannot check whether the credential of a stream has ended", e);
      return false;
    }
  }
}
