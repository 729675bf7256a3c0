/**
 * Jobs that programs elsewhere do: created by a request, reported by requests to any pod, ended by
 * a report, by a cancel or by silence.
 *
 * <p>May use {@code job}, {@code outgoing}, {@code event}, {@code stream}, {@code access}, {@code
 * idempotency}, {@code storage}, {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.worker;

import org.jspecify.annotations.NullMarked;
