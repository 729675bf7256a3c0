package dev.waybill.cluster;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An event in the form in which pods send it to each other. Pods of two versions run side by side
 * while a new one is rolled out, so a pod takes any name and any delivery rule, also those that it
 * does not know, and writes what the version before needs.
 *
 * @param type the name in capitals, all that the version before reads and writes
 * @param name null for an event without a name, and from the version before
 * @param delivery the rule's name in capitals; null from the version before
 * @param text true where the data is plain text, otherwise null
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

  /** An event's ID, by the names that every version knows. */
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

  /** The name as the version before writes it. */
  static String legacyType(EventType type) {
    return type.name() == null ? "" : type.name().toUpperCase(Locale.ROOT);
  }

  private EventType readType() {
    return readType(type, name, delivery, key);
  }

  /** The type that was written, by any version. */
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

  /** A rule that this version does not know loses nothing when the event is kept in order. */
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
