package dev.waybill.csv;

import com.opencsv.RFC4180Parser;
import com.opencsv.RFC4180ParserBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The cells of one complete record. opencsv splits those with two quotes in a row; the others need
 * only be cut. Two kinds it does not get even so: with a quote inside an unquoted cell, where it
 * would make one quote of two ({@code 5"" pipe}), and very long ones, because it looks for the next
 * quote of the record anew at every cell.
 */
final class CellSplitter {

  private static final int LONG_RECORD = 16 << 10;

  private final RFC4180Parser parser;
  private final char delimiter;

  CellSplitter(Delimiter delimiter) {
    this.delimiter = delimiter.symbol();
    this.parser = new RFC4180ParserBuilder().withSeparator(this.delimiter).build();
  }

  /**
   * @param count how many cells the record has
   * @param strayQuote whether a cell without quotes around it has one in it
   */
  String[] split(String record, int count, boolean strayQuote) {
    boolean needsOnlyCutting = !record.contains("\"\"");
    if (needsOnlyCutting || strayQuote || record.length() > LONG_RECORD) {
      return splitHere(record, count);
    }
    try {
      return parser.parseLine(record);
    } catch (IOException e) {
      throw new UncheckedIOException("opencsv reads from memory", e);
    }
  }

  private String[] splitHere(String record, int count) {
    String[] cells = new String[count];
    int start = 0;
    for (int cell = 0; cell < count; cell++) {
      boolean quoted = record.startsWith("\"", start);
      int afterQuotes = quoted ? closingQuote(record, start) + 1 : start;
      int end = record.indexOf(delimiter, afterQuotes);
      if (end < 0) {
        end = record.length();
      }
      cells[cell] =
          quoted
              ? record.substring(start + 1, end - 1).replace("\"\"", "\"")
              : record.substring(start, end);
      start = end + 1;
    }
    return cells;
  }

  private static int closingQuote(String record, int opening) {
    int quote = record.indexOf('"', opening + 1);
    while (record.startsWith("\"", quote + 1)) {
      quote = record.indexOf('"', quote + 2);
    }
    return quote;
  }
}
