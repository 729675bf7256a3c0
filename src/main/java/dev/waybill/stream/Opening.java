package dev.waybill.stream;

import java.util.List;

/** How a stream begins for one client. */
sealed interface Opening {

  /** There is no such stream. */
  record Unknown() implements Opening {}

  /** The client has seen the final event. */
  record AlreadyEnded() implements Opening {}

  /**
   * @param missed what the client has to be shown before live events, oldest first
   * @param position how far the job is by now, in rows
   */
  record Frames(List<Frame> missed, long position) implements Opening {}
}
