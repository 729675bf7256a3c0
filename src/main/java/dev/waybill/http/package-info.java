/**
 * What clients may hold before a controller sees their request: connections, unfinished heads,
 * requests in progress. All of it is bounded by the heap, and part of it by caller.
 *
 * <p>May use {@code platform}, {@code access} and {@code problem}.
 */
@NullMarked
package dev.waybill.http;

import org.jspecify.annotations.NullMarked;
