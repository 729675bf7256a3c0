package dev.waybill.stream;

import dev.waybill.event.SendToEmitter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All watching connections of this service, on whichever pod they are held. Each call may block on
 * other pods for some seconds. Where nobody knows whether a connection is there, a call fails with
 * a problem 503 {@code pod-unreachable}.
 */
public interface Emitters extends SendToEmitter {

  /** One connection; empty where it is gone. */
  Optional<EmitterView> find(String emitterId);

  @Override
  default Optional<List<String>> streamsOf(String emitterId) {
    return find(emitterId).map(EmitterView::streams);
  }

  /**
   * Ends a connection for good: its client need not come back.
   *
   * @return false if there is no such connection any more
   */
  boolean close(String emitterId);

  /**
   * A part of the connections, in the order of their IDs.
   *
   * @param streamId only those that watch this stream, or null for all
   * @param after only those behind this ID, or null for the first ones
   * @param limit how many at most
   */
  Part list(@Nullable String streamId, @Nullable String after, int limit);

  /**
   * A part of the connections.
   *
   * @param more whether others follow
   * @param total how many there are, the others included
   * @param whole whether every pod has answered
   */
  record Part(List<EmitterView> items, boolean more, long total, boolean whole) {}
}
