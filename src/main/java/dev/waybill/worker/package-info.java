/**
 * Implements external jobs. The work of an external job is done by a worker, which is a program
 * outside of Waybill. A request creates a job. Then either the worker reports the progress by
 * requests to any pod, or Waybill calls the worker and reads its response. The job ends because of
 * a report, because of a cancel, or because its worker is silent for too long.
 *
 * <p>This package may depend on {@code job}, {@code outgoing}, {@code event}, {@code stream},
 * {@code http}, {@code answer}, {@code access}, {@code idempotency}, {@code storage}, {@code
 * platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.worker;

import org.jspecify.annotations.NullMarked;
