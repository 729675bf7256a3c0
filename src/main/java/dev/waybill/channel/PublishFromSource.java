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
 * Publishes events from a source outside of Waybill. The position up to which the source was read
 * is stored in the same transaction as the events, so that each event is published once.
 * Thread-safe.
 */
@Component
@RequiredArgsConstructor
public class PublishFromSource {

  /** The maximum number of events in one call. */
  public static final int MAX_EVENTS = ReadEvents.MAX_BATCH_EVENTS;

  /** The maximum number of bytes that the data of all events in one call should have. */
  public static final int MAX_BYTES = ReadEvents.MAX_BATCH_BYTES;

  private final PublishEvents publish;
  private final ReadEvents readEvents;
  private final ChannelProperties properties;

  /**
   * An event in the form of the source, not checked yet.
   *
   * @param stream the name of its stream
   * @param name the event's name, or null
   * @param data JSON or, with {@code text}, plain text
   */
  public record SourceEvent(String stream, @Nullable String name, String data, boolean text) {}

  /**
   * Publishes events to their streams and stores the position up to which the source was read. Does
   * either both or nothing.
   *
   * @param events in order, at least one and at most {@link #MAX_EVENTS}
   * @param position stores the position in the source. Runs in the open transaction; if it throws,
   *     everything is rolled back
   * @return for each event that cannot be published, its index and the reason; then nothing was
   *     stored. Empty if everything is committed
   * @throws Problem 503 {@code unavailable}, if too many requests wait
   * @throws RuntimeException the exception of {@code position} or of the database
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
