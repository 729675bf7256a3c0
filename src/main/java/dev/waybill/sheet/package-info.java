/**
 * Reads workbooks and archives. Finds the one table in a ZIP file. Converts a sheet of an XLSX
 * workbook, row by row, to text that {@code csv} reads like any other file. All inputs are limited:
 * their inflated bytes, their use of the heap, and the sizes and numbers that they claim.
 *
 * <p>May use {@code csv} and {@code file}.
 */
@NullMarked
package dev.waybill.sheet;

import org.jspecify.annotations.NullMarked;
