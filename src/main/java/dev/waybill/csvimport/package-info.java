/**
 * Implements the built-in kind of job. A job of this kind imports one CSV file of products, chunk
 * by chunk, and keeps the result of each row. One transaction writes the products and the
 * rejections of a chunk, and one row of the journal. The row of the journal is both the checkpoint
 * and the list of outcomes.
 *
 * <p>This package may depend on {@code job}, {@code file}, {@code csv}, {@code product} and {@code
 * problem}.
 */
@NullMarked
package dev.waybill.csvimport;

import org.jspecify.annotations.NullMarked;
