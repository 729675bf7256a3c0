package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamHistory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates the event that informs a watcher that some events are lost, because they cannot be read
 * any more.
 */
final class Gaps {

  private static final EventType GAP = EventType.of("waybill.gap", Delivery.STATE);

  private Gaps() {}

  /**
   * Returns the events of one part of the history. If events before this part are lost, the first
   * event of the result reports the loss.
   *
   * @param after the cursor after which the part was read
   */
  static List<StreamEvent> announced(
      String streamId, EventId after, StreamHistory.Part part, StreamHistory history) {
    return part.gap() ? announced(streamId, after.toString(), part, history) : part.events();
  }

  /**
   * Returns the event that reports the loss, followed by the events of one part of the history.
   *
   * @param after the cursor as the client sent it; in the event, {@code ?} replaces each unsafe
   *     character
   */
  static List<StreamEvent> announced(
      String streamId, String after, StreamHistory.Part part, StreamHistory history) {
    EventId resumesAt = part.events().isEmpty() ? null : part.events().getFirst().id();
    EventId id = resumesAt == null ? history.end(streamId).last() : resumesAt.previous();
    List<StreamEvent> events = new ArrayList<>(part.events().size() + 1);
    events.add(new StreamEvent(streamId, id, GAP, data(after, resumesAt), 0));
    events.addAll(part.events());
    return events;
  }

  private static String data(String after, @Nullable EventId resumesAt) {
    return "{\"after\":\"%s\",\"resumesAt\":%s}"
        .formatted(
            after.replaceAll("[^A-Za-z0-9._:-]", "?"),
            resumesAt == null ? "null" : "\"" + resumesAt + "\"");
  }
}
