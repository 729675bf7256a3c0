/**
 * The {@code Idempotency-Key} of requests that create something: which keys are in use, and what
 * the first request was answered.
 *
 * <p>May use {@code access}, {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.idempotency;

import org.jspecify.annotations.NullMarked;
