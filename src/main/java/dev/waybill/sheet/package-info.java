/**
 * Reads workbooks and archives: finds the one table in a ZIP file, and converts a sheet of an XLSX
 * workbook, row by row, to text that {@code csv} reads like any other file. Every input is bounded:
 * its inflated bytes, its heap, and what it says about itself.
 *
 * <p>May use {@code csv} and {@code file}.
 */
@NullMarked
package dev.waybill.sheet;

import org.jspecify.annotations.NullMarked;
