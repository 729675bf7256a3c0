/**
 * The products: which column of a file is which field, whether a row may become a product, the
 * table they are kept in, and their endpoint.
 *
 * <p>May use {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.product;

import org.jspecify.annotations.NullMarked;
