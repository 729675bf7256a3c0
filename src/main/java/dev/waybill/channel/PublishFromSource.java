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
 * Publishes events from a source outside of Waybill. One transaction stores the events and the
 * position up to which the source was read. So each event is published exactly one time.
 * Thread-safe.
 */
@Component
@RequiredArgsConstructor
public class PublishFromSource {

  /** The maximum number of events in one call. */
  public static final int MAX_EVENTS = ReadEvents.MAX_BATCH_EVENTS;

  /** The recommended maximum size, in bytes, of the data of all events in one call. */
  public static final int MAX_BYTES = ReadEvents.MAX_BATCH_BYTES;

  private final PublishEvents publish;
  private final ReadEvents readEvents;
  private final ChannelProperties properties;

  /**
   * An event in the form that the source sent. The event is not checked yet.
   *
   * @param stream the name of the stream to which the event is published
   * @param name the event's name, or null
   * @param data JSON or, with {@code text}, plain text
   */
  public record SourceEvent(String stream, @Nullable String name, String data, boolean text) {}

  /**
   * Publishes events to their streams and stores the position up to which the source was read.
   * Either both are stored, or nothing.
   *
   * @param events in order, at least one and at most {@link #MAX_EVENTS}
   * @param position stores the position in the source. Runs in the open transaction; if it throws
   *     an exception, the whole transaction is rolled back
   * @return the index of each event that cannot be published, with the reason. If there is such an
   *     event, nothing was stored. Empty if the whole transaction is committed
   * @throws Problem 503 {@code unavailable} if too many requests wait
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
