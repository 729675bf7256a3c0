/**
 * Converts bytes to records and back. Detects charset, delimiter and header. A linear framer finds
 * one complete record at a time; opencsv splits the records that need a parser. Damage costs only
 * the line that has it. CSV output contains no cell that a spreadsheet runs.
 *
 * <p>Uses no other package of Waybill.
 */
@NullMarked
package dev.waybill.csv;

import org.jspecify.annotations.NullMarked;
