package dev.waybill.worker;

import dev.waybill.event.EventType;
import org.jspecify.annotations.Nullable;

/** One report of a worker. */
sealed interface Report {

  /** Its number within the attempt, from 1; null if it has none. */
  @Nullable Long sequence();

  /**
   * How far the work is.
   *
   * @param total null to keep the one before
   * @param message null to keep the one before
   */
  record Progress(
      @Nullable Long sequence, long done, @Nullable Long total, @Nullable String message)
      implements Report {}

  /** Text that is appended to the output. */
  record Chunk(@Nullable Long sequence, String text) implements Report {}

  /**
   * An event of the worker's own.
   *
   * @param data JSON
   */
  record Own(@Nullable Long sequence, EventType type, String data) implements Report {}

  /** The worker is alive. */
  record Alive(@Nullable Long sequence) implements Report {}

  /** The work is done. */
  record Complete(@Nullable Long sequence, @Nullable String result) implements Report {}

  /** The work has failed. */
  record Failed(@Nullable Long sequence, String code, String detail) implements Report {}

  /** The worker has followed a cancel. */
  record Cancelled(@Nullable Long sequence) implements Report {}
}
