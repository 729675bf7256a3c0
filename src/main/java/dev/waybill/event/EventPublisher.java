package dev.waybill.event;

/** Where a job's events go: into the log first, then to the emitters that watch. */
public interface EventPublisher {

  /**
   * Publishes the next event of a stream. Never waits for a watcher; may wait shortly for the log.
   * Not to be called for one stream by two threads at once.
   *
   * @return whether this publisher still speaks for the stream
   */
  Published publish(StreamEvent event);

  /** What became of a published event. */
  enum Published {
    /** Delivered to the emitters of this pod and on its way to those of others. */
    DELIVERED,
    /** A later attempt has published already; nothing was delivered, and the attempt must stop. */
    FENCED
  }
}
