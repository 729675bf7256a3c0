package dev.waybill.csv;

import dev.waybill.csv.FramedRecord.Broken;
import dev.waybill.csv.FramedRecord.Flaw;
import dev.waybill.csv.FramedRecord.Whole;
import dev.waybill.csv.RecordScanner.Stop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds one record at a time in a text of UTF-8 bytes. A quote opens a cell only at the start of
 * the cell. A quote closes the cell only before a delimiter, a line end or the end of the text.
 * Blanks are allowed before an opening quote and after a closing quote. CR, LF and CRLF all end a
 * line.
 *
 * <p>If a record is damaged, only its first line becomes a damaged record. The next line is read
 * again as the start of a new record. The time is still linear in the number of bytes, for any
 * bytes. Each byte is scanned at most three times: as part of a line that is read again, as part of
 * a {@link QuoteRun}, and when its record is decoded. To find a record in a {@link QuoteRun}, a
 * binary search examines no more lines than a record may have. Memory use is at most twice the
 * largest record.
 */
final class Framer {

  private final Window window;
  private final RecordScanner scanner;
  private final QuoteRun inQuotes;
  private final QuoteRun inEscape;
  private final CsvLimits limits;

  Framer(Window window, CsvFormat format, CsvLimits limits) {
    this.window = window;
    this.scanner = new RecordScanner(format);
    this.inQuotes = new QuoteRun(window, format, limits, true);
    this.inEscape = new QuoteRun(window, format, limits, false);
    this.limits = limits;
  }

  /**
   * The record that starts at {@code start}, or null at the end of the text. The two limits of
   * cells apply only to a record of several lines. A record on a single line may have any number of
   * cells.
   *
   * @param minCells a record of several lines with fewer cells than this is broken
   * @param maxCells a record of several lines with more cells than this is broken
   */
  @Nullable FramedRecord next(long start, int minCells, int maxCells) throws IOException {
    if (!window.has(start, start)) {
      return null;
    }
    scanner.startRecord();
    long limit = start + limits.maxSizeBytes() + 1;
    long at = start;
    Stop stop = Stop.BYTES_USED_UP;
    while (stop == Stop.BYTES_USED_UP && at < limit && window.has(at, start)) {
      int to = window.index(Math.min(limit, window.end()));
      stop = scanner.scan(window.buffer(), window.index(at), to);
      at = window.offset(scanner.stoppedAt());
    }
    return switch (stop) {
      case RECORD_END -> oneLine(start, at);
      case LINE_END_IN_CELL -> severalLines(start, at, minCells, maxCells);
      case TEXT_AFTER_QUOTE -> brokenAt(Flaw.TEXT_AFTER_QUOTE, start, at);
      case BYTES_USED_UP -> {
        if (at >= limit) {
          yield brokenAt(Flaw.TOO_MANY_BYTES, start, at);
        }
        yield scanner.inQuotes() ? brokenAt(Flaw.UNCLOSED_QUOTE, start, at) : oneLine(start, at);
      }
    };
  }

  private Whole oneLine(long start, long end) throws IOException {
    long next = window.afterLineEnd(end, start);
    return new Whole(
        start, end, next, 1, scanner.cells(), scanner.strayQuote(), scanner.paddedQuote());
  }

  private FramedRecord severalLines(long start, long firstEnd, int minCells, int maxCells)
      throws IOException {
    long second = window.afterLineEnd(firstEnd, start);
    QuoteRun run = scanner.inQuotes() ? inQuotes : inEscape;
    QuoteRun.Outcome outcome = run.follow(start, second, scanner.cells(), maxCells);
    Flaw flaw = outcome.flaw();
    if (flaw == null && outcome.cells() >= minCells) {
      long next = window.afterLineEnd(outcome.end(), start);
      boolean strayQuote = scanner.strayQuote() || outcome.strayQuote();
      boolean paddedQuote = scanner.paddedQuote() || outcome.paddedQuote();
      return new Whole(
          start, outcome.end(), next, outcome.lines(), outcome.cells(), strayQuote, paddedQuote);
    }
    Original firstLine = Original.of(window.buffer(), window.index(start), window.index(firstEnd));
    return new Broken(
        flaw == null ? Flaw.TOO_FEW_CELLS : flaw,
        outcome.lines(),
        outcome.cells(),
        scanner.cells(),
        outcome.inQuotes(),
        firstLine,
        second);
  }

  /**
   * Makes a record that is broken in its first line. The first line ends at or after the offset
   * {@code at}.
   */
  private Broken brokenAt(Flaw flaw, long start, long at) throws IOException {
    Original kept = null;
    long end = at;
    while (true) {
      int i = window.index(end);
      int to = window.index(window.end());
      byte[] bytes = window.buffer();
      while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
        i++;
      }
      end = window.offset(i);
      if (i < to) {
        break;
      }
      // A line can have any length. So this code keeps only the part of the line that the user will
      // see, and skips the rest.
      if (kept == null && end - start > Original.MAX_BYTES) {
        kept = Original.of(bytes, window.index(start), i);
      }
      if (!window.more(kept == null ? start : end)) {
        break;
      }
    }
    if (kept == null) {
      kept = Original.of(window.buffer(), window.index(start), window.index(end));
    }
    long next = window.afterLineEnd(end, end);
    return new Broken(flaw, 1, scanner.cells(), 0, scanner.inQuotes(), kept, next);
  }
}
