/**
 * The built-in kind of job: imports one CSV of products, chunk after chunk, and keeps for each job
 * what became of its rows. One transaction a chunk: products, rejections and a journal row, which
 * is checkpoint and list of outcomes at once.
 *
 * <p>May use {@code job}, {@code file}, {@code csv}, {@code product} and {@code problem}.
 */
@NullMarked
package dev.waybill.csvimport;

import org.jspecify.annotations.NullMarked;
