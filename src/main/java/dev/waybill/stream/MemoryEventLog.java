package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.EventLog;
import dev.waybill.event.StreamEvent;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import lombok.Locked;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The event log of a single pod, in memory. Both the number of events of each stream and the total
 * size of all streams are limited. If there is no room, events are dropped, first from the streams
 * that have had no event for the longest time. The last ID of each of these streams is kept.
 *
 * <p>A single lock protects all streams. A single lock is fast enough, because each stream gets
 * only about twenty events a second and no call blocks.
 */
@Component
@Profile("!cluster")
class MemoryEventLog implements EventLog {

  /**
   * The memory, in bytes, that an event takes in addition to its data: objects, references and an
   * ID.
   */
  private static final int EVENT_OVERHEAD_BYTES = 160;

  /**
   * The maximum total size: 64 MB, but at most an eighth of the heap, so that the log leaves enough
   * memory for an import.
   */
  private static final long MAX_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

  private final EventsProperties properties;
  private final Ticker ticker;
  private final long maxBytes;

  /** The streams by ID, in the order of their last append. Guarded by @Locked. */
  private final LinkedHashMap<String, KeptEvents> streams = new LinkedHashMap<>();

  private long bytes; // guarded by @Locked

  /** The retained events of one stream. */
  private static final class KeptEvents {
    final ArrayDeque<StreamEvent> events = new ArrayDeque<>();
    @Nullable EventId end;
    long appendedAt;
  }

  @Autowired
  MemoryEventLog(EventsProperties properties, Ticker ticker) {
    this(properties, ticker, MAX_BYTES);
  }

  MemoryEventLog(EventsProperties properties, Ticker ticker, long maxBytes) {
    this.properties = properties;
    this.ticker = ticker;
    this.maxBytes = maxBytes;
  }

  /**
   * Adds the newest event of its stream.
   *
   * @return false if nothing was added, because the ID of the event is not higher than the last ID
   *     of the stream
   */
  @Locked
  boolean append(StreamEvent event) {
    KeptEvents kept = streams.getOrDefault(event.streamId(), new KeptEvents());
    if (kept.end != null) {
      if (!event.id().isAfter(kept.end)) {
        return false;
      }
      if (!event.follows(kept.end)) {
        // At least one event before the new event is missing. So no client can resume from an older
        // event any more.
        clear(kept);
      }
    }
    streams.putLast(event.streamId(), kept);
    kept.end = event.id();
    kept.appendedAt = ticker.nanos();
    kept.events.addLast(event);
    bytes += sizeOf(event);
    if (kept.events.size() > properties.logSize()) {
      bytes -= sizeOf(kept.events.removeFirst());
    }
    evict();
    return true;
  }

  @Override
  @Locked
  public Optional<EventId> end(String streamId) {
    KeptEvents kept = streams.get(streamId);
    return kept == null ? Optional.empty() : Optional.ofNullable(kept.end);
  }

  @Override
  public boolean mayLackEvents() {
    return false;
  }

  @Override
  @Locked
  public Optional<List<StreamEvent>> after(String streamId, EventId id) {
    KeptEvents kept = streams.get(streamId);
    if (kept == null || kept.end == null || id.isAfter(kept.end)) {
      return Optional.empty();
    }
    if (id.equals(kept.end)) {
      return Optional.of(List.of());
    }
    StreamEvent oldest = kept.events.peekFirst();
    boolean known =
        oldest != null
            && (oldest.id().previous().equals(id)
                || kept.events.stream().anyMatch(event -> event.id().equals(id)));
    return known
        ? Optional.of(kept.events.stream().filter(event -> event.id().isAfter(id)).toList())
        : Optional.empty();
  }

  /** Removes the streams whose last event is older than the retention. */
  @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
  @Locked
  void purge() {
    long now = ticker.nanos();
    Iterator<KeptEvents> quietest = streams.values().iterator();
    while (quietest.hasNext()) {
      KeptEvents kept = quietest.next();
      if (now - kept.appendedAt <= properties.retention().toNanos()) {
        return;
      }
      clear(kept);
      quietest.remove();
    }
  }

  private void evict() {
    Iterator<KeptEvents> quietest = streams.values().iterator();
    while (bytes > maxBytes && quietest.hasNext()) {
      KeptEvents kept = quietest.next();
      while (bytes > maxBytes && !kept.events.isEmpty()) {
        bytes -= sizeOf(kept.events.removeFirst());
      }
    }
  }

  private void clear(KeptEvents kept) {
    kept.events.forEach(event -> bytes -= sizeOf(event));
    kept.events.clear();
  }

  private static long sizeOf(StreamEvent event) {
    return EVENT_OVERHEAD_BYTES + 2L * event.data().length();
  }
}
