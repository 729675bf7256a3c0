/**
 * Implements audience streams: callers publish events to a named stream. The events are kept for a
 * limited time and delivered to the watchers of the stream. The database determines the order of
 * the events.
 *
 * <p>This package may depend on {@code answer}, {@code platform}, {@code event}, {@code problem}
 * and {@code access}.
 */
@NullMarked
package dev.waybill.channel;

import org.jspecify.annotations.NullMarked;
