/**
 * Provides what every feature needs from its process: the heap budget, the configured database, and
 * a log for outages. Neither an outage nor a client can flood this log.
 *
 * <p>Uses no other package.
 */
@NullMarked
package dev.waybill.platform;

import org.jspecify.annotations.NullMarked;
