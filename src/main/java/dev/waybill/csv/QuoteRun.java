package dev.waybill.csv;

import dev.waybill.csv.FramedRecord.Flaw;
import dev.waybill.csv.RecordScanner.Stop;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stores the result of scanning the lines that follow a line end inside quotes. Another instance
 * stores the result for lines that follow an escaped line end.
 *
 * <p>With the stored result, the time of the {@link Framer} stays linear. After a damaged record,
 * the second line of this record is read again as the start of a new record. If the second line
 * also ends inside quotes, a new scan would pass the same lines in the same state. The reason is
 * that a scan after a line end inside quotes does not depend on the place where the quotes opened.
 * So this class stores the start of each line, the number of cells up to this line, and the end of
 * the scan. A later record looks up its second line in the stored result. Only the limits on lines
 * and cells are different for each record. A binary search finds the line at which the record
 * exceeds a limit. No byte is scanned twice, and the result for a record does not depend on the
 * text before the record.
 */
final class QuoteRun {

  /**
   * The end of a record whose second line is in the stored scan.
   *
   * @param flaw the reason why the record is broken; null if the record ended properly
   * @param end the offset after the record's last byte; has no meaning if the record is broken
   * @param lines the number of physical lines of the record, including the first line
   * @param cells the number of cells of the record up to its end or the flaw
   * @param strayQuote whether an unquoted cell may contain a quote
   * @param paddedQuote whether a cell may have blanks outside of its quotes
   */
  record Outcome(
      @Nullable Flaw flaw,
      long end,
      int lines,
      int cells,
      boolean inQuotes,
      boolean strayQuote,
      boolean paddedQuote) {}

  private enum Ending {
    NOT_YET,
    RECORD_END,
    TEXT_AFTER_QUOTE,
    UNCLOSED_QUOTE
  }

  private final Window window;
  private final RecordScanner scanner;
  private final CsvLimits limits;
  private final boolean quoted;

  // The starts of the lines in the stored scan, and the number of cells before each line.
  private long[] lineStarts = new long[64];
  private int[] cellsAt = new int[64];
  private boolean[] quotedAt = new boolean[64];
  private int count;
  private long walkedTo;
  private Ending ending = Ending.NOT_YET;

  /**
   * @param quoted whether the lines start inside quotes (true) or after an escaped line end (false)
   */
  QuoteRun(Window window, CsvFormat format, CsvLimits limits, boolean quoted) {
    this.window = window;
    this.scanner = new RecordScanner(format);
    this.limits = limits;
    this.quoted = quoted;
  }

  /**
   * Follows a record from its second line to its end or to the flaw that breaks it.
   *
   * @param start the offset of the record's first byte; the window keeps the bytes from this offset
   *     on
   * @param secondLine the offset of the record's second line
   * @param cells the number of cells in the record's first line
   * @param maxCells the maximum number of cells; a record with more cells is broken
   */
  Outcome follow(long start, long secondLine, int cells, int maxCells) throws IOException {
    int joined = join(secondLine);
    int cellsBefore = cells - cellsAt[joined];
    long limit = start + limits.maxSizeBytes() + 1;
    while (!isOver(count - 1, joined, cellsBefore, maxCells)) {
      boolean hasEnded = ending != Ending.NOT_YET;
      if (hasEnded || walkedTo >= limit) {
        int lines = count - joined + 1;
        int cellsNow = cellsBefore + scanner.cells();
        Flaw flaw = cellsNow > maxCells ? Flaw.TOO_MANY_CELLS : flawAtEnd();
        return new Outcome(
            flaw,
            walkedTo,
            lines,
            cellsNow,
            scanner.inQuotes(),
            scanner.strayQuote(),
            scanner.paddedQuote());
      }
      walk(start, limit);
    }
    return over(joined, cellsBefore, maxCells);
  }

  private @Nullable Flaw flawAtEnd() {
    return switch (ending) {
      case NOT_YET -> Flaw.TOO_MANY_BYTES;
      case RECORD_END -> null;
      case TEXT_AFTER_QUOTE -> Flaw.TEXT_AFTER_QUOTE;
      case UNCLOSED_QUOTE -> Flaw.UNCLOSED_QUOTE;
    };
  }

  /**
   * The index of this line in the stored scan. If the line is not in the stored scan, starts a new
   * scan.
   */
  private int join(long lineStart) {
    int entry = Arrays.binarySearch(lineStarts, 0, count, lineStart);
    if (entry >= 0 && quotedAt[entry] == quoted) {
      // The records come in the order of the text, so earlier entries are not needed any more. The
      // earlier entries are dropped only when there are more of them than entries that remain. So
      // the cost of copying stays linear.
      if (entry > count / 2) {
        count -= entry;
        System.arraycopy(lineStarts, entry, lineStarts, 0, count);
        System.arraycopy(cellsAt, entry, cellsAt, 0, count);
        System.arraycopy(quotedAt, entry, quotedAt, 0, count);
        return 0;
      }
      return entry;
    }
    scanner.startInCell(quoted);
    ending = Ending.NOT_YET;
    walkedTo = lineStart;
    count = 0;
    add(lineStart);
    return 0;
  }

  /** Scans up to the next line, the end of the record, or {@code limit}. */
  private void walk(long start, long limit) throws IOException {
    if (!window.has(walkedTo, start)) {
      ending = scanner.inQuotes() ? Ending.UNCLOSED_QUOTE : Ending.RECORD_END;
      return;
    }
    int to = window.index(Math.min(limit, window.end()));
    Stop stop = scanner.scan(window.buffer(), window.index(walkedTo), to);
    walkedTo = window.offset(scanner.stoppedAt());
    switch (stop) {
      case LINE_END_IN_CELL -> {
        walkedTo = window.afterLineEnd(walkedTo, start);
        add(walkedTo);
      }
      case RECORD_END -> ending = Ending.RECORD_END;
      case TEXT_AFTER_QUOTE -> ending = Ending.TEXT_AFTER_QUOTE;
      case BYTES_USED_UP -> {}
    }
  }

  private void add(long lineStart) {
    if (count == lineStarts.length) {
      lineStarts = Arrays.copyOf(lineStarts, count * 2);
      cellsAt = Arrays.copyOf(cellsAt, count * 2);
      quotedAt = Arrays.copyOf(quotedAt, count * 2);
    }
    lineStarts[count] = lineStart;
    cellsAt[count] = scanner.cells();
    quotedAt[count] = scanner.inQuotes();
    count++;
  }

  /**
   * Whether a record exceeds a limit at this entry. If it does, it also exceeds the limit at all
   * later entries.
   */
  private boolean isOver(int entry, int joined, int cellsBefore, int maxCells) {
    return lines(entry, joined) > limits.maxLines() || cellsBefore + cellsAt[entry] > maxCells;
  }

  private static int lines(int entry, int joined) {
    return entry - joined + 2;
  }

  private Outcome over(int joined, int cellsBefore, int maxCells) {
    int low = joined;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isOver(middle, joined, cellsBefore, maxCells)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    int cells = cellsBefore + cellsAt[low];
    Flaw flaw = cells > maxCells ? Flaw.TOO_MANY_CELLS : Flaw.TOO_MANY_LINES;
    return new Outcome(flaw, 0, lines(low, joined) - 1, cells, quoted, false, false);
  }
}
