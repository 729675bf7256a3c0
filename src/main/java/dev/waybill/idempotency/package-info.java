/**
 * Handles the {@code Idempotency-Key} of requests that create something. Stores which keys are in
 * use, and the answer to the first request with each key.
 *
 * <p>This package may depend on {@code access}, {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.idempotency;

import org.jspecify.annotations.NullMarked;
