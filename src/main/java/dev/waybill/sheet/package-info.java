/**
 * Reads workbooks and archives. Finds the only table in a ZIP file. Converts a sheet of an XLSX
 * workbook, row by row, to text that the package {@code csv} reads like any other file. This
 * package limits the number of inflated bytes, the use of the heap, and the sizes and counts that a
 * file declares.
 *
 * <p>This package may depend on {@code csv} and {@code file}.
 */
@NullMarked
package dev.waybill.sheet;

import org.jspecify.annotations.NullMarked;
