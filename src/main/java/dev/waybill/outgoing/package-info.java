/**
 * Makes calls to other servers. This package contains a queue of calls that survives a crash, and
 * an HTTP client that connects only to addresses that the client has checked.
 *
 * <p>This package may depend on {@code platform}, and {@code event} for the identity of the pod.
 */
@NullMarked
package dev.waybill.outgoing;

import org.jspecify.annotations.NullMarked;
