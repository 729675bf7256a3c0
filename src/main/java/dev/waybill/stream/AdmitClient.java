package dev.waybill.stream;

import dev.waybill.event.StreamKinds;
import dev.waybill.event.StreamUnreadableException;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.stereotype.Component;

/**
 * Registers a client before its streams are opened. From then on, the client counts against the
 * limits.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class AdmitClient {

  private final StreamKinds kinds;
  private final EmitterRegistry registry;
  private final StreamMetrics metrics;

  /**
   * Registers a client, then opens its streams. Removes the client again unless it is accepted.
   *
   * @param open opens the streams; may block on the event log and the database
   */
  AcceptClient.Answer admit(ClientStream client, Supplier<AcceptClient.Answer> open) {
    return takePlace(client) ? open(client, open) : new AcceptClient.Answer.Refused();
  }

  /**
   * Registers a client.
   *
   * @return false if the client is refused; a refused client does not count against the limits
   */
  boolean takePlace(ClientStream client) {
    boolean taken = false;
    try {
      taken = client.streamIds().stream().allMatch(this::hasRoom) && registry.register(client);
    } catch (RuntimeException e) {
      log.warn("Cannot take a place (streams {})", client.streamIds(), e);
    } finally {
      if (!taken) {
        client.gone();
        metrics.refused();
      }
    }
    return taken;
  }

  /** Opens the streams of a registered client. Removes the client again unless it is accepted. */
  AcceptClient.Answer open(ClientStream client, Supplier<AcceptClient.Answer> open) {
    AcceptClient.Answer answer = new AcceptClient.Answer.Refused();
    try {
      answer = open.get();
    } catch (StreamUnreadableException e) {
      log.debug("A stream cannot be read now", e);
    } catch (RuntimeException e) {
      // Does not answer with an error status, because an EventSource never reconnects after an
      // error status. The database usually recovers, and then a reconnect succeeds.
      log.warn("Cannot open a stream (streams {})", client.streamIds(), e);
    } finally {
      if (!(answer instanceof AcceptClient.Answer.Accepted)) {
        client.gone();
      }
    }
    if (answer instanceof AcceptClient.Answer.Refused) {
      metrics.refused();
    }
    return answer;
  }

  /**
   * Whether a stream has room for another client. If several clients connect at the same moment,
   * the number of clients may exceed the limit of the stream by a few.
   */
  private boolean hasRoom(String streamId) {
    return registry.clientsOf(streamId) < kinds.maxWatchers(streamId);
  }
}
