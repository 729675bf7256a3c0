package dev.waybill.event;

import java.util.List;
import java.util.Optional;

/** Sends an event to one watching connection, on any pod. Thread-safe. */
public interface SendToEmitter {

  /**
   * The names of the streams that a connection watches. These names never change. Empty if the
   * connection does not exist any more. Can block on another pod for up to 4 s.
   *
   * @throws RuntimeException a problem 503 {@code pod-unreachable}, if no pod can say whether the
   *     connection exists
   */
  Optional<List<String>> streamsOf(String emitterId);

  /**
   * Adds an event to the outbox of one connection. The event has no ID and is not stored in a
   * history. Can block on another pod for up to 4 s.
   *
   * @param event the event to send; its stream and its ID are ignored
   * @return false if the connection does not exist any more; true also for a sample that is left
   *     out because the client is behind
   * @throws RuntimeException a problem 503 {@code pod-unreachable}, if no pod can say whether the
   *     connection exists
   */
  boolean send(String emitterId, StreamEvent event);
}
