package dev.waybill.event;

import org.jspecify.annotations.Nullable;

/**
 * What an event is called and how it is delivered. The kind of stream that publishes an event
 * defines its types; watchers and the cluster only follow the delivery rule.
 *
 * @param name the event's name on the wire, or null for an event without one
 * @param key distinguishes the values that {@link Delivery#LATEST} replaces; null if a name has
 *     only one value
 */
public record EventType(@Nullable String name, Delivery delivery, @Nullable String key) {

  public static EventType of(String name, Delivery delivery) {
    return new EventType(name, delivery, null);
  }

  /** Whether it is the last event of its stream. */
  public boolean isFinal() {
    return delivery == Delivery.LAST;
  }
}
