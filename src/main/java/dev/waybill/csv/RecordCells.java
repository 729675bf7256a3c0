package dev.waybill.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/** Splits the text of a single record in the same way as {@link CsvReader}. */
public final class RecordCells {

  private RecordCells() {}

  /** The cells, not stripped. Empty if the text is not exactly one undamaged record. */
  public static Optional<String[]> of(String record, Delimiter delimiter) {
    RecordScanner scanner = new RecordScanner(delimiter);
    scanner.startRecord();
    byte[] bytes = record.getBytes(UTF_8);
    int from = 0;
    RecordScanner.Stop stop;
    while ((stop = scanner.scan(bytes, from, bytes.length))
        == RecordScanner.Stop.LINE_END_IN_QUOTES) {
      from = scanner.stoppedAt() + 1;
    }
    return stop == RecordScanner.Stop.BYTES_USED_UP && !scanner.inQuotes()
        ? Optional.of(
            new CellSplitter(delimiter).split(record, scanner.cells(), scanner.strayQuote()))
        : Optional.empty();
  }
}
