package dev.waybill.worker;

import dev.waybill.event.EventType;
import org.jspecify.annotations.Nullable;

/** One report of a worker. */
sealed interface Report {

  /** The number of the report within the attempt, from 1; null if the report has no number. */
  @Nullable Long sequence();

  /**
   * The progress of the work.
   *
   * @param total the new total; null to keep the previous total
   * @param message the new message; null to keep the previous message
   */
  record Progress(
      @Nullable Long sequence, long done, @Nullable Long total, @Nullable String message)
      implements Report {}

  /** Text that is appended to the output. */
  record Chunk(@Nullable Long sequence, String text) implements Report {}

  /**
   * An event whose type the worker defines itself.
   *
   * @param data the data of the event as JSON
   */
  record Own(@Nullable Long sequence, EventType type, String data) implements Report {}

  /** Shows that the worker is alive. */
  record Alive(@Nullable Long sequence) implements Report {}

  /** The work is done. */
  record Complete(@Nullable Long sequence, @Nullable String result) implements Report {}

  /** The work has failed. */
  record Failed(@Nullable Long sequence, String code, String detail) implements Report {}

  /** The worker has stopped because of a cancel. */
  record Cancelled(@Nullable Long sequence) implements Report {}
}
