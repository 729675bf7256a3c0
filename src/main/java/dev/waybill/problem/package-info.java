/**
 * The one form in which Waybill says no over HTTP. Each feature throws its own problems; here is
 * only what they share.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.waybill.problem;

import org.jspecify.annotations.NullMarked;
