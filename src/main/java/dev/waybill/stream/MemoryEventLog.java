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
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The log of a pod that stands alone. Bounded per stream by number and in all by bytes; where room
 * is short, the streams that were quiet longest lose their events first, but not their end.
 *
 * <p>One lock for all streams: each is appended to some twenty times a second, and no call blocks.
 */
@Component
@Profile("!cluster")
class MemoryEventLog implements EventLog {

  /** What an event costs beside its data: objects, references, an ID. */
  private static final int EVENT_OVERHEAD_BYTES = 160;

  /** At most an eighth of the heap, so that the log never crowds out an import. */
  private static final long MAX_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

  private final EventsProperties properties;
  private final Ticker ticker;
  private final long maxBytes;

  /** In order of the last append. Guarded by this. */
  private final LinkedHashMap<String, Past> streams = new LinkedHashMap<>();

  private long bytes; // guarded by this

  /** What is kept of one stream. */
  private static final class Past {
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
   * @return false, and nothing added, where its ID is not above the stream's end
   */
  synchronized boolean append(StreamEvent event) {
    Past past = streams.getOrDefault(event.streamId(), new Past());
    if (past.end != null) {
      if (!event.id().isAfter(past.end)) {
        return false;
      }
      if (!event.follows(past.end)) {
        // With a number missing in between, nothing older can be resumed from.
        clear(past);
      }
    }
    streams.putLast(event.streamId(), past);
    past.end = event.id();
    past.appendedAt = ticker.nanos();
    past.events.addLast(event);
    bytes += sizeOf(event);
    if (past.events.size() > properties.logSize()) {
      bytes -= sizeOf(past.events.removeFirst());
    }
    evict();
    return true;
  }

  @Override
  public synchronized Optional<EventId> end(String streamId) {
    Past past = streams.get(streamId);
    return past == null ? Optional.empty() : Optional.ofNullable(past.end);
  }

  @Override
  public boolean mayLackEvents() {
    return false;
  }

  @Override
  public synchronized Optional<List<StreamEvent>> after(String streamId, EventId id) {
    Past past = streams.get(streamId);
    if (past == null || past.end == null || id.isAfter(past.end)) {
      return Optional.empty();
    }
    if (id.equals(past.end)) {
      return Optional.of(List.of());
    }
    StreamEvent oldest = past.events.peekFirst();
    boolean known =
        oldest != null
            && (oldest.id().previous().equals(id)
                || past.events.stream().anyMatch(event -> event.id().equals(id)));
    return known
        ? Optional.of(past.events.stream().filter(event -> event.id().isAfter(id)).toList())
        : Optional.empty();
  }

  /** Forgets the streams whose last event is too long ago. */
  @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
  synchronized void purge() {
    long now = ticker.nanos();
    Iterator<Past> quietest = streams.values().iterator();
    while (quietest.hasNext()) {
      Past past = quietest.next();
      if (now - past.appendedAt <= properties.retention().toNanos()) {
        return;
      }
      clear(past);
      quietest.remove();
    }
  }

  private void evict() {
    Iterator<Past> quietest = streams.values().iterator();
    while (bytes > maxBytes && quietest.hasNext()) {
      Past past = quietest.next();
      while (bytes > maxBytes && !past.events.isEmpty()) {
        bytes -= sizeOf(past.events.removeFirst());
      }
    }
  }

  private void clear(Past past) {
    past.events.forEach(event -> bytes -= sizeOf(event));
    past.events.clear();
  }

  private static long sizeOf(StreamEvent event) {
    return EVENT_OVERHEAD_BYTES + 2L * event.data().length();
  }
}
