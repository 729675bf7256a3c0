/**
 * From bytes to records, and back: what a text is (charset, delimiter, header), the linear framer
 * that finds one complete record at a time, its cells (by opencsv where they need a parser), damage
 * that stays where it is, and CSV output that no spreadsheet runs.
 *
 * <p>May use nothing of Waybill.
 */
@NullMarked
package dev.waybill.csv;

import org.jspecify.annotations.NullMarked;
