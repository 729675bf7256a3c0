package dev.waybill.event;

import java.util.List;
import java.util.Optional;

/** Sends an event to one watching connection, on whichever pod it is held. Thread-safe. */
public interface SendToEmitter {

  /**
   * The names of the streams that a connection watches; they never change. Empty where it is gone.
   * May block on another pod for up to 4 s.
   *
   * @throws RuntimeException a problem 503 {@code pod-unreachable}, if nobody knows whether it is
   *     there
   */
  Optional<List<String>> streamsOf(String emitterId);

  /**
   * Puts an event into the outbox of one connection. It has no ID and is in no history. May block
   * on another pod for up to 4 s.
   *
   * @param event its stream and its ID mean nothing
   * @return false if there is no such connection any more
   * @throws RuntimeException a problem 503 {@code pod-unreachable}, if nobody knows whether it is
   *     there
   */
  boolean send(String emitterId, StreamEvent event);
}
