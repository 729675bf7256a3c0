/**
 * Streams for an audience: anybody may publish events to a named stream, which are kept for a while
 * and delivered to those who watch. The database alone orders them.
 *
 * <p>May use {@code answer}, {@code platform}, {@code event}, {@code problem} and {@code access}.
 */
@NullMarked
package dev.waybill.channel;

import org.jspecify.annotations.NullMarked;
