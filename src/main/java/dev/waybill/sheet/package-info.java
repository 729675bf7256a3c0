/**
 * Reads workbooks and archives. Finds the one table in a ZIP file. Converts a sheet of an XLSX
 * workbook, row by row, to text that {@code csv} reads like any other file. For all inputs there
 * are limits on the number of inflated bytes, on the use of the heap, and on the sizes and counts
 * that the files declare.
 *
 * <p>May use {@code csv} and {@code file}.
 */
@NullMarked
package dev.waybill.sheet;

import org.jspecify.annotations.NullMarked;
