/**
 * Limits what clients may use before a controller sees their request: connections, unfinished
 * request heads, and requests in progress. All these limits are derived from the size of the heap.
 * Some of them also apply to each caller.
 *
 * <p>May use {@code platform}, {@code access} and {@code problem}.
 */
@NullMarked
package dev.waybill.http;

import org.jspecify.annotations.NullMarked;
