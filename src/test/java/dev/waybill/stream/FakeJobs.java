package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKind;
import dev.waybill.event.StreamState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The true state of streams, in a map. */
public final class FakeJobs implements StreamKind {

  private final Map<String, StreamState> states = new ConcurrentHashMap<>();

  /** Runs within each read of a state, before it is read. */
  public volatile Runnable onRead = () -> {};

  public void queued(String id) {
    states.put(id, new StreamState(SampleTypes.SNAPSHOT, "{\"status\":\"QUEUED\"}", 0, 0, null));
  }

  public void running(String id, int attempt, long position) {
    states.put(
        id,
        new StreamState(
            SampleTypes.SNAPSHOT,
            "{\"status\":\"RUNNING\",\"rows\":%d}".formatted(position),
            position,
            attempt,
            null));
  }

  /** A job whose state says which events it covers. */
  public void running(String id, EventId covered) {
    String data = "{\"covered\":\"%s\"}".formatted(covered);
    states.put(id, new StreamState(SampleTypes.SNAPSHOT, data, 0, covered.epoch(), null, covered));
  }

  public StreamEvent finished(String id, EventId finalId, long position) {
    String data = "{\"status\":\"COMPLETED\",\"rows\":%d}".formatted(position);
    StreamEvent end = new StreamEvent(id, finalId, SampleTypes.COMPLETE, data, position);
    states.put(id, new StreamState(SampleTypes.SNAPSHOT, data, position, finalId.epoch(), end));
    return end;
  }

  @Override
  public boolean covers(String streamId) {
    return true;
  }

  @Override
  public Optional<String> streamId(String name) {
    return Optional.of(name);
  }

  @Override
  public Optional<StreamState> state(String streamId) {
    onRead.run();
    return Optional.ofNullable(states.get(streamId));
  }

  @Override
  public List<StreamEvent> endedAmong(Collection<String> streamIds) {
    return streamIds.stream()
        .flatMap(id -> Optional.ofNullable(states.get(id)).stream())
        .flatMap(state -> Optional.ofNullable(state.finalEvent()).stream())
        .toList();
  }
}
