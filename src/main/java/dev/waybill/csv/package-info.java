/**
 * Converts bytes to records and records to bytes. Detects the charset, the delimiter and the
 * header. The {@code Framer} finds one complete record at a time, in linear time. The library
 * opencsv splits only the records that need a parser. If a record is damaged, the lines after its
 * first line are read again as new records. CSV output contains no cell that a spreadsheet runs as
 * a formula.
 *
 * <p>Uses no other package of Waybill.
 */
@NullMarked
package dev.waybill.csv;

import org.jspecify.annotations.NullMarked;
