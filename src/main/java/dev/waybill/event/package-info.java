/**
 * What crosses from jobs to watchers: event IDs, events, and the ports between the two sides.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.waybill.event;

import org.jspecify.annotations.NullMarked;
