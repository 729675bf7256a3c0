package dev.waybill.event;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One kind of stream, such as those of jobs. It knows the truth about its streams from the
 * database; events only report it sooner. Thread-safe.
 */
public interface StreamKind {

  /** Whether a stream with this ID is of this kind, whether it exists or not. Asks nobody. */
  boolean covers(String streamId);

  /** The state of a stream now, or empty where there is no such stream. Blocks on a query. */
  Optional<StreamState> state(String streamId);

  /** The final events of those among the given streams that have ended, by few queries. */
  List<StreamEvent> endedAmong(Collection<String> streamIds);
}
