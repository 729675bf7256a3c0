/**
 * Lets clients watch: the SSE endpoints, one {@code ClientStream} per connection, the registry of
 * all clients, the transports, the heartbeat, the end of streams at shutdown, and the event log and
 * publisher of a single pod.
 *
 * <p>May use {@code answer}, {@code platform}, {@code http}, {@code access}, {@code event} and
 * {@code problem}.
 */
@NullMarked
package dev.waybill.stream;

import org.jspecify.annotations.NullMarked;
