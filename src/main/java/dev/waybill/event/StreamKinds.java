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
 * All kinds of streams of this service, asked by the ID of a stream. An ID belongs to at most one
 * kind. Thread-safe.
 */
@Component
@RequiredArgsConstructor
public class StreamKinds {

  // Looked up late: a kind may publish events, and publishing depends on this class.
  private final ObjectProvider<StreamKind> kinds;

  /** As {@link StreamKind#state}; also empty if the ID belongs to no kind. */
  public Optional<StreamState> state(String streamId) {
    return kinds.stream()
        .filter(kind -> kind.covers(streamId))
        .findFirst()
        .flatMap(kind -> kind.state(streamId));
  }

  /** As {@link StreamKind#endedAmong}, for streams of any kind. */
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

  /** As {@link StreamKind#streamId}, of any kind. */
  public Optional<String> streamId(String name) {
    return kinds.stream().flatMap(kind -> kind.streamId(name).stream()).findFirst();
  }

  /** As {@link StreamKind#name}. */
  public String name(String streamId) {
    return kinds.stream()
        .filter(kind -> kind.covers(streamId))
        .findFirst()
        .map(kind -> kind.name(streamId))
        .orElse(streamId);
  }

  /** As {@link StreamKind#history}; empty where a state stands in for what was missed. */
  public Optional<StreamHistory> history(String streamId) {
    return kinds.stream()
        .filter(kind -> kind.covers(streamId))
        .findFirst()
        .flatMap(kind -> Optional.ofNullable(kind.history()));
  }

  /** As {@link StreamKind#maxWatchers}. */
  public int maxWatchers(String streamId) {
    return kinds.stream()
        .filter(kind -> kind.covers(streamId))
        .mapToInt(kind -> kind.maxWatchers(streamId))
        .min()
        .orElse(0);
  }

  /** As {@link StreamHistory#newest}, for those among some streams that have a history. */
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
