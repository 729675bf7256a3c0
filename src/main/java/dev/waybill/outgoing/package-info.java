/**
 * Calls to servers elsewhere: a queue for them that survives a crash, an HTTP client that connects
 * only to the addresses that it has checked, and limits for what such a server answers.
 *
 * <p>May use {@code event} for the identity of the pod, and {@code platform}.
 */
@NullMarked
package dev.waybill.outgoing;

import org.jspecify.annotations.NullMarked;
