/**
 * The products. This package decides which column of a file is which field, and checks whether a
 * row may become a product. It also has the table of products and their endpoint.
 *
 * <p>May use {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.product;

import org.jspecify.annotations.NullMarked;
