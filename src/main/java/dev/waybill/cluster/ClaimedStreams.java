package dev.waybill.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The streams for which this pod may have claims in Redis. A claim is an entry that says that this
 * pod has an emitter (a watcher's connection) of the stream. Not thread-safe: only one thread may
 * use it.
 */
final class ClaimedStreams {

  private final LongSupplier nanoTime;
  private final Map<String, Entry> streams = new HashMap<>();

  private static final class Entry {
    long touchedAt;

    /**
     * The stream's restart mark at the first read of the mark; null before the first read. The mark
     * changes when the stream's log starts again from lower IDs.
     */
    @Nullable String mark;
  }

  ClaimedStreams(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Records that a claim for this stream is being written now. */
  void touch(String streamId) {
    streams.computeIfAbsent(streamId, id -> new Entry()).touchedAt = nanoTime.getAsLong();
  }

  void forget(String streamId) {
    streams.remove(streamId);
  }

  List<String> all() {
    return List.copyOf(streams.keySet());
  }

  /**
   * Removes each stream that has no watchers and whose claims have expired in Redis. Otherwise,
   * after a long outage, this object would keep every stream that was watched during the outage.
   */
  void forgetExpired(Set<String> watched) {
    long now = nanoTime.getAsLong();
    streams
        .entrySet()
        .removeIf(
            each ->
                now - each.getValue().touchedAt > Claims.LIFE.toNanos()
                    && !watched.contains(each.getKey()));
  }

  /**
   * Whether the restart mark of a stream has changed after this pod first read it. Returns true
   * only one time for each new mark.
   */
  boolean sawNewMark(String streamId, String mark) {
    Entry entry = streams.get(streamId);
    if (entry == null) {
      return false;
    }
    String before = entry.mark;
    if (before == null || !mark.isEmpty()) {
      entry.mark = mark; // an empty mark has expired in Redis and proves no restart
    }
    return before != null && !mark.isEmpty() && !mark.equals(before);
  }
}
