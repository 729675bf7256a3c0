package dev.waybill.channel;

import dev.waybill.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Publishes what a source outside of Waybill has sent. How far the source was read is stored in the
 * same transaction, so that each event is published once. Thread-safe.
 */
@Component
@RequiredArgsConstructor
public class PublishFromSource {

  /** The most events of one call. */
  public static final int MAX_EVENTS = ReadEvents.MAX_BATCH_EVENTS;

  /** The most bytes that the data of all events of one call should have. */
  public static final int MAX_BYTES = ReadEvents.MAX_BATCH_BYTES;

  private final PublishEvents publish;
  private final ReadEvents readEvents;
  private final ChannelProperties properties;

  /**
   * An event as the source has it, not checked.
   *
   * @param stream the name of its stream
   * @param name the event's name, or null
   * @param data JSON or, with {@code text}, plain text
   */
  public record SourceEvent(String stream, @Nullable String name, String data, boolean text) {}

  /**
   * Publishes events to their streams, and stores how far the source was read: all or nothing.
   *
   * @param events in order, at least one and at most {@link #MAX_EVENTS}
   * @param position stores how far the source was read. Runs in the open transaction; what it
   *     throws undoes everything
   * @return the events that cannot be published, by their index, and why. Then nothing was stored.
   *     Empty if everything is committed
   * @throws Problem 503 {@code unavailable}, while too much waits
   * @throws RuntimeException what {@code position} or the database has thrown
   */
  public Map<Integer, Problem> publish(List<SourceEvent> events, Runnable position) {
    Map<StreamName, List<NewEvent>> byStream = new LinkedHashMap<>();
    Map<Integer, Problem> refused = new TreeMap<>();
    for (int i = 0; i < events.size(); i++) {
      SourceEvent event = events.get(i);
      try {
        StreamName name = StreamName.ofWriter(event.stream());
        NewEvent checked =
            readEvents.of(
                event.name(), event.data(), event.text(), properties.of(name).maxEventSize());
        byStream.computeIfAbsent(name, _ -> new ArrayList<>()).add(checked);
      } catch (Problem e) {
        refused.put(i, e);
      }
    }
    if (!refused.isEmpty()) {
      return refused;
    }
    Map<StreamName, Problem> refusedStreams = publish.publishTogether(byStream, position);
    for (int i = 0; i < events.size() && !refusedStreams.isEmpty(); i++) {
      Problem why = refusedStreams.get(new StreamName(events.get(i).stream()));
      if (why != null) {
        refused.put(i, why);
      }
    }
    return refused;
  }
}
