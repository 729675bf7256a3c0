package dev.waybill.event;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One kind of stream, such as the streams of jobs. A kind reads the state of its streams from the
 * database, and this state is always correct. Events only report a change sooner than the next read
 * of the state. Thread-safe.
 */
public interface StreamKind {

  /**
   * Whether an ID has the form of this kind's stream IDs. The stream need not exist. Never blocks.
   */
  boolean covers(String streamId);

  /**
   * The ID of the stream that callers know by this name. Empty if no stream of this kind can have
   * the name. This method makes no query, because the stream need not exist.
   */
  Optional<String> streamId(String name);

  /** The name by which callers know the stream with this ID. The stream must be of this kind. */
  default String name(String streamId) {
    return streamId;
  }

  /** The maximum number of connections that may watch a stream on one pod. */
  default int maxWatchers(String streamId) {
    return Integer.MAX_VALUE;
  }

  /** The current state of a stream, or empty if the stream does not exist. Blocks on a query. */
  Optional<StreamState> state(String streamId);

  /** The final events of the given streams that have ended, read with few queries. */
  List<StreamEvent> endedAmong(Collection<String> streamIds);

  /**
   * The stored history of this kind's streams. Null if the streams have a {@linkplain #state state}
   * instead. A state replaces the events that a watcher has missed.
   */
  default @Nullable StreamHistory history() {
    return null;
  }
}
