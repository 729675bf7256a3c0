/**
 * What every feature needs to know about the process that it runs in: how much heap there is to
 * share.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.waybill.platform;

import org.jspecify.annotations.NullMarked;
