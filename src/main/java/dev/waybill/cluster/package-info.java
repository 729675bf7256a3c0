/**
 * Makes several pods one service. Redis holds the owner of each emitter and the event log. Events
 * are forwarded to the pods that own emitters of their stream. The only package that knows Redis or
 * other pods. It is active only with the profile {@code cluster}.
 *
 * <p>May use {@code access}, {@code stream}, {@code event} and {@code problem}.
 */
@NullMarked
package dev.waybill.cluster;

import org.jspecify.annotations.NullMarked;
