/**
 * Events and their IDs, and the interfaces between the packages that publish events and those that
 * deliver them.
 *
 * <p>Uses no other package.
 */
@NullMarked
package dev.waybill.event;

import org.jspecify.annotations.NullMarked;
