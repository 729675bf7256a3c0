package dev.waybill.csv;

import com.opencsv.RFC4180Parser;
import com.opencsv.RFC4180ParserBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Splits one complete record into cells. opencsv splits records with two quotes in a row. All other
 * records are only cut at their delimiters. Two kinds of records with two quotes in a row do not go
 * to opencsv either. In an unquoted cell, opencsv would make one quote of two ({@code 5"" pipe}).
 * In a very long record, it searches the next quote of the record again at every cell.
 */
final class CellSplitter {

  private static final int LONG_RECORD = 16 << 10;

  private final RFC4180Parser parser;
  private final char delimiter;

  private final @Nullable DialectCells dialect; // none where a backslash and ' are characters
  private final DialectCells padded;

  CellSplitter(CsvFormat format) {
    this.delimiter = format.delimiter().symbol();
    this.padded = new DialectCells(format);
    this.dialect = format.shape().hasPlainCells() ? null : padded;
    this.parser = new RFC4180ParserBuilder().withSeparator(this.delimiter).build();
  }

  /**
   * @param count how many cells the record has
   * @param strayQuote whether an unquoted cell contains a quote
   * @param paddedQuote whether a cell has blanks outside of its quotes
   */
  String[] split(String record, int count, boolean strayQuote, boolean paddedQuote) {
    if (dialect != null) {
      return dialect.split(record, count);
    }
    if (paddedQuote) {
      return padded.split(record, count);
    }
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
