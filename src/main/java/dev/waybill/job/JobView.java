package dev.waybill.job;

import dev.waybill.event.EventId;
import org.jspecify.annotations.Nullable;

/**
 * A job as clients see it: what all jobs have in common, together with what its kind adds. Each
 * kind has a form of its own, which is written as JSON.
 */
public interface JobView {

  /** The transaction ID. */
  String transactionId();

  /** Where the job stands. */
  JobStatus status();

  /** How far the job is. Grows in its course; see {@link dev.waybill.event.StreamEvent}. */
  long position();

  /** The job in a list: without what may be large. */
  JobView listed();

  /** The job in an event, which has a limit in bytes. */
  JobView inEvent();

  /** The job in the event that ends it. */
  default JobView inFinalEvent() {
    return inEvent();
  }

  /**
   * The last event that this state covers, if the database knows it exactly; otherwise null. Needed
   * where an event adds to the state, so that none may be applied twice.
   */
  default @Nullable EventId covered() {
    return null;
  }

  /** A queued job with its place in the queue, from 1; null if it has none. */
  JobView at(@Nullable Integer queuePosition);

  /** The job without what changes by itself. The ETag is made from it. */
  JobView withoutPace();

  /** The data of a {@code progress} event: the part of the job that changes. */
  Object progress();
}
