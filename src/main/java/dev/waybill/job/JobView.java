package dev.waybill.job;

import dev.waybill.event.EventId;
import org.jspecify.annotations.Nullable;

/**
 * A job in the form in which clients see it. This form contains the fields of all jobs and the
 * fields of the job's kind. Each kind of job has its own implementation, which is written as JSON.
 */
public interface JobView {

  /** The transaction ID. */
  String transactionId();

  /** The status of the job. */
  JobStatus status();

  /**
   * The progress of the work as a number that only grows; see {@link
   * dev.waybill.event.StreamEvent}.
   */
  long position();

  /** The job in the form that a list shows, without fields that can be large. */
  JobView listed();

  /** The job in a shorter form for events, because an event has a limit in bytes. */
  JobView inEvent();

  /** The job in the form that its final event contains. */
  default JobView inFinalEvent() {
    return inEvent();
  }

  /**
   * The ID of the last event whose change this state already contains; null if the database does
   * not know this ID exactly. Some events add to the state, and a client must not apply such an
   * event twice. The client uses this ID to skip the events that the state already contains.
   */
  default @Nullable EventId covered() {
    return null;
  }

  /**
   * A copy of this job with a position in the queue. Positions start at 1; null if the job has no
   * position.
   */
  JobView at(@Nullable Integer queuePosition);

  /**
   * The job without the values that change only because time passes, such as the rate and the
   * remaining time. The ETag is computed from this form.
   */
  JobView withoutPace();

  /** The data of a {@code progress} event: the part of the job that changes. */
  Object progress();
}
