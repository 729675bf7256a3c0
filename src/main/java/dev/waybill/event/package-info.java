/**
 * Defines events and their IDs, and the interfaces between the packages that publish events and the
 * packages that deliver events.
 *
 * <p>Uses no other package.
 */
@NullMarked
package dev.waybill.event;

import org.jspecify.annotations.NullMarked;
