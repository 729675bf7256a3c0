/**
 * Identifies the caller of a request. Budgets, queues and idempotency keys are kept by caller.
 *
 * <p>May use {@code problem}.
 */
@NullMarked
package dev.waybill.access;

import org.jspecify.annotations.NullMarked;
