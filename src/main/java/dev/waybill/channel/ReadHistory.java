package dev.waybill.channel;

import dev.waybill.channel.ChannelStore.Positioned;
import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamHistory;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Reads the retained events of audience streams, the named streams to which callers publish.
 * Detects whether earlier events are missing.
 */
@Component
@RequiredArgsConstructor
class ReadHistory implements StreamHistory {

  /**
   * The maximum number of events in one part of the history. An event has at most 64 KB, so a part
   * takes at most 4 MB.
   */
  static final int MOST_EVENTS_OF_A_PART = 64;

  private final ChannelStore store;
  private final ChannelProperties properties;
  private final Clock clock;

  @Override
  public End end(String streamId) {
    return StreamName.ofStreamId(streamId)
        .flatMap(store::find)
        .map(stream -> new End(stream.lastId(), stream.closed()))
        .orElse(new End(EventId.NOTHING, false));
  }

  @Override
  public Map<String, EventId> newest(Collection<String> streamIds) {
    List<String> names =
        streamIds.stream()
            .flatMap(id -> StreamName.ofStreamId(id).stream())
            .map(StreamName::text)
            .toList();
    Map<String, EventId> newest = new HashMap<>();
    for (int from = 0; from < names.size(); from += ChannelStreams.NAMES_A_QUERY) {
      int to = Math.min(from + ChannelStreams.NAMES_A_QUERY, names.size());
      store
          .lastIds(names.subList(from, to))
          .forEach((name, id) -> newest.put(new StreamName(name).streamId(), id));
    }
    return newest;
  }

  @Override
  public Part after(String streamId, EventId id, int atMost) {
    StreamName name = StreamName.ofStreamId(streamId).orElseThrow();
    Optional<StoredStream> found = store.find(name);
    if (found.isEmpty()) {
      return new Part(List.of(), !id.equals(EventId.NOTHING), false);
    }
    StoredStream stream = found.get();
    if (id.equals(stream.lastId())) {
      return new Part(List.of(), false, false);
    }
    if (id.isAfter(stream.lastId())) {
      return new Part(List.of(), true, false); // the ID is above the stream's last ID
    }
    Instant now = clock.instant();
    int limit = Math.clamp(atMost, 1, MOST_EVENTS_OF_A_PART);
    long floor = stream.lastPosition() - properties.of(name).retainedEvents();
    List<Positioned> behind = store.after(name, id, floor, now, limit + 1);
    boolean more = behind.size() > limit;
    List<Positioned> part = more ? behind.subList(0, limit) : behind;
    List<StreamEvent> events =
        part.stream().map(Positioned::event).filter(event -> isShown(event, stream)).toList();
    return new Part(events, !isVouchedFor(name, id, part, floor, now), more);
  }

  /** The number of events that a stream retains now, without the closing event. */
  int count(StoredStream stream) {
    long floor = stream.lastPosition() - properties.of(stream.name()).retainedEvents();
    return store.countEvents(stream.name(), floor, clock.instant());
  }

  /** The oldest retained event; empty if no event is retained. */
  Optional<EventId> oldest(StoredStream stream) {
    long floor = stream.lastPosition() - properties.of(stream.name()).retainedEvents();
    return store.after(stream.name(), EventId.NOTHING, floor, clock.instant(), 2).stream()
        .map(Positioned::event)
        .filter(event -> isShown(event, stream))
        .map(StreamEvent::id)
        .findFirst();
  }

  /**
   * Whether the history contains an event. After a closed stream was opened again, the event that
   * closed the stream is left out.
   */
  private static boolean isShown(StreamEvent event, StoredStream stream) {
    return !event.type().isFinal() || stream.closed() && event.id().equals(stream.lastId());
  }

  /**
   * Whether the first of these events directly follows the event with the given ID, so that no
   * event is missing between them.
   */
  private boolean isVouchedFor(
      StreamName name, EventId id, List<Positioned> part, long floor, Instant now) {
    if (part.isEmpty()) {
      return false; // events were published after the ID, but none of them is retained
    }
    Positioned first = part.getFirst();
    if (id.equals(EventId.NOTHING)) {
      return first.position() == 1;
    }
    EventId next = first.event().id();
    if (next.epoch() == id.epoch() && next.sequence() == id.sequence() + 1) {
      return true;
    }
    return store
        .position(name, id, now)
        .filter(position -> position > floor && position + 1 == first.position())
        .isPresent();
  }
}
