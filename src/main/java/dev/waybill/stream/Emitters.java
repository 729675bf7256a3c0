package dev.waybill.stream;

import dev.waybill.event.SendToEmitter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All watching connections of this service, on every pod. Each call may block on other pods for
 * some seconds. Every call except {@link #list} fails with a problem 503 {@code pod-unreachable} if
 * it cannot be determined now whether the connection exists.
 */
public interface Emitters extends SendToEmitter {

  /** One connection; empty if it does not exist any more. */
  Optional<EmitterView> find(String emitterId);

  @Override
  default Optional<List<String>> streamsOf(String emitterId) {
    return find(emitterId).map(EmitterView::streams);
  }

  /**
   * Ends a connection for good: its client does not reconnect.
   *
   * @return false if there is no such connection any more
   */
  boolean close(String emitterId);

  /**
   * Returns one page of the connections, in the order of their IDs.
   *
   * @param streamId only connections that watch this stream, or null for all
   * @param after only connections with a higher ID than this, or null for the first page
   * @param limit the most connections to return
   */
  Part list(@Nullable String streamId, @Nullable String after, int limit);

  /**
   * One page of the connections.
   *
   * @param more whether more connections follow
   * @param total how many connections there are in total
   * @param whole whether every pod has answered
   */
  record Part(List<EmitterView> items, boolean more, long total, boolean whole) {}
}
