package dev.waybill.channel;

import dev.waybill.channel.ChannelStore.Advanced;
import dev.waybill.channel.ChannelStore.Answered;
import dev.waybill.channel.ChannelStore.Numbered;
import dev.waybill.channel.ChannelStore.Trimmed;
import dev.waybill.channel.PublishEvents.Change;
import dev.waybill.channel.PublishEvents.Request;
import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.problem.Problem;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Gives published events their numbers and stores them, within the caller's transaction. Locks the
 * streams in the order of their names, so that two pods never wait for each other. Each statement
 * covers all streams of a group of requests. With 64 publishers, this reduces the number of
 * statements to a sixtieth.
 */
@Component
@RequiredArgsConstructor
class NumberEvents {

  /**
   * The type of the last event of an epoch, the period until a stream is closed. This event ends
   * the connections of the watchers.
   */
  static final EventType CLOSED = EventType.of("waybill.closed", Delivery.LAST);

  /**
   * The minimum number of new events of a stream between two deletions of its old events. If a
   * quarter of the stream's limit of retained events is larger, that number is used instead.
   */
  private static final int LEAST_TRIM = 64;

  private final ChannelStore store;
  private final ChannelProperties properties;
  private final Clock clock;

  /**
   * The answer that a request gets after the commit. This answer contains the IDs, or the reason
   * why the request was refused.
   */
  record Answer(CompletableFuture<Answer> to, List<EventId> ids, @Nullable Problem refusal) {

    void give() {
      to.complete(this);
    }
  }

  /**
   * @param published the new events; the events of one stream are in order
   */
  record Stored(List<StreamEvent> published, List<Answer> answers) {}

  Stored store(List<Request> group) {
    Map<String, List<Request>> byStream =
        group.stream()
            .collect(
                Collectors.groupingBy(
                    request -> request.name().text(), TreeMap::new, Collectors.toList()));
    Room room = new Room();
    List<OneStream> streams =
        byStream.values().stream().map(requests -> new OneStream(requests, room)).toList();
    number(streams);
    List<OneStream> changed = streams.stream().filter(each -> !each.numbered.isEmpty()).toList();
    Instant now = clock.instant();
    List<Numbered> events = changed.stream().flatMap(each -> each.numbered.stream()).toList();
    store.insertEvents(events, now);
    store.remember(events, now.plus(properties.messageIdRetention()));
    store.advance(changed.stream().map(OneStream::advanced).toList(), now);
    store.trim(changed.stream().map(OneStream::trim).flatMap(Optional::stream).toList());
    return new Stored(
        changed.stream().flatMap(OneStream::published).toList(),
        streams.stream().flatMap(each -> each.answers.stream()).toList());
  }

  /**
   * Locks the streams and gives their events numbers. Adds new streams before it takes any lock.
   * Otherwise a pod could hold a lock while it waits for another pod's new row, and the two pods
   * could deadlock.
   */
  private void number(List<OneStream> streams) {
    Set<StreamName> known = store.known(streams.stream().map(each -> each.name).toList());
    streams.stream().filter(each -> !known.contains(each.name)).forEach(OneStream::create);
    Map<StreamName, StoredStream> locked =
        store.lock(streams.stream().map(each -> each.name).toList());
    streams.forEach(each -> each.number(locked.get(each.name)));
  }

  /**
   * The number of streams that may still be added. The streams are counted at most one time,
   * because the count reads every stream.
   */
  private final class Room {

    private int left = -1; // -1 while the streams are not counted yet

    boolean take() {
      if (left < 0) {
        left = Math.max(0, properties.maxStreams() - store.count());
      }
      return left > 0 && left-- > 0;
    }
  }

  /** The requests for one stream, in the order in which they arrived. */
  private final class OneStream {

    private final StreamName name;
    private final ChannelProperties.Limits limits;
    private final List<Request> requests;
    private final Room room;
    private final Instant now = clock.instant();
    private final List<Answer> answers = new ArrayList<>();
    private final List<Numbered> numbered = new ArrayList<>();
    private final Map<String, Answered> answered = new HashMap<>();
    private int epoch;
    private long sequence;
    private long positionBefore;
    private long position;
    private boolean closed;
    private boolean isNew;
    private boolean isRefused; // whether there are too many streams

    OneStream(List<Request> requests, Room room) {
      this.requests = requests;
      this.room = room;
      this.name = requests.getFirst().name();
      this.limits = properties.of(name);
    }

    /**
     * Adds the row of the stream if a request publishes an event to the stream and there is room
     * for another stream.
     */
    void create() {
      if (requests.stream().anyMatch(request -> request.change() instanceof Change.Publish)) {
        if (room.take()) {
          isNew = store.insert(name, store.newEpoch(now), now, limits.retention());
        } else {
          isRefused = true;
        }
      }
    }

    /**
     * Gives the events their numbers.
     *
     * @param locked the row of the stream; null if the stream has no row
     */
    void number(@Nullable StoredStream locked) {
      StoredStream stream = locked;
      if (stream == null && !isRefused) {
        // An earlier query found the row of the stream. But the row was deleted before this
        // transaction locked it, because the last event of the stream had expired.
        create();
        stream = store.lock(List.of(name)).get(name);
      }
      if (stream != null) {
        continueFrom(stream);
      } else if (isRefused) {
        requests.forEach(request -> refuse(request, tooManyStreams()));
      } else {
        requests.forEach(request -> answer(request, List.of())); // there is no stream to close
      }
    }

    private void continueFrom(StoredStream stream) {
      positionBefore = stream.lastPosition();
      epoch = stream.epoch();
      sequence = stream.lastSequence();
      position = positionBefore;
      closed = stream.closed();
      recallMessages();
      requests.forEach(this::apply);
      if (numbered.isEmpty() && isNew) {
        store.deleteEmpty(name);
      }
    }

    private void apply(Request request) {
      switch (request.change()) {
        case Change.Publish(List<NewEvent> events) -> publish(request, events);
        case Change.Close() -> {
          if (!closed) {
            add(new NewEvent(CLOSED, "{}", false, null, null));
            closed = true;
          }
          answer(request, List.of());
        }
      }
    }

    private void publish(Request request, List<NewEvent> events) {
      for (NewEvent event : events) {
        Answered before = before(event);
        if (before != null && !before.fingerprint().equals(event.fingerprint())) {
          refuse(request, mismatch(event));
          return;
        }
      }
      List<EventId> ids = new ArrayList<>(events.size());
      for (NewEvent event : events) {
        Answered before = before(event);
        if (before == null) {
          reopen();
          EventId id = add(event);
          if (event.messageId() != null) {
            answered.put(event.messageId(), new Answered(event.fingerprint(), id));
          }
          ids.add(id);
        } else {
          ids.add(before.id());
        }
      }
      answer(request, ids);
    }

    private @Nullable Answered before(NewEvent event) {
      return event.messageId() == null ? null : answered.get(event.messageId());
    }

    private void reopen() {
      if (closed) {
        epoch = store.newEpoch(now);
        sequence = 0;
        closed = false;
      }
    }

    private EventId add(NewEvent event) {
      EventId id = new EventId(epoch, ++sequence);
      numbered.add(new Numbered(name, id, ++position, event, now.plus(limits.retention())));
      return id;
    }

    private void recallMessages() {
      Set<String> ids = new HashSet<>();
      for (Request request : requests) {
        if (request.change() instanceof Change.Publish(List<NewEvent> events)) {
          events.stream().map(NewEvent::messageId).filter(Objects::nonNull).forEach(ids::add);
        }
      }
      if (!ids.isEmpty()) {
        answered.putAll(store.answered(name, ids, now));
      }
    }

    Advanced advanced() {
      return new Advanced(
          name, new EventId(epoch, sequence), position, closed, now.plus(limits.retention()));
    }

    /** The old events to delete; empty if there are too few old events to be worth a statement. */
    Optional<Trimmed> trim() {
      int stride = Math.max(LEAST_TRIM, limits.retainedEvents() / 4);
      return position / stride == positionBefore / stride
          ? Optional.empty()
          : Optional.of(new Trimmed(name, position - limits.retainedEvents()));
    }

    Stream<StreamEvent> published() {
      return numbered.stream()
          .map(
              each ->
                  new StreamEvent(
                      name.streamId(),
                      each.id(),
                      each.event().type(),
                      each.event().data(),
                      0,
                      new StreamEvent.Extras(
                          each.event().text(),
                          each.event().retryMillis(),
                          each.event().messageId())));
    }

    private void answer(Request request, List<EventId> ids) {
      answers.add(new Answer(request.answer(), ids, null));
    }

    private void refuse(Request request, Problem problem) {
      answers.add(new Answer(request.answer(), List.of(), problem));
    }
  }

  private static Problem mismatch(NewEvent event) {
    return Problem.of(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "message-mismatch",
        "The message ID belongs to another event",
        "The messageId %s was used for an event with other content. Give each event its own."
            .formatted(event.messageId()));
  }

  private Problem tooManyStreams() {
    return Problem.of(
        HttpStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "There are too many streams",
        "There are %d streams already. One is forgotten when its last event is old enough."
            .formatted(properties.maxStreams()));
  }
}
