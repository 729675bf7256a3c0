package dev.waybill.faults.pod;

/** A moment in the work on a job. */
public enum FaultPoint {
  /** The attempt has begun, and nothing else. */
  PICKED,
  /** PostgreSQL has half of what a COPY brings, and waits for the rest. */
  WITHIN_A_COPY,
  /** A chunk is committed, and the pod itself does not know it yet. */
  AFTER_A_COMMIT,
  /** An event has its ID, and nobody has the event. */
  BEFORE_A_PUBLISH
}
