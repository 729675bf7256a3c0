package dev.waybill.stream;

import dev.waybill.event.SendToEmitter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All connections of watching clients, on every pod of this service. Each call can wait some
 * seconds for other pods. If the service cannot find out now whether a connection exists, every
 * call except {@link #list} fails with a problem 503 {@code pod-unreachable}.
 */
public interface Emitters extends SendToEmitter {

  /** Finds one connection; empty if it does not exist any more. */
  Optional<EmitterView> find(String emitterId);

  @Override
  default Optional<List<String>> streamsOf(String emitterId) {
    return find(emitterId).map(EmitterView::streams);
  }

  /**
   * Ends a connection in such a way that its client does not reconnect.
   *
   * @return false if there is no such connection any more
   */
  boolean close(String emitterId);

  /**
   * Returns one page of the connections, in the order of their IDs.
   *
   * @param streamId returns only connections that watch this stream; null for all
   * @param after returns only connections with a higher ID than this; null for the first page
   * @param limit the maximum number of connections to return
   */
  Part list(@Nullable String streamId, @Nullable String after, int limit);

  /**
   * One page of the connections.
   *
   * @param more whether more connections follow
   * @param total the total number of connections
   * @param whole whether every pod has answered; if not, connections may be missing
   */
  record Part(List<EmitterView> items, boolean more, long total, boolean whole) {}
}
