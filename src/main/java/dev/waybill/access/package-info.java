/**
 * Keys, tokens and sessions, and the one place that decides which of them may make which call. Also
 * identifies the caller of a request, by whom budgets, queues and idempotency keys are kept.
 *
 * <p>May use {@code problem}.
 */
@NullMarked
package dev.waybill.access;

import org.jspecify.annotations.NullMarked;
