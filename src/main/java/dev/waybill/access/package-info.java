/**
 * Handles keys, tokens and sessions, and decides which of them allow which call. Also identifies
 * the caller of a request. Budgets, queues and idempotency keys are kept for each caller.
 *
 * <p>May use {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.access;

import org.jspecify.annotations.NullMarked;
