/**
 * Lets clients watch streams. It contains the SSE endpoints; one {@code ClientStream} for each
 * connection; the registry of all clients; the transports; the heartbeat; the end of streams at
 * shutdown; and the event log and the publisher of a single pod.
 *
 * <p>May use {@code answer}, {@code platform}, {@code http}, {@code access}, {@code event} and
 * {@code problem}.
 */
@NullMarked
package dev.waybill.stream;

import org.jspecify.annotations.NullMarked;
