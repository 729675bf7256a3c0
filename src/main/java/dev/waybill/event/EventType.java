package dev.waybill.event;

import org.jspecify.annotations.Nullable;

/**
 * The name of an event and its delivery rule. The kind of stream that publishes an event defines
 * its types. The packages {@code stream} and {@code cluster} only apply the delivery rule.
 *
 * @param name the name that clients see, or null for an event without a name
 * @param key distinguishes the events of one name for {@link Delivery#LATEST}: an event replaces
 *     only a waiting event with the same key. Null if all events of this name replace each other
 */
public record EventType(@Nullable String name, Delivery delivery, @Nullable String key) {

  public static EventType of(String name, Delivery delivery) {
    return new EventType(name, delivery, null);
  }

  /** Whether an event of this type is the last event of its stream. */
  public boolean isFinal() {
    return delivery == Delivery.LAST;
  }
}
