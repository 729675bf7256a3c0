package dev.waybill.stream;

import java.util.List;

/** How a stream begins for one client. */
sealed interface Opening {

  /** There is no such stream. */
  record Unknown() implements Opening {}

  /** The client has seen the final event. */
  record AlreadyEnded() implements Opening {}

  /** What the client has to be shown before live events, oldest first. */
  record Frames(List<Frame> missed) implements Opening {}
}
