package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.StreamEvent;
import java.util.List;

/** The way in which a stream starts for one client. */
sealed interface Opening {

  /** The stream does not exist. */
  record Unknown() implements Opening {}

  /** The client has seen the final event. */
  record AlreadyEnded() implements Opening {}

  /**
   * @param missed the events that the client must get before live events, oldest first
   * @param position the current progress of the job or record, as {@link Rules#openAt} defines it
   */
  record Events(List<StreamEvent> missed, long position) implements Opening {

    /** The approximate size of the missed events in bytes. */
    long size() {
      return sizeOf(missed);
    }

    /**
     * Whether the client first gets the whole state, regardless of the events that the client has
     * seen before.
     */
    boolean startsWithState() {
      return !missed.isEmpty() && missed.getFirst().type().delivery() == Delivery.STATE;
    }

    static long sizeOf(List<StreamEvent> events) {
      return events.stream().mapToLong(event -> event.data().length()).sum();
    }
  }
}
