/**
 * The built-in kind of job: imports one CSV file of products, chunk by chunk, and keeps the result
 * of each row. Each chunk is one transaction: products, rejections and one row of the journal. The
 * row of the journal is both the checkpoint and the list of outcomes.
 *
 * <p>May use {@code job}, {@code file}, {@code csv}, {@code product} and {@code problem}.
 */
@NullMarked
package dev.waybill.csvimport;

import org.jspecify.annotations.NullMarked;
