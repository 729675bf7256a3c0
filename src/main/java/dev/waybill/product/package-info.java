/**
 * Handles products. This package determines which column of a file is which field, and checks
 * whether a row may become a product. The package also contains the access to the table of products
 * and the endpoint for products.
 *
 * <p>This package may depend on {@code platform} and {@code problem}.
 */
@NullMarked
package dev.waybill.product;

import org.jspecify.annotations.NullMarked;
