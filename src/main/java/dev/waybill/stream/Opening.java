package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.StreamEvent;
import java.util.List;

/** How a stream starts for one client. */
sealed interface Opening {

  /** There is no such stream. */
  record Unknown() implements Opening {}

  /** The client has seen the final event. */
  record AlreadyEnded() implements Opening {}

  /**
   * @param missed what the client must get before live events, oldest first
   * @param position how far the job is by now, in rows
   */
  record Events(List<StreamEvent> missed, long position) implements Opening {

    /** About how many bytes the missed events take. */
    long size() {
      return sizeOf(missed);
    }

    /** Whether the client gets the whole state, whatever it has seen. */
    boolean startsWithState() {
      return !missed.isEmpty() && missed.getFirst().type().delivery() == Delivery.STATE;
    }

    static long sizeOf(List<StreamEvent> events) {
      return events.stream().mapToLong(event -> event.data().length()).sum();
    }
  }
}
