package dev.waybill.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * All kinds of streams of this service. Finds the kind of a stream by its ID. An ID belongs to at
 * most one kind. Thread-safe.
 */
@Component
@RequiredArgsConstructor
public class StreamKinds {

  // The kinds are looked up only when they are needed. A kind can publish events, and the classes
  // that publish events depend on this class.
  private final ObjectProvider<StreamKind> kinds;

  /** Does the same as {@link StreamKind#state}; also empty if the ID belongs to no kind. */
  public Optional<StreamState> state(String streamId) {
    return kinds.stream()
        .filter(kind -> kind.covers(streamId))
        .findFirst()
        .flatMap(kind -> kind.state(streamId));
  }

  /** Does the same as {@link StreamKind#endedAmong}, for streams of any kind. */
  public List<StreamEvent> endedAmong(Collection<String> streamIds) {
    List<StreamEvent> ended = new ArrayList<>();
    kinds.forEach(
        kind -> {
          List<String> ofThisKind = streamIds.stream().filter(kind::covers).toList();
          if (!ofThisKind.isEmpty()) {
            ended.addAll(kind.endedAmong(ofThisKind));
          }
        });
    return ended;
  }

  /** Does the same as {@link StreamKind#streamId}, for a stream of any kind. */
  public Optional<String> streamId(String name) {
    return kinds.stream().flatMap(kind -> kind.streamId(name).stream()).findFirst();
  }

  /** Does the same as {@link StreamKind#name}, for a stream of any kind. */
  public String name(String streamId) {
    return kinds.stream()
        .filter(kind -> kind.covers(streamId))
        .findFirst()
        .map(kind -> kind.name(streamId))
        .orElse(streamId);
  }

  /**
   * Does the same as {@link StreamKind#history}, for a stream of any kind. Empty if the kind has a
   * state that replaces missed events.
   */
  public Optional<StreamHistory> history(String streamId) {
    return kinds.stream()
        .filter(kind -> kind.covers(streamId))
        .findFirst()
        .flatMap(kind -> Optional.ofNullable(kind.history()));
  }

  /** Does the same as {@link StreamKind#maxWatchers}, for a stream of any kind. */
  public int maxWatchers(String streamId) {
    return kinds.stream()
        .filter(kind -> kind.covers(streamId))
        .mapToInt(kind -> kind.maxWatchers(streamId))
        .min()
        .orElse(0);
  }

  /** Does the same as {@link StreamHistory#newest}, for the given streams that have a history. */
  public Map<String, EventId> newestAmong(Collection<String> streamIds) {
    Map<String, EventId> newest = new HashMap<>();
    kinds.forEach(
        kind -> {
          StreamHistory history = kind.history();
          List<String> ofThisKind =
              history == null ? List.of() : streamIds.stream().filter(kind::covers).toList();
          if (history != null && !ofThisKind.isEmpty()) {
            newest.putAll(history.newest(ofThisKind));
          }
        });
    return newest;
  }
}
