/**
 * Serves streams to the clients that watch them. This package contains the SSE endpoints, one
 * {@code ClientStream} for each connection, the registry of all clients, the transports and the
 * heartbeat. The package also ends the streams at shutdown, and contains the event log and the
 * publisher of a single pod.
 *
 * <p>This package may depend on {@code answer}, {@code platform}, {@code http}, {@code access},
 * {@code event} and {@code problem}.
 */
@NullMarked
package dev.waybill.stream;

import org.jspecify.annotations.NullMarked;
