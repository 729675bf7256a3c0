package dev.waybill.cluster;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An event in the form in which pods send it to each other. During a rolling upgrade, pods of two
 * versions run side by side. Therefore a pod accepts every name and every delivery rule, even if it
 * does not know them. The pod also writes the properties that the previous version needs.
 *
 * @param type the event's name in capitals; the previous version reads and writes only this
 *     property
 * @param name the name of the event; null for an event without a name, and for an event from a pod
 *     of the previous version
 * @param delivery the name of the delivery rule in capitals; null for an event from a pod of the
 *     previous version
 * @param text true if the data is plain text, otherwise null
 */
record WireEvent(
    String streamId,
    Id id,
    @Nullable String type,
    @Nullable String name,
    @Nullable String delivery,
    @Nullable String key,
    String data,
    long position,
    @Nullable Boolean text,
    @Nullable Integer retryMillis,
    @Nullable String messageId) {

  /** The ID of an event, with the property names that every version knows. */
  record Id(int attempt, long sequence) {}

  static WireEvent of(StreamEvent event) {
    EventType type = event.type();
    return new WireEvent(
        event.streamId(),
        new Id(event.id().epoch(), event.id().sequence()),
        legacyType(type),
        type.name(),
        type.delivery().name(),
        type.key(),
        event.data(),
        event.position(),
        event.extras().text() ? true : null,
        event.extras().retryMillis(),
        event.extras().messageId());
  }

  StreamEvent toEvent() {
    return new StreamEvent(
        streamId,
        new EventId(id.attempt(), id.sequence()),
        readType(),
        data,
        position,
        new StreamEvent.Extras(Boolean.TRUE.equals(text), retryMillis, messageId));
  }

  /** The name in the form in which the previous version writes it. */
  static String legacyType(EventType type) {
    return type.name() == null ? "" : type.name().toUpperCase(Locale.ROOT);
  }

  private EventType readType() {
    return readType(type, name, delivery, key);
  }

  /** Reads the type of an event that a pod of any version has written. */
  static EventType readType(
      @Nullable String type,
      @Nullable String name,
      @Nullable String delivery,
      @Nullable String key) {
    if (delivery != null) {
      return new EventType(name, delivery(delivery), key);
    }
    String written = type == null ? "" : type;
    return EventType.of(written.toLowerCase(Locale.ROOT), legacyDelivery(written));
  }

  /**
   * The delivery rule with this name. If this version does not know the rule, the event is
   * delivered in order and never dropped, so that no event is lost.
   */
  private static Delivery delivery(String name) {
    return Arrays.stream(Delivery.values())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElse(Delivery.EACH);
  }

  private static Delivery legacyDelivery(String type) {
    return switch (type) {
      case "SNAPSHOT" -> Delivery.STATE;
      case "PROGRESS" -> Delivery.LATEST;
      case "ROWS" -> Delivery.SAMPLE;
      case "COMPLETE", "ERROR", "CANCELLED" -> Delivery.LAST;
      default -> Delivery.EACH;
    };
  }
}
