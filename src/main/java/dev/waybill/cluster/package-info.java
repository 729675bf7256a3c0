/**
 * Makes several pods one service. Redis stores the event log. Redis also stores which pod has which
 * emitter (the connection of a watching client), and how much of its quotas each caller uses. Pods
 * forward each event to the pods that have emitters of the event's stream. No other package uses
 * Redis or calls other pods. This package is active only with the profile {@code cluster}.
 *
 * <p>This package may depend on {@code access}, {@code platform}, {@code stream}, {@code event} and
 * {@code problem}.
 */
@NullMarked
package dev.waybill.cluster;

import org.jspecify.annotations.NullMarked;
