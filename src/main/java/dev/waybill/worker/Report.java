package dev.waybill.worker;

import dev.waybill.event.EventType;
import org.jspecify.annotations.Nullable;

/** One report of a worker. */
sealed interface Report {

  /** The number of the report within the attempt, from 1; null if it has none. */
  @Nullable Long sequence();

  /**
   * How far the work is.
   *
   * @param total null to keep the previous total
   * @param message null to keep the previous message
   */
  record Progress(
      @Nullable Long sequence, long done, @Nullable Long total, @Nullable String message)
      implements Report {}

  /** Text that is appended to the output. */
  record Chunk(@Nullable Long sequence, String text) implements Report {}

  /**
   * An event whose type the worker defines itself.
   *
   * @param data JSON
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
