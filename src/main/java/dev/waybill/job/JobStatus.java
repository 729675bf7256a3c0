package dev.waybill.job;

import dev.waybill.event.EventType;

/** {@code QUEUED → RUNNING → COMPLETED | FAILED | CANCELLED}; a crash leaves a job RUNNING. */
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

  /** The event that announces this end. */
  EventType finalEvent() {
    return switch (this) {
      case COMPLETED -> JobEventTypes.COMPLETE;
      case FAILED -> JobEventTypes.ERROR;
      case CANCELLED -> JobEventTypes.CANCELLED;
      case QUEUED, RUNNING -> throw new IllegalStateException(this + " is not an end");
    };
  }
}
