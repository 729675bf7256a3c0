/**
 * Makes several pods one service. Redis stores which pod has which emitter, and the event log.
 * Events are forwarded to the pods that have emitters of their stream. No other package knows Redis
 * or other pods. The package is active only with the profile {@code cluster}.
 *
 * <p>May use {@code access}, {@code stream}, {@code event} and {@code problem}.
 */
@NullMarked
package dev.waybill.cluster;

import org.jspecify.annotations.NullMarked;
