/**
 * Makes several pods one service. Redis stores the event log, which pod has which emitter, and how
 * much of its quotas each caller uses. Events are forwarded to the pods that have emitters of their
 * stream. No other package knows Redis or other pods. The package is active only with the profile
 * {@code cluster}.
 *
 * <p>May use {@code access}, {@code platform}, {@code stream}, {@code event} and {@code problem}.
 */
@NullMarked
package dev.waybill.cluster;

import org.jspecify.annotations.NullMarked;
