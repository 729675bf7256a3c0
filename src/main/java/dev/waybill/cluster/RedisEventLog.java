package dev.waybill.cluster;

import dev.waybill.event.EventId;
import dev.waybill.event.EventLog;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.EventsProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.data.domain.Range;
import org.springframework.data.domain.Range.Bound;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.stereotype.Component;

/**
 * The event log that all pods share. Each stream of Waybill is a Redis stream, and each entry has
 * the ID of its event. While Redis fails, callers see an empty log, as after a loss of all data in
 * Redis.
 */
@Slf4j
@Component
@Profile("cluster")
@RequiredArgsConstructor
class RedisEventLog implements EventLog {

  /**
   * The time after a failure of Redis during which events can be missing in the log. During this
   * time, each running job is expected to publish another event. After that, the end of the job's
   * log is up to date again.
   */
  private static final Duration OUTAGE_MEMORY = Duration.ofMinutes(10);

  /** The result of appending an event, and the pods that have emitters of its stream. */
  record Appended(Outcome outcome, Set<String> owners) {}

  enum Outcome {
    APPENDED,
    /** The same event was already in the log. */
    ALREADY_THERE,
    /**
     * The log does not contain this event, but contains another event with the same ID or a higher
     * ID. Usually the cause is that another attempt publishes to this stream. The database decides
     * which attempt may publish.
     */
    FENCED
  }

  private final Redis redis;
  private final Redis heartbeatRedis;
  private final EventsProperties properties;
  private final ClusterMetrics metrics;

  /**
   * Appends an event in one round trip. Returns empty if Redis failed. In this case it is unknown
   * whether the log contains the event.
   */
  Optional<Appended> append(StreamEvent event) {
    List<String> keys =
        List.of(RedisKeys.events(event.streamId()), RedisKeys.pods(event.streamId()));
    return redis.ask(
        template -> {
          metrics.roundTrip();
          return appended(
              Script.APPEND.run(
                  template,
                  keys,
                  event.id().toString(),
                  WireEvent.legacyType(event.type()),
                  event.data(),
                  Long.toString(event.position()),
                  Integer.toString(properties.logSize()),
                  Long.toString(properties.retention().toMillis()),
                  orEmpty(event.type().name()),
                  event.type().delivery().name(),
                  orEmpty(event.type().key())));
        });
  }

  /**
   * Empties the log of a stream if the log's last ID is the given ID or a higher ID. Also writes a
   * restart mark, which says that the log starts again from lower IDs. Every pod reads this mark in
   * its next regular round.
   *
   * @return whether an event with the given ID can be appended now
   */
  boolean restart(String streamId, EventId id) {
    Optional<EventId> end = end(streamId);
    if (end.isEmpty() || id.isAfter(end.get())) {
      return true;
    }
    boolean restarted =
        redis
            .ask(
                template ->
                    Script.RESTART.run(
                        template,
                        List.of(RedisKeys.events(streamId), RedisKeys.restart(streamId)),
                        end.get().toString(),
                        UUID.randomUUID().toString(),
                        Long.toString(properties.retention().toMillis())))
            .filter(answer -> answer.equals(1L))
            .isPresent();
    if (restarted) {
      log.warn(
          "The log of stream {} ended at {}, which the database does not know; it starts over at"
              + " {}. Was the database restored?",
          streamId,
          end.get(),
          id);
    }
    return restarted;
  }

  private static Appended appended(Object answer) {
    List<String> parts = ((List<?>) answer).stream().map(String::valueOf).toList();
    Outcome outcome =
        switch (parts.getFirst()) {
          case "appended" -> Outcome.APPENDED;
          case "already-there" -> Outcome.ALREADY_THERE;
          case "fenced" -> Outcome.FENCED;
          default -> throw new IllegalStateException("append.lua answered " + parts);
        };
    return new Appended(outcome, Set.copyOf(parts.subList(1, parts.size())));
  }

  @Override
  public Optional<EventId> end(String streamId) {
    return redis
        .ask(
            template ->
                template
                    .<String, String>opsForStream()
                    .reverseRange(
                        RedisKeys.events(streamId), Range.unbounded(), Limit.limit().count(1)))
        .flatMap(newest -> newest.stream().findFirst())
        .map(RedisEventLog::idOf);
  }

  @Override
  public boolean mayLackEvents() {
    // Also considers the connection of the heartbeat. A pod without watchers notices an outage only
    // through its heartbeat.
    return redis.failedWithin(OUTAGE_MEMORY) || heartbeatRedis.failedWithin(OUTAGE_MEMORY);
  }

  @Override
  public Optional<List<StreamEvent>> after(String streamId, EventId id) {
    return redis
        .ask(
            template ->
                template
                    .<String, String>opsForStream()
                    .range(
                        RedisKeys.events(streamId),
                        Range.rightUnbounded(Bound.inclusive(id.toString()))))
        .flatMap(records -> unbroken(streamId, id, records));
  }

  /** The events after an ID. Empty if one of these events may be missing in the log. */
  private static Optional<List<StreamEvent>> unbroken(
      String streamId, EventId id, List<MapRecord<String, String, String>> records) {
    if (records.isEmpty()) {
      return Optional.empty();
    }
    // The log may have already deleted the entry with the given ID. Then the log must start with
    // the event directly after this entry.
    EventId first = idOf(records.getFirst());
    if (!first.equals(id) && !first.previous().equals(id)) {
      return Optional.empty();
    }
    List<StreamEvent> events = new ArrayList<>(records.size());
    EventId last = id;
    for (MapRecord<String, String, String> each : records) {
      StreamEvent event = event(streamId, each);
      if (event.id().equals(id)) {
        continue;
      }
      if (!event.follows(last)) {
        return Optional.empty();
      }
      events.add(event);
      last = event.id();
    }
    return Optional.of(events);
  }

  private static EventId idOf(MapRecord<String, String, String> entry) {
    return EventId.parse(entry.getId().getValue()).orElseThrow();
  }

  private static StreamEvent event(String streamId, MapRecord<String, String, String> entry) {
    Map<String, String> fields = entry.getValue();
    return new StreamEvent(
        streamId,
        idOf(entry),
        WireEvent.readType(
            fields.get("type"),
            orNull(fields.get("name")),
            fields.get("delivery"),
            orNull(fields.get("key"))),
        field(fields, "data"),
        Long.parseLong(field(fields, "position")));
  }

  private static String field(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  /** Redis cannot store null, so an event without a name or a key is stored with an empty text. */
  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
