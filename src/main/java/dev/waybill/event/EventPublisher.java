package dev.waybill.event;

/** Takes the events of a stream: they go into the log first, then to the watching emitters. */
public interface EventPublisher {

  /**
   * Publishes the next event of a stream. Never waits for a watcher. Waits for the event log for
   * half a second at most. Two threads must not call it for the same stream at once.
   *
   * @return whether this publisher may still publish to the stream
   */
  Published publish(StreamEvent event);

  /** What became of a published event. */
  enum Published {
    /** Delivered to the emitters of this pod and on its way to those of others. */
    DELIVERED,
    /** A later attempt has the job. Nothing was delivered, and this attempt must stop. */
    FENCED
  }
}
