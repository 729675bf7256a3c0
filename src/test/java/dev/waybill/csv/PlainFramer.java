package dev.waybill.csv;

import dev.waybill.csv.Damage.Code;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the records by the same rules as the real framer, but as simply as possible: it searches
 * each record from its start, without a window or stored search results, and may be slow. ASCII
 * only.
 */
final class PlainFramer {

  /** A record and its errors. If it is damaged, it has no cells. */
  record Found(long line, List<Code> codes, List<String> cells, String original) {}

  private final String text;
  private final CsvLimits limits;
  private final int columns;
  private final List<Found> found = new ArrayList<>();

  // The record that is being read.
  private List<String> cells = new ArrayList<>();
  private int lines;
  private int end;
  private int oddCells; // unquoted ones with an odd number of quotes

  private PlainFramer(String text, CsvLimits limits, int columns) {
    this.text = text;
    this.limits = limits;
    this.columns = columns;
  }

  static List<Found> read(String text, CsvLimits limits, int columns) {
    PlainFramer framer = new PlainFramer(text, limits, columns);
    int at = 0;
    long line = 1;
    while (at < text.length()) {
      int firstEnd = framer.lineEnd(at);
      List<Code> codes = framer.walk(at);
      if (framer.lines > 1 && !codes.isEmpty() || framer.isCutShort(codes)) {
        framer.found.add(new Found(line, codes, List.of(), text.substring(at, firstEnd)));
        at = framer.afterLineEnd(firstEnd);
        line++;
      } else {
        String original = text.substring(at, framer.end);
        if (!framer.cells.stream().allMatch(String::isBlank)) {
          boolean lost = codes.isEmpty() && framer.oddCells > 1;
          List<String> cells =
              codes.isEmpty() && !lost ? framer.cells.subList(0, columns) : List.of();
          framer.found.add(new Found(line, lost ? List.of(Code.QUOTE) : codes, cells, original));
        }
        at = framer.afterLineEnd(framer.end);
        line += framer.lines;
      }
    }
    return framer.found;
  }

  private boolean isCutShort(List<Code> codes) {
    return codes.contains(Code.QUOTE) || end < 0;
  }

  private List<Code> walk(int start) {
    cells = new ArrayList<>();
    lines = 1;
    end = -1;
    oddCells = 0;
    int i = start;
    int firstLineCells = 0;
    while (true) {
      StringBuilder cell = new StringBuilder();
      int quoteAt = i;
      while (quoteAt < text.length() && text.charAt(quoteAt) == ' ') {
        quoteAt++;
      }
      if (quoteAt < text.length() && text.charAt(quoteAt) == '"') {
        i = Math.min(quoteAt, start + limits.maxSizeBytes() + 1);
      }
      if (i < text.length() && text.charAt(i) == '"' && i - start <= limits.maxSizeBytes()) {
        i++;
        while (true) {
          boolean quoteClosed = false;
          if (i - start > limits.maxSizeBytes()) {
            return lines > 1
                ? List.of(Code.QUOTE, Code.RECORD_TOO_LARGE)
                : List.of(Code.RECORD_TOO_LARGE);
          }
          if (i == text.length()) {
            return List.of(Code.QUOTE);
          }
          char c = text.charAt(i);
          if (c == '"') {
            if (i + 1 - start > limits.maxSizeBytes() && i + 1 < text.length()) {
              return List.of(Code.RECORD_TOO_LARGE);
            }
            quoteClosed = i + 1 == text.length() || text.charAt(i + 1) != '"';
            if (quoteClosed) {
              i++;
              break;
            }
            cell.append('"');
            i += 2;
          } else if (c == '\n' || c == '\r') {
            if (lines == 1) {
              firstLineCells = cells.size() + 1;
            }
            if (cells.size() + 1 > columns) {
              return List.of(
                  firstLineCells > limits.maxColumns() ? Code.RECORD_TOO_LARGE : Code.FIELD_COUNT);
            }
            if (lines + 1 > limits.maxLines()) {
              lines++;
              return List.of(Code.QUOTE, Code.RECORD_TOO_LARGE);
            }
            lines++;
            cell.append(text, i, afterLineEnd(i));
            i = afterLineEnd(i);
          } else {
            cell.append(c);
            i++;
          }
        }
        while (i < text.length() && text.charAt(i) == ' ' && i - start <= limits.maxSizeBytes()) {
          i++;
        }
        if (i < text.length() && ",\r\n".indexOf(text.charAt(i)) < 0) {
          return i - start > limits.maxSizeBytes()
              ? List.of(Code.RECORD_TOO_LARGE)
              : List.of(Code.QUOTE);
        }
      } else {
        while (i < text.length()
            && ",\r\n".indexOf(text.charAt(i)) < 0
            && i - start <= limits.maxSizeBytes()) {
          cell.append(text.charAt(i));
          i++;
        }
        oddCells += cell.chars().filter(c -> c == '"').count() % 2;
      }
      cells.add(cell.toString());
      if (i - start > limits.maxSizeBytes()) {
        return List.of(Code.RECORD_TOO_LARGE);
      }
      if (i == text.length() || text.charAt(i) != ',') {
        end = i;
        if (lines == 1 && cells.size() > limits.maxColumns()) {
          return List.of(Code.RECORD_TOO_LARGE);
        }
        boolean blank = lines == 1 && cells.stream().allMatch(String::isBlank);
        boolean fits =
            cells.size() >= columns
                && cells.subList(columns, cells.size()).stream().allMatch(String::isBlank);
        return fits || blank ? List.of() : List.of(Code.FIELD_COUNT);
      }
      i++;
      if (lines > 1 && cells.size() + 1 > columns) {
        return List.of(Code.FIELD_COUNT);
      }
    }
  }

  private int lineEnd(int from) {
    int i = from;
    while (i < text.length() && "\r\n".indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  private int afterLineEnd(int at) {
    return text.startsWith("\r\n", at) ? at + 2 : Math.min(at + 1, text.length());
  }
}
