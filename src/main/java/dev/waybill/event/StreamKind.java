package dev.waybill.event;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One kind of stream, such as the streams of jobs. It reads the truth about its streams from the
 * database. Events only report it sooner. Thread-safe.
 */
public interface StreamKind {

  /** Whether a stream with this ID is of this kind, whether it exists or not. Never blocks. */
  boolean covers(String streamId);

  /**
   * The ID of the stream that callers know by this name; empty if it names no stream of this kind.
   * Does not ask the database: the stream need not exist.
   */
  Optional<String> streamId(String name);

  /** The name under which callers know the stream with an ID of this kind. */
  default String name(String streamId) {
    return streamId;
  }

  /** How many connections may watch a stream on one pod. */
  default int maxWatchers(String streamId) {
    return Integer.MAX_VALUE;
  }

  /** The current state of a stream, or empty if it does not exist. Blocks on a query. */
  Optional<StreamState> state(String streamId);

  /** The final events of those given streams that have ended, by few queries. */
  List<StreamEvent> endedAmong(Collection<String> streamIds);

  /**
   * The durable history of this kind's streams, or null where a {@linkplain #state state} stands in
   * for what a watcher has missed.
   */
  default @Nullable StreamHistory history() {
    return null;
  }
}
