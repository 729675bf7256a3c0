/**
 * Several pods as one service: who owns which emitter and the event log, both in Redis, and the
 * forwarding of events to the pods whose emitters watch them. The only package that knows Redis or
 * another pod; without the profile {@code cluster} nothing of it exists.
 *
 * <p>May use {@code stream}, {@code event} and {@code problem}.
 */
@NullMarked
package dev.waybill.cluster;

import org.jspecify.annotations.NullMarked;
