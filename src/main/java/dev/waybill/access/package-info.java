/**
 * Handles keys, tokens and sessions, and decides which calls each of them allows. Also identifies
 * the caller of a request. Other packages keep separate budgets, queues and idempotency keys for
 * each caller.
 *
 * <p>This package may depend on {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.access;

import org.jspecify.annotations.NullMarked;
