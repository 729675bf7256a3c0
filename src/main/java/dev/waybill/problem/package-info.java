/**
 * The common form of all refusals of Waybill over HTTP. Each feature throws its own problems; this
 * package has only what all problems share.
 *
 * <p>Uses no other package.
 */
@NullMarked
package dev.waybill.problem;

import org.jspecify.annotations.NullMarked;
