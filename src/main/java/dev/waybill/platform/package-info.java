/**
 * What every feature needs from its process: how much heap it may use, which database the process
 * uses, and a log that neither an outage nor a client can flood.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.waybill.platform;

import org.jspecify.annotations.NullMarked;
