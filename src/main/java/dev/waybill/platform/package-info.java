/**
 * What every feature needs from the process that it runs in: how much heap there is to share, which
 * database it uses, and a log that an outage or a client cannot flood.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.waybill.platform;

import org.jspecify.annotations.NullMarked;
