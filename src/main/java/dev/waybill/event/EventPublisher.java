package dev.waybill.event;

/**
 * Publishes the events of a stream: writes an event to the log first, then delivers the event to
 * the emitters. An emitter is the connection of a watching client.
 */
public interface EventPublisher {

  /**
   * Publishes the next event of a stream. Never waits for a watcher. Waits for the event log for
   * half a second at most, and for the database only if the log refuses the event. Two threads must
   * not call this method for the same stream at the same time.
   *
   * @return whether this publisher may still publish to the stream
   */
  Published publish(StreamEvent event);

  /** The result of publishing an event. */
  enum Published {
    /**
     * The event was delivered to the emitters of this pod and is being sent to the emitters of
     * other pods.
     */
    DELIVERED,
    /**
     * A later attempt has taken over the job, or the job has ended or was deleted. The event was
     * not delivered, and this attempt must stop.
     */
    FENCED
  }
}
