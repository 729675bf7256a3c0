package dev.waybill.csv;

import com.opencsv.RFC4180Parser;
import com.opencsv.RFC4180ParserBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Splits one complete record into cells. Most records need no parser: this class cuts the record at
 * its delimiters. {@link DialectCells} splits records with other quotes, with escapes or with
 * blanks around quotes. The library opencsv splits records with two quotes in a row. But two kinds
 * of records with two quotes in a row are split by this class. The first kind is records in which
 * an unquoted cell contains quotes ({@code 5"" pipe}), because opencsv would turn the two quotes
 * into one quote. The second kind is very long records, because opencsv would search for the next
 * quote again at every cell.
 */
final class CellSplitter {

  private static final int LONG_RECORD = 16 << 10;

  private final RFC4180Parser parser;
  private final char delimiter;

  // The splitter for other formats. Null if the format has plain cells: quotes are " and a
  // backslash is an ordinary character.
  private final @Nullable DialectCells dialect;
  private final DialectCells padded;

  CellSplitter(CsvFormat format) {
    this.delimiter = format.delimiter().symbol();
    this.padded = new DialectCells(format);
    this.dialect = format.shape().hasPlainCells() ? null : padded;
    this.parser = new RFC4180ParserBuilder().withSeparator(this.delimiter).build();
  }

  /**
   * @param count the number of cells in the record
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
      boolean quoted = start < record.length() && record.charAt(start) == '"';
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
