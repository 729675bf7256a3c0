package dev.waybill.csv;

import dev.waybill.csv.Frame.Flaw;
import dev.waybill.csv.RecordScanner.Stop;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What follows a line whose end stands inside quotes.
 *
 * <p>This is what keeps the framer linear. After damage the next line is read anew; if its end
 * stands in quotes too, it would walk over the very same lines in the very same state: how the text
 * goes on from a line that begins inside quotes does not depend on where the quotes opened. So the
 * walk is remembered: its line starts, the cells counted up to each, and how it ended. A record
 * that joins it looks up its place; only the limits, which count from the record's own start, are
 * worked out anew, by binary search. No byte is walked over twice, and what a record turns out to
 * be depends on nothing before it.
 */
final class QuoteRun {

  /**
   * How a record ends that joined the run.
   *
   * @param flaw what broke it, or null where it ended properly
   * @param end after the record's last byte; meaningless where it is broken
   * @param lines its physical lines, the first included
   * @param cells of the record up to there
   * @param strayQuote a cell without quotes around it may have a quote in it
   */
  record Outcome(
      @Nullable Flaw flaw, long end, int lines, int cells, boolean inQuotes, boolean strayQuote) {}

  private enum Ending {
    NOT_YET,
    RECORD_END,
    TEXT_AFTER_QUOTE,
    UNCLOSED_QUOTE
  }

  private final Window window;
  private final RecordScanner scanner;
  private final CsvLimits limits;

  // The starts of lines that begin inside quotes, and the cells counted up to each.
  private long[] lineStarts = new long[64];
  private int[] cellsAt = new int[64];
  private int count;
  private long walkedTo;
  private Ending ending = Ending.NOT_YET;

  QuoteRun(Window window, Delimiter delimiter, CsvLimits limits) {
    this.window = window;
    this.scanner = new RecordScanner(delimiter);
    this.limits = limits;
  }

  /**
   * @param start the record's first byte, kept in the window
   * @param secondLine where its second line starts, inside quotes
   * @param cells in its first line
   * @param maxCells with more cells than this it is broken at once
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
            flaw, walkedTo, lines, cellsNow, scanner.inQuotes(), scanner.strayQuote());
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

  /** The entry of that line, in the run under way or else in a new one. */
  private int join(long lineStart) {
    int entry = Arrays.binarySearch(lineStarts, 0, count, lineStart);
    if (entry >= 0) {
      // Records only move forward; dropping more than is kept makes the moves linear.
      if (entry > count / 2) {
        count -= entry;
        System.arraycopy(lineStarts, entry, lineStarts, 0, count);
        System.arraycopy(cellsAt, entry, cellsAt, 0, count);
        return 0;
      }
      return entry;
    }
    scanner.startInQuotes();
    ending = Ending.NOT_YET;
    walkedTo = lineStart;
    count = 0;
    add(lineStart);
    return 0;
  }

  /** Goes on to the next line, the end of the run, or {@code limit}. */
  private void walk(long start, long limit) throws IOException {
    if (!window.has(walkedTo, start)) {
      ending = scanner.inQuotes() ? Ending.UNCLOSED_QUOTE : Ending.RECORD_END;
      return;
    }
    int to = window.index(Math.min(limit, window.end()));
    Stop stop = scanner.scan(window.buffer(), window.index(walkedTo), to);
    walkedTo = window.offset(scanner.stoppedAt());
    switch (stop) {
      case LINE_END_IN_QUOTES -> {
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
    }
    lineStarts[count] = lineStart;
    cellsAt[count] = scanner.cells();
    count++;
  }

  /** Whether a record is over a limit when it reaches that entry; true for all later ones too. */
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
    return new Outcome(flaw, 0, lines(low, joined) - 1, cells, true, false);
  }
}
