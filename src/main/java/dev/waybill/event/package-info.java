/**
 * Events and their IDs, and the ports between those who publish events and those who deliver them.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.waybill.event;

import org.jspecify.annotations.NullMarked;
