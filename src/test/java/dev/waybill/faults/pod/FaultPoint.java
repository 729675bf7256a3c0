package dev.waybill.faults.pod;

/** A moment in the work on a job. */
public enum FaultPoint {
  /** The attempt has started, and nothing else has happened. */
  PICKED,
  /** PostgreSQL has received half of a COPY, and waits for the rest. */
  WITHIN_A_COPY,
  /** A chunk is committed, but the pod does not know it yet. */
  AFTER_A_COMMIT,
  /** An event has its ID, but it has not been published. */
  BEFORE_A_PUBLISH,
  /** The events of a group of requests are stored, but not committed. */
  WITHIN_A_GROUP,
  /** The events of a group of requests are committed, but not delivered and not answered. */
  AFTER_A_GROUP,
  /** The end of a job with a webhook is committed, but the pod does not know it yet. */
  BEFORE_A_DELIVERY
}
