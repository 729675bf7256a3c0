package dev.waybill.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import lombok.Locked;

/**
 * Claims and releases of emitters that wait to be written to Redis, by stream. When too many
 * changes wait, a further change is dropped. The next regular round then writes all claims of the
 * stream to which the dropped change belongs. Thread-safe.
 */
final class PendingChanges {

  /**
   * The maximum number of changes that wait. With the default settings, a pod has fewer emitters
   * than this number.
   */
  static final int MAX_CHANGES = 50_000;

  private final Map<String, Changes> streams = new LinkedHashMap<>(); // guarded by @Locked
  private int size; // guarded by @Locked

  private record Changes(List<Claims.Change> changes, CompletableFuture<Void> written) {
    Changes() {
      this(new ArrayList<>(), new CompletableFuture<>());
    }
  }

  /**
   * The result of adding a change.
   *
   * @param isFirst whether no change was waiting before
   * @param written completes when the change was written or could not be written
   */
  record Added(boolean isFirst, CompletableFuture<Void> written) {}

  /** The changes to write now. Also states whether more changes wait. */
  record Batch(
      Map<String, List<Claims.Change>> changes,
      List<CompletableFuture<Void>> waiters,
      boolean moreWait) {

    /** Wakes the threads that wait for these changes. */
    void written() {
      waiters.forEach(each -> each.complete(null));
    }
  }

  @Locked
  Added add(String streamId, Claims.Change change) {
    if (size >= MAX_CHANGES) {
      return new Added(false, CompletableFuture.completedFuture(null));
    }
    boolean isFirst = size == 0;
    Changes changes = streams.computeIfAbsent(streamId, id -> new Changes());
    changes.changes().add(change);
    size++;
    return new Added(isFirst, changes.written());
  }

  @Locked
  Batch take(int maxStreams) {
    Map<String, List<Claims.Change>> changes = new LinkedHashMap<>();
    List<CompletableFuture<Void>> waiters = new ArrayList<>();
    Iterator<Map.Entry<String, Changes>> next = streams.entrySet().iterator();
    while (next.hasNext() && changes.size() < maxStreams) {
      Map.Entry<String, Changes> each = next.next();
      changes.put(each.getKey(), each.getValue().changes());
      waiters.add(each.getValue().written());
      size -= each.getValue().changes().size();
      next.remove();
    }
    return new Batch(changes, waiters, !streams.isEmpty());
  }

  @Locked
  boolean isWaiting() {
    return size > 0;
  }
}
