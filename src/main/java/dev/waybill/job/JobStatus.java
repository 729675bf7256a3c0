package dev.waybill.job;

import dev.waybill.event.EventType;

/**
 * The status changes in this order: {@code QUEUED → RUNNING → COMPLETED | FAILED | CANCELLED}. If a
 * process crashes, the status of its jobs does not change: the jobs stay RUNNING.
 */
public enum JobStatus {
  QUEUED,
  RUNNING,
  COMPLETED,
  FAILED,
  CANCELLED;

  public boolean isFinished() {
    return switch (this) {
      case QUEUED, RUNNING -> false;
      case COMPLETED, FAILED, CANCELLED -> true;
    };
  }

  /** The type of event that reports a job with this final status. */
  EventType finalEvent() {
    return switch (this) {
      case COMPLETED -> JobEventTypes.COMPLETE;
      case FAILED -> JobEventTypes.ERROR;
      case CANCELLED -> JobEventTypes.CANCELLED;
      case QUEUED, RUNNING -> throw new IllegalStateException(this + " is not an end");
    };
  }
}
