package dev.waybill.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The streams on which this pod may have claims in Redis. Confined to one thread. */
final class ClaimedStreams {

  private final LongSupplier nanoTime;
  private final Map<String, Entry> streams = new HashMap<>();

  private static final class Entry {
    long touchedAt;

    /** The mark of the last restart as it was first read; null before it was read. */
    @Nullable String mark;
  }

  ClaimedStreams(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A claim on this stream is written now. */
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
   * Forgets the streams without watchers whose claims Redis has forgotten by now. Without this, a
   * long outage would keep every stream that anybody watched during it.
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

  /** Whether a stream has another mark than when it was first claimed. True once for each mark. */
  boolean sawNewMark(String streamId, String mark) {
    Entry entry = streams.get(streamId);
    if (entry == null) {
      return false;
    }
    String before = entry.mark;
    if (before == null || !mark.isEmpty()) {
      entry.mark = mark; // a mark that expired with its Redis says nothing
    }
    return before != null && !mark.isEmpty() && !mark.equals(before);
  }
}
