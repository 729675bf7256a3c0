/**
 * External jobs, whose work is done by programs outside of Waybill. A request creates a job.
 * Requests to any pod report its progress, or Waybill calls the worker and reads its response. A
 * report, a cancel or the silence of its worker ends the job.
 *
 * <p>May use {@code job}, {@code outgoing}, {@code event}, {@code stream}, {@code http}, {@code
 * answer}, {@code access}, {@code idempotency}, {@code storage}, {@code platform} and {@code
 * problem}.
 */
@NullMarked
package dev.waybill.worker;

import org.jspecify.annotations.NullMarked;
