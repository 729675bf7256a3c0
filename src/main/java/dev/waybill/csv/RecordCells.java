package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.csv.Shape.Escape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Splits the text of a single record in the same way as {@link CsvReader}. */
public final class RecordCells {

  private RecordCells() {}

  /**
   * Splits a record into its cells, which are not stripped. The result is empty if the text is not
   * exactly one undamaged record with {@code columns} cells.
   */
  public static Optional<String[]> of(String record, CsvFormat stored, int columns) {
    // With Escape.LINES, the scanned text contains escapes for line ends. The text that is shown to
    // the user contains real line ends instead.
    CsvFormat format =
        stored.shape().escape() == Escape.LINES
            ? stored.with(stored.shape().withEscape(Escape.NONE))
            : stored;
    String text = format.delimiter().exchanged(record);
    RecordScanner scanner = new RecordScanner(format);
    scanner.startRecord();
    byte[] bytes = text.getBytes(UTF_8);
    int from = 0;
    RecordScanner.Stop stop;
    while ((stop = scanner.scan(bytes, from, bytes.length))
        == RecordScanner.Stop.LINE_END_IN_CELL) {
      from = scanner.stoppedAt() + 1;
    }
    if (stop != RecordScanner.Stop.BYTES_USED_UP || scanner.inQuotes()) {
      return Optional.empty();
    }
    String[] cells =
        new CellSplitter(format)
            .split(text, scanner.cells(), scanner.strayQuote(), scanner.paddedQuote());
    Arrays.setAll(cells, i -> format.delimiter().exchanged(cells[i]));
    List<String> mine = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      if (!format.shape().unnamed().contains(i + 1)
          && (mine.size() < columns || !cells[i].isBlank())) {
        mine.add(cells[i]);
      }
    }
    return mine.size() == columns ? Optional.of(mine.toArray(String[]::new)) : Optional.empty();
  }
}
