/**
 * Defines the common form of all refusals of Waybill over HTTP. Each feature throws its own
 * problems. This package contains only the parts that all problems share.
 *
 * <p>Uses no other package.
 */
@NullMarked
package dev.waybill.problem;

import org.jspecify.annotations.NullMarked;
