/**
 * Limits the resources that clients may use before a controller gets their request. These resources
 * are connections, unfinished request heads, and requests in progress. All limits are calculated
 * from the size of the heap. Some of the limits also apply to each caller.
 *
 * <p>This package may depend on {@code platform}, {@code access} and {@code problem}.
 */
@NullMarked
package dev.waybill.http;

import org.jspecify.annotations.NullMarked;
